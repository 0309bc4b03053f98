"""The MCP server, asked by the client of its SDK."""

import json
import sys

import pytest

import trafficsim as ts
from answers import conforming
from comparisons import SHOP
from trafficsim.report.export import to_json
from trafficsim.report.json_schemas import tagged

pytest.importorskip("mcp", reason='needs the extra "mcp"')

import anyio

from mcp import Client, StdioServerParameters, stdio_client
from trafficsim.mcp import server as serving
from trafficsim.mcp.questions import SHOWN, Sizes

SMALL = SHOP.replace("days: 60", "days: 6").replace("count: 2000", "count: 100")


def ask(tool, *, sizes=Sizes(workers=1), **arguments):  # noqa: B008 - it is frozen
    """What a tool answers to the SDK's client, and how far it said to be meanwhile."""
    told = []

    async def call():
        async def progress(done, total, message):
            told.append((done, total, message))

        async with Client(serving.server(sizes)) as client:
            return await client.call_tool(tool, {"scenario": SMALL, **arguments}, progress_callback=progress)

    return anyio.run(call), told


def answer_of(found):
    assert not found.is_error, found.content
    answer = conforming(found.content[0].text)
    assert answer == found.structured_content
    return answer


def test_tools_say_what_they_take_and_give():
    async def listed():
        async with Client(serving.server(Sizes())) as client:
            return client.instructions, (await client.list_tools()).tools

    instructions, tools = anyio.run(listed)
    assert "restaurant" in instructions
    assert [tool.name for tool in tools] == ["check", "compare", "explain", "plan"]
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert all(each.get("description") for each in tool.input_schema["properties"].values())
        assert tool.output_schema["properties"]["schema"]["const"] == f"trafficsim/{tool.name}/1"


def test_a_comparison_is_that_of_the_library_and_the_same_again():
    asked = {"replicates": 2, "seed": 7, "settings": ["customers.count=90"]}
    first = answer_of(ask("compare", **asked)[0])
    assert answer_of(ask("compare", **asked, sizes=Sizes(workers=2))[0]) == first
    result = ts.compare(ts.load(SMALL).replace({"customers.count": 90}), 2, 7)
    whole = tagged("compare", to_json(result))
    shown = [row for row in whole["summary"] if row["metric"] in SHOWN]
    assert first == json.loads(json.dumps(whole | {"summary": shown}))


def test_a_check_marks_every_number_and_tells_mistakes():
    (good,) = answer_of(ask("check")[0])["scenarios"]
    assert ["product.price", 80, None] in good["assumed"]
    (bad,) = answer_of(ask("check", settings=["product.price=-1"])[0])["scenarios"]
    assert "product.price" in bad["mistakes"][0]


def test_an_explanation_reports_how_far_it_is(monkeypatch):
    monkeypatch.setattr(serving, "SECONDS_BETWEEN", 0.001)
    found, told = ask("explain", arm="paid", other="private", replicates=8)
    answer = answer_of(found)
    assert sum(part["middle"] for part in answer["parts"]) == pytest.approx(answer["difference"]["middle"])
    assert answer["answer"]
    assert told
    done = [step[0] for step in told]
    assert done == sorted(set(done))
    assert {total for _, total, _ in told} == {8}


def test_a_plan_keeps_to_its_budget():
    asked = {
        "budget": 1200,
        "levers": ["advertising.feed.budget_per_day=0:200"],
        "rounds": 0,
        "arm": "paid",
        "replicates": 2,
    }
    answer = answer_of(ask("plan", **asked)[0])
    assert 0 <= answer["plan"]["advertising.feed.budget_per_day"] <= 200
    assert answer["assumed"]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("compare", {"scenario": "restaurent"}, "did you mean 'restaurant'"),
        ("compare", {"replicates": 65}, "must be 64 at most, which is this server's limit (got 65)"),
        ("compare", {"metrics": ["fame"]}, "no metric 'fame'; there are"),
        ("compare", {"settings": ["days=3000", "customers.count=900000"]}, "and this server allows 300"),
        ("compare", {"settings": ["product.price"]}, "must look like"),
        ("explain", {"arm": "paid", "other": "none"}, "no arm 'none'; there are nothing, paid, private"),
        ("explain", {"arm": "paid", "other": "private", "metric": "cac"}, "is a ratio"),
        ("plan", {"budget": 9, "levers": ["product.price"]}, "give its range or choices"),
        ("plan", {"budget": 9, "levers": ["product.price=60:90"], "limits": ["spend=5"]}, "give NAME<=VALUE"),
    ],
)
def test_bad_input_comes_back_as_the_line_of_the_command(tool, arguments, says):
    found, _ = ask(tool, **arguments)
    assert found.is_error
    assert says in found.content[0].text
    assert "Traceback" not in found.content[0].text


def test_it_speaks_on_standard_streams(tmp_path):
    async def call():
        how = StdioServerParameters(command=sys.executable, args=["-m", "trafficsim", "mcp"], cwd=tmp_path)
        async with Client(stdio_client(how)) as client:
            return await client.call_tool("check", {"scenario": SMALL})

    assert answer_of(anyio.run(call))["scenarios"][0]["arms"] == ["nothing", "paid", "private"]


def test_without_the_sdk_one_line_says_what_to_install(command, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    status, told = command("mcp")
    assert status == 2
    assert 'pip install "trafficsim[mcp]"' in " ".join(told.err.replace("│", " ").split())


def test_a_client_that_gives_up_ends_the_work():
    seen = []

    def work(tell):
        for n in range(10_000):
            seen.append(n)
            tell(n, 10_000)
            anyio.from_thread.run(anyio.sleep, 0.001)

    async def call():
        with anyio.move_on_after(0.05):
            await serving.Tools(Sizes())._answer(work)
        count = len(seen)
        await anyio.sleep(0.05)
        return count

    assert anyio.run(call) + 2 > len(seen)


def test_json_of_answers_holds_no_more_than_a_model_can_read():
    found, _ = ask("compare", scenario="restaurant", settings=["customers.count=1000", "days=10"], replicates=2)
    assert len(json.dumps(answer_of(found))) < 28_000  # some 8,000 tokens; all metrics take 33,000 characters
