"""The command line: what it prints where, how it ends, and what it leaves behind."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from answers import conforming
from cases import TABLES
from comparisons import SHOP
from quick_command import NOTHING_MORE, WITHOUT_DASK, WITHOUT_PICTURES
from trafficsim import cli, compare, load, plots, study
from trafficsim.engine.day import STEPS
from trafficsim.engine.journal import as_text, by_day
from trafficsim.engine.world import start
from trafficsim.plots import style
from trafficsim.results import Result
from trafficsim.scenario import json_schema, load_text
from trafficsim.study import robust
from trafficsim.study.uncertain import numbers
from worlds import QUIET

SMALL = ("--set", "customers.count=100", "--set", "days=6")
FILES = {"report.html", "overview.png", "results.nc", "manifest.json", "run.json"}


@dataclass
class Told:
    status: int
    out: str
    err: str

    @property
    def said(self):
        """Standard error in one line, without the frame around a message."""
        return " ".join(self.err.translate(dict.fromkeys(map(ord, "│╭╮╰╯─"), " ")).split())


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An own folder with the scenario shop.yaml."""
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    return tmp_path


@pytest.fixture
def with_pictures(here, monkeypatch, capsys):
    """Run the command in this process."""

    def run(*arguments):
        monkeypatch.chdir(here)
        monkeypatch.setattr(sys, "argv", ["trafficsim", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        return Told(end.value.code or 0, *capsys.readouterr())

    return run


@pytest.fixture
def trafficsim(with_pictures, without_pictures):  # noqa: ARG001 - what it leaves out is drawn nowhere
    """The same, quicker."""
    return with_pictures


def held(path):
    """Everything below a folder: bytes and time of the last change."""
    return {p: (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else b"") for p in sorted(path.rglob("*"))}


# Bad input


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "shop.yaml", "--arm", "privat"], "no arm 'privat'; this scenario has nothing, paid, private"),
        (["run", "shop.yaml"], "Missing option '--arm'"),
        (["compare", "shop.yaml", "--uncertain", "0"], "uncertain must be a whole number of 16 or more (got 0)"),
        (["compare", "shop.yaml", "--uncertain", "100"], "must be a power of two"),
        (["check", "shop.yaml", "--uncertain", "9999999999999"], "must be a power of two"),
        (["journey", "shop.yaml", "--customer", "2000"], "no customer 2000; they are numbered 0 to 1999"),
        (
            ["journey", "shop.yaml", "--arms", "paid", "privat"],
            "no arm 'privat'; this scenario has nothing, paid, private",
        ),
        (["journey", "shop.yaml", "--arms", "paid", "paid"], "two different arms are needed"),
        (["journey", "shop.yaml", "--pick", "joyner"], "can't pick 'joyner'; there are apart, joiner"),
        (["journey", "shop.yaml", "--pick", "told", "--customer", "3"], "give --customer or --pick, not both"),
        (["journey", "shop.yaml", "--language", "fr"], "no language 'fr'; there are en, zh"),
        (["journey", "shop.yaml", "--out", "j.pdf"], "j.pdf: must end in .html, .csv, .png"),
        (["compare"], "Missing argument 'SCENARIO'"),
        (["compare", "nowhere.yaml"], "nowhere.yaml: no such file"),
        (["compare", "restaurnt"], "did you mean 'restaurant'?"),
        (["compare", "shop.yaml", "--set", "days"], "--set: days: must look like path=value"),
        (["compare", "shop.yaml", "--set", "product.prise=3"], "did you mean 'product.price'?"),
        (["compare", "shop.yaml", "--set", "product.price=-3"], "--set:1:15: product.price: must be > 0 (got -3)"),
        (["compare", "shop.yaml", "--set", "privat:product.price=3"], "no such arm; did you mean 'private'?"),
        (["compare", "shop.yaml", "--set", "advertising.feed.cpm=[1"], "--set"),
        (
            ["compare", "shop.yaml", "--set", "customers.count=200000000"],
            "GB of memory with these arms, days and replicates; this machine has",
        ),
        (["compare", "shop.yaml", "--replicates", "0"], "'--replicates'"),
        (["compare", "shop.yaml", "--replicates", "many"], "'--replicates'"),
        (["compare", "shop.yaml", "--max-replicates", "0"], "'--max-replicates'"),
        (["compare", "shop.yaml", "--workers", "0"], "'--workers'"),
        (["compare", "shop.yaml", "--precision", "0"], "'--precision'"),
        (["compare", "shop.yaml", "--precision", "0.1", "--until-decided"], "--precision or --until-decided, not both"),
        (["compare", "shop.yaml", "--sed", "1"], "No such option"),
        (["compare", "shop.yaml", "--language", "fr"], "no language 'fr'; there are en, zh"),
        (["compare", "shop.yaml", "--leans", "--replicates", "2"], "takes 6 replicates or more (got 2)"),
        (["compare", "shop.yaml", "--resume"], "holds no run that could be resumed"),
        (["check", "nowhere.yaml"], "nowhere.yaml: no such file"),
        (["compares", "shop.yaml"], "No such command 'compares'"),
    ],
)
def test_bad_input_is_told_on_standard_error_with_status_2_and_leaves_nothing(arguments, said, here, trafficsim):
    before = held(here)
    told = trafficsim(*arguments)
    assert told.status == 2
    assert said in told.said
    assert told.out == ""
    assert "Traceback" not in told.err
    assert held(here) == before


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["days=5", "days=6"], ["--set:2:1: days: --set:1 sets days already"]),
        (["days=5", "days=5"], ["--set:2:1: days: --set:1 sets days already"]),
        (["product={price: 3}", "product.price=4"], ["--set:2:1: product.price: --set:1 sets product.price already"]),
        (["product.price=4", "product={price: 3}"], ["--set:2:1: product: --set:1 sets product.price already"]),
        (
            ["private:hooks=off", "days=5", "private:hooks.gift.cost=4", "days=6"],
            [
                "--set:3:1: private:hooks.gift.cost: --set:1 sets private:hooks already",
                "--set:4:1: days: --set:2 sets days already",
            ],
        ),
    ],
)
def test_settings_that_clash_are_all_told(settings, said, trafficsim):
    told = trafficsim("compare", "shop.yaml", *[word for text in settings for word in ("--set", text)])
    assert (told.status, told.err.splitlines()) == (2, said)


@pytest.mark.parametrize(
    "settings",
    [
        ["product={price: 3}", "product.quality=0.4"],
        ["advertising.feed.cpm=40", "paid:advertising.feed.cpm=45"],
        ["paid:product.price=40", "private:product.price=45"],
        ["product.price=81", "product.price_=1"],
    ],
)
def test_settings_beside_each_other_do_not_clash(settings, trafficsim):
    told = trafficsim("run", "shop.yaml", "--arm", "paid", *SMALL, *[w for text in settings for w in ("--set", text)])
    assert "already" not in told.err
    assert told.status == (2 if "price_" in settings[-1] else 0)


def test_every_mistake_of_a_file_is_one_line_with_its_position(here, trafficsim):
    (here / "shop.yaml").write_text(
        SHOP.replace("days: 60", "days: 0").replace("cost: 4,", "cost: -4,"), encoding="utf-8"
    )
    for verb in (["compare"], ["check"], ["run", "--arm", "paid"]):
        told = trafficsim(*verb, "shop.yaml")
        lines = told.err.splitlines()
        assert (told.status, told.out, len(lines)) == (2, "", 2)
        assert lines[0].startswith("shop.yaml:5:7: days: ")
        assert lines[1].startswith("shop.yaml:18:")
        assert "hooks.gift.cost: must be >= 0 (got -4)" in lines[1]


# compare


def test_compare_writes_all_its_files_and_answers_in_80_columns(here, with_pictures):
    told = with_pictures("compare", "shop.yaml", "--replicates", 2, *SMALL)
    assert told.status == 0
    assert max(map(len, told.out.splitlines())) <= 80
    assert told.out.startswith("A shop that is known from advertisements, or from its pool\n")
    for words in ("contribution profit", "Written to results/shop", "“nothing”", "Intervals cover random variation"):
        assert words in " ".join(told.out.split())
    assert {p.name for p in (here / "results/shop").iterdir()} == FILES | TABLES | {"replicates"}
    assert {p.parent.name for p in here.rglob("*.part")} == set()
    manifest = json.loads((here / "results/shop/manifest.json").read_text(encoding="utf-8"))
    assert manifest["replicates"] == 2
    assert manifest["command"].startswith("trafficsim compare shop.yaml --replicates 2 --set customers.count=100")
    again = load_text(json.dumps(manifest["scenario_text"]), "shop")
    assert again.digest == manifest["digest"]
    assert again == load(here / "shop.yaml").replace({"customers.count": 100, "days": 6})


def test_standard_error_stays_empty_where_it_is_no_terminal(trafficsim):
    trafficsim("run", "shop.yaml", "--arm", "paid", *SMALL)  # what has to be compiled is compiled
    assert trafficsim("compare", "shop.yaml", "--replicates", 2, *SMALL).err == ""


@pytest.mark.usefixtures("data_alone")
def test_json_is_all_of_standard_output_and_has_its_keys(trafficsim):
    told = trafficsim("compare", "shop.yaml", "--replicates", 2, "--seed", 7, *SMALL, "--json")
    answer = conforming(told.out)
    assert told.status == 0
    assert " ".join(answer) == (
        "schema scenario title about currency start baseline repeat days replicates seed each_stands_for confidence"
        " arms labels question answer notes summary crossovers money_in_time uplifts has_pool equal_budget changes"
        " assumed sourced versions stopping uncertain series"
    )
    assert " ".join(answer["summary"][0]) == (
        "metric arm mean low high difference difference_low difference_high better better_low better_high"
        " variance_ratio replicates"
    )
    assert answer["arms"] == ["nothing", "paid", "private"]
    assert (answer["replicates"], answer["seed"], answer["days"]) == (2, 7, 6)


@pytest.mark.usefixtures("data_alone")
def test_settings_seed_and_workers_reach_the_comparison(here, trafficsim):
    two = ["compare", "shop.yaml", "--replicates", 2, *SMALL]
    assert trafficsim(*two, "--seed", 3, "--workers", 1, "--out", "a").status == 0
    assert trafficsim(*two, "--seed", 3, "--workers", 2, "--out", "b", "--set", "paid:product.price=99").status == 0
    assert trafficsim(*two, "--seed", 4, "--out", "c").status == 0
    a, b, c = (Result.load(here / name).data for name in "abc")
    others = ["nothing", "private"]
    assert a.sel(arm=others).equals(b.sel(arm=others))
    assert ["product.price", 80, 99] in json.loads(b.attrs["changes"])["paid"]
    assert not a.visits.equals(c.visits)


@pytest.mark.usefixtures("data_alone")
def test_replicates_are_added_until_the_most(trafficsim):
    differing = ("--set", "customers.count=300", "--set", "days=20")  # in SMALL nobody buys by advertising: -600 always
    told = trafficsim(
        "compare", "shop.yaml", "--replicates", 2, "--precision", 0.001, "--max-replicates", 4, *differing, "--json"
    )
    assert json.loads(told.out)["replicates"] == 4


# The folder


@pytest.fixture(scope="module")
def finished_once(tmp_path_factory):
    here = tmp_path_factory.mktemp("finished")
    (here / "shop.yaml").write_text(SHOP, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(here)
        patched.setattr(
            sys, "argv", ["trafficsim", "compare", "shop.yaml", "--replicates", "2", *SMALL, "--out", "out"]
        )
        with pytest.raises(SystemExit) as end:
            cli.main()
    assert not end.value.code
    return here / "out"


@pytest.fixture
def finished(finished_once, here):
    """The folder `out` of a comparison of two replicates that is finished."""
    return Path(shutil.copytree(finished_once, here / "out"))


@pytest.mark.parametrize("others", [["--seed", "2"], ["--set", "product.price=81"], ["--seed", "2", "--resume"]])
def test_the_folder_of_another_run_is_refused_and_left_as_it_is(others, finished, trafficsim):
    before = held(finished)
    told = trafficsim("compare", "shop.yaml", "--replicates", 2, *SMALL, "--out", "out", *others)
    assert (told.status, told.out) == (2, "")
    assert told.err.startswith("out holds another run (scenario shop, seed 1, settings ")
    assert held(finished) == before


def test_what_the_usual_folder_holds_of_another_run_is_set_aside(finished, here, trafficsim):
    """Who edits a scenario and compares again finds both answers; a run of the very same is no other."""
    (here / "results").mkdir()
    shutil.copytree(finished, here / "results" / "shop")
    before = {path.name for path in finished.rglob("*")}
    told = trafficsim("compare", "shop.yaml", "--replicates", 2, *SMALL, "--seed", 2)
    assert told.status == 0
    assert "results/shop held another run (scenario shop, seed 1, settings " in told.err
    assert "; it is now results/shop_2\n" in told.err
    assert {path.name for path in (here / "results" / "shop_2").rglob("*")} == before
    assert "held another" not in trafficsim("compare", "shop.yaml", "--replicates", 2, *SMALL, "--seed", 2).err


def test_the_answer_comes_before_the_pictures(trafficsim, monkeypatch):
    def fails(*_, **__):
        raise OSError("no more room")

    monkeypatch.setattr("trafficsim.cli.folder.RunFolder.write", fails)
    told = trafficsim("compare", "shop.yaml", "--replicates", 2, *SMALL)
    assert "In brackets" in told.out


def test_another_folder_is_named_that_is_free(finished, here, trafficsim):
    shutil.copytree(finished, here / "out_2")
    told = trafficsim("compare", "shop.yaml", *SMALL, "--out", "out", "--seed", 2)
    assert told.err.endswith("; choose another folder, --out out_3, or remove it\n")


@pytest.mark.parametrize("name", ["run.json", "photo.jpg"])
@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe"])
@pytest.mark.parametrize("resume", [[], ["--resume"]])
def test_a_folder_of_something_else_is_refused_and_left_as_it_is(name, content, resume, here, trafficsim):
    (here / "out").mkdir()
    (here / "out" / name).write_bytes(content)
    before = held(here)
    told = trafficsim("compare", "shop.yaml", "--replicates", 2, *SMALL, "--out", "out", *resume)
    assert (told.status, told.out, len(told.err.splitlines())) == (2, "", 1)
    assert held(here) == before


def test_a_file_in_the_folders_place_is_told(here, trafficsim):
    assert (
        trafficsim("compare", "shop.yaml", *SMALL, "--out", "shop.yaml").err
        == "shop.yaml is a file; choose a folder with --out\n"
    )
    told = trafficsim("compare", "shop.yaml", *SMALL, "--out", "shop.yaml/results")
    assert told.status == 1
    assert len(told.err.splitlines()) == 1
    assert (here / "shop.yaml").read_text(encoding="utf-8") == SHOP


def test_the_same_run_again_starts_anew_and_with_resume_uses_what_is_there(finished, trafficsim):
    kept = finished / "replicates" / "000000.replicate"
    written, content = kept.stat().st_mtime_ns, kept.read_bytes()
    assert trafficsim("compare", "shop.yaml", "--replicates", 3, *SMALL, "--out", "out", "--resume").status == 0
    assert kept.stat().st_mtime_ns == written
    assert Result.load(finished).replicates == 3
    assert trafficsim("compare", "shop.yaml", "--replicates", 1, *SMALL, "--out", "out").status == 0
    assert kept.stat().st_mtime_ns > written
    assert kept.read_bytes() == content
    assert Result.load(finished).replicates == 1


def test_a_run_that_fails_before_anything_is_found_leaves_nothing(here, trafficsim):
    before = held(here)
    settings = "--set", "equal_budget=[private, paid]"
    told = trafficsim("compare", "shop.yaml", *SMALL, *settings, "--out", "out")
    assert (told.status, told.out) == (1, "")
    assert told.err.startswith("equal_budget: arm 'private' can't spend ")
    assert held(here) == before


def test_a_failure_while_writing_leaves_whole_files_no_manifest_and_can_be_resumed(finished, monkeypatch, trafficsim):
    again = ["compare", "shop.yaml", "--replicates", 2, *SMALL, "--out", "out", "--resume"]
    before = held(finished)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(plots, "png", full)
        told = trafficsim(*again)
    hint = "Finished work is saved; add --resume to continue."
    assert (told.status, told.err) == (1, f"No space left on device. {hint}\n")
    assert "Written to" not in told.out  # the answer has been told already
    assert set(held(finished)) == set(before) - {finished / "manifest.json"}
    assert trafficsim(*again).status == 0
    assert set(held(finished)) == set(before)


# Other verbs


def test_run_prints_a_table_by_day(here, trafficsim):
    told = trafficsim("run", "shop.yaml", "--arm", "private", "--seed", 5, *SMALL)
    case = load(here / "shop.yaml").replace({"customers.count": 100, "days": 6})
    assert told.status == 0
    assert told.out == as_text(by_day(start(case, "private", 5).run(), case)) + "\n"
    assert len(told.out.splitlines()) == 8
    assert max(map(len, told.out.splitlines())) <= 80


def test_run_with_profile_prints_the_time_of_each_mechanism(trafficsim):
    told = trafficsim("run", "shop.yaml", "--arm", "private", "--profile", *SMALL)
    assert told.status == 0
    heading, *rows = told.out.splitlines()
    assert heading.split() == ["mechanism", "seconds", "ns", "per", "customer-day", "share"]
    assert {row.split()[0] for row in rows} == {*STEPS, "all"}
    seconds = [float(row.split()[1]) for row in rows]
    assert seconds[:-1] == sorted(seconds[:-1], reverse=True)


def test_journey_prints_a_table_and_writes_what_is_asked_for(here, trafficsim):
    asked = ("journey", "shop.yaml", *SMALL, "--arms", "paid", "private", "--customer", "7")
    told = trafficsim(*asked)
    assert told.status == 0
    assert "Customer 7" in told.out
    for name, start_of in {
        "j.html": "<!DOCTYPE html>",
        "j.csv": "\xef\xbb\xbfday,date,arm,what",
        "j.png": "\x89PNG",
    }.items():
        again = trafficsim(*asked, "--out", name)
        assert again.out == told.out + f"Written to {name}\n"
        assert (here / name).read_bytes().startswith(start_of.encode("latin-1"))
    assert set(held(here)) == {here / name for name in ("shop.yaml", "j.html", "j.csv", "j.png")}


def test_journey_speaks_chinese_and_json(trafficsim):
    asked = ("journey", "shop.yaml", *SMALL, "--pick", "buyer")
    assert "顾客" in trafficsim(*asked, "--language", "zh").out
    found = conforming(trafficsim(*asked, "--json").out)
    assert found["arms"] == ["paid", "private"]
    assert any(event["kind"] == "ordered" for event in found["events"])


def test_nobody_to_follow_is_told_with_status_1(trafficsim):
    told = trafficsim("journey", "shop.yaml", *SMALL, "--pick", "won_back")
    assert told.status == 1
    assert told.said.startswith("nobody to pick: in neither arm is there a customer who is 'won_back'")


def test_check_tells_the_good_and_the_bad_apart(trafficsim):
    assert trafficsim("check", "shop.yaml").status == 0
    told = trafficsim("check", "shop.yaml", "nowhere.yaml", "restaurant", "--replicates", 8)
    assert told.status == 2
    good, *_, also_good = told.out.splitlines()  # no shipped scenario has settings that do nothing
    assert good.startswith("shop.yaml: fine. 3 arms x 8 replicates x 60 days: about 0.")
    assert also_good.startswith("restaurant: fine. ")
    assert told.err == "nowhere.yaml: no such file\n"


def test_schema_is_the_json_schema(trafficsim):
    told = trafficsim("schema")
    assert (told.status, told.err) == (0, "")
    assert json.loads(told.out) == json.loads(json.dumps(json_schema()))


def test_version(trafficsim):
    told = trafficsim("--version")
    assert (told.status, told.out.split()[0]) == (0, "trafficsim")
    assert told.out.split()[1][0].isdigit()


def test_a_process_that_draws_half_of_the_pictures_changes_no_byte(with_pictures, here, monkeypatch):
    drawn_here, written, svg = [], [], plots.svg
    monkeypatch.setattr(plots, "svg", lambda picture: drawn_here.append(0) or svg(picture))
    for many in (10**9, 0):
        monkeypatch.setattr("trafficsim.cli.compare.MANY_CUSTOMER_DAYS", many)
        assert with_pictures("compare", "shop.yaml", *SMALL, "--workers", 2, "--out", "out").status == 0
        written.append([len(drawn_here), {name: (here / "out" / name).read_bytes() for name in FILES | TABLES}])
        drawn_here.clear()
    assert 0 < written[1][0] < written[0][0]
    assert written[0][1] == written[1][1]


def test_help_names_every_verb_in_80_columns(trafficsim):
    for arguments in (["--help"], ["compare", "--help"]):
        told = trafficsim(*arguments)
        assert told.status == 0
        assert max(map(len, told.out.splitlines())) <= 80
    assert all(flag in told.out for flag in ("--replicates", "--precision", "--until-decided", "--resume", "--json"))


# As a process of its own


def process(*arguments, start=("-m", "trafficsim"), **options):
    command = [sys.executable, *start, *map(str, arguments)]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, **{"stderr": subprocess.PIPE, **options})


SLOW_IMPORTS = ("mesa", "xarray", "pandas", "matplotlib.pyplot", "scipy.special", "scipy.stats")
LOADED = WITHOUT_DASK.format(f"""
import atexit
atexit.register(lambda: print([name for name in {SLOW_IMPORTS} if name in sys.modules], file=sys.stderr))
""")


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--help"], ["compare", "--help"], ["claims", "--help"], ["check", "shop.yaml"], ["schema"], ["--version"]),
        ["run", "shop.yaml", "--arm", "paid", *SMALL],
    ],
)
def test_what_answers_at_once_imports_nothing_slow(arguments, here):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=here, text=True, capture_output=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"
    assert done.stdout


def test_slow_imports_are_noticed_where_they_are_made(here):
    command = [sys.executable, "-c", LOADED, "compare", "shop.yaml", *SMALL, "--replicates", "1"]
    done = subprocess.run(command, cwd=here, text=True, capture_output=True, check=True)
    assert "'pandas'" in done.stderr.splitlines()[-1]
    assert "'scipy.stats'" not in done.stderr.splitlines()[-1]  # which a report does without


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_an_interrupted_run_ends_with_1_and_the_hint_and_is_resumed_without_running_again(here, trafficsim):
    arguments = ["compare", "shop.yaml", "--set", "customers.count=3000", "--out", "out"]
    running = process(*arguments, "--replicates", 5000, start=("-c", NOTHING_MORE), cwd=here)
    deadline = time.monotonic() + 300  # what is not compiled yet takes its time
    while not list((here / "out").glob("replicates/*.replicate")):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (1, "")
    assert "add --resume to continue" in err
    assert "Traceback" not in err
    assert {p.name for p in (here / "out").iterdir()} == {"run.json", "replicates"}
    kept = held(here / "out" / "replicates")
    assert 1 <= len(kept) < 5000
    replicates = len(kept) + 1
    assert trafficsim(*arguments, "--replicates", replicates, "--resume").status == 0
    after = held(here / "out" / "replicates")
    assert {path: after[path] for path in kept} == kept
    whole = compare(load(here / "shop.yaml").replace({"customers.count": 3000}), replicates, seed=1)
    assert Result.load(here / "out").data.equals(whole.data)


def test_an_interruption_in_the_middle_of_writing_is_one_too(trafficsim, monkeypatch):
    """Closing a file that was being written fails as well, and is what comes out."""

    def interrupted(*_arguments, **_options):
        try:
            raise KeyboardInterrupt
        finally:
            raise ValueError("Can't close the ZIP file while there is an open writing handle on it")

    monkeypatch.setattr(study, "compare", interrupted)
    told = trafficsim("compare", "shop.yaml", "--out", "out")
    assert told.status == 1
    assert told.err.strip() == "Interrupted. Finished work is saved; add --resume to continue."


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_progress_goes_to_standard_error_on_a_terminal(here):
    parent, child = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    arguments = ["compare", "shop.yaml", "--replicates", 3, *SMALL, "--json"]
    running = process(*arguments, start=("-c", WITHOUT_PICTURES), stderr=child, env=environment, cwd=here)
    os.close(child)
    shown = b""
    try:
        while part := os.read(parent, 4096):
            shown += part
    except OSError:  # Linux ends the stream of a closed terminal with an error
        pass
    out, _ = running.communicate(timeout=60)
    os.close(parent)
    assert running.returncode == 0
    assert json.loads(out)["replicates"] == 3
    assert b"replicates (" in shown
    assert b"3/3" in shown


# Claims

CLAIMS = """
claims:
  order: {says: "Some order", source: "001", expect: {metric: orders.shop, arm: private, at_least: 1}}
  crowd: {says: "A million join", source: "001", expect: {metric: members.club, arm: private, at_least: 1000000}}
sources:
  product.price: {assumed: true, range: [60, 80]}
"""


@pytest.fixture
def claiming(here):
    (here / "shop.yaml").write_text(SHOP + CLAIMS, encoding="utf-8")
    (here / "tiny.yaml").write_text((SHOP + CLAIMS).replace("count: 2000", "count: 300"), encoding="utf-8")
    return here


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["claims", "nowhere.yaml", "nobody.yaml"], "nobody.yaml: no such file nowhere.yaml: no such file"),
        (["claims", "mute.yaml"], "mute: no facts or claims"),
        (["claims", "tiny.yaml", "--resume", "--out", "none"], "holds no run that could be resumed"),
        (["claims", "tiny.yaml", "--replicates", "0"], "'--replicates'"),
    ],
)
def test_bad_input_to_claims_is_told_and_leaves_nothing(arguments, said, claiming, trafficsim):
    (claiming / "mute.yaml").write_text(SHOP, encoding="utf-8")
    before = held(claiming)
    told = trafficsim(*arguments)
    assert (told.status, told.out) == (2, "")
    assert said in told.said
    assert held(claiming) == before


def test_a_contradicted_claim_is_a_finding(claiming, trafficsim):
    told = trafficsim("claims", "tiny.yaml", "--replicates", 4)
    assert told.status == 0
    assert max(map(len, told.out.splitlines())) <= 80
    said = " ".join(told.out.split())
    assert "supported “Some order” – 001" in said
    assert "not supported “A million join” – 001" in said
    assert said.endswith("2 claims in 1 scenario: 1 supported, 1 not supported.")
    (written,) = [path for path in held(claiming) if path.name == "claims.json"]
    assert written == claiming / "results/claims/tiny/claims.json"
    assert [c["verdict"] for c in json.loads(written.read_text(encoding="utf-8"))["claims"]] == [
        "holds",
        "contradicted",
    ]


@pytest.mark.usefixtures("claiming", "chinese_font")
def test_claims_and_sweeps_speak_the_language_asked_for(trafficsim):
    asked = ["--replicates", 2, "--language", "zh"]
    assert "1 个场景中的 2 条说法：" in trafficsim("claims", "tiny.yaml", *asked).out
    pair = ["--arms", "private", "nothing"]
    swept = trafficsim("sweep", "tiny.yaml", "--vary", "product.price=40,60", *pair, *asked)
    assert "横向：产品售价" in swept.out
    assert "已写入 results/tiny_sweep：line.png" in swept.out
    solved = trafficsim("sweep", "tiny.yaml", "--solve", "product.price=40:60", *pair, *asked, "--out", "solved")
    assert "的贡献利润" in solved.out
    told = trafficsim("compare", "tiny.yaml", *asked)
    assert "胜出次数" in told.out
    assert "已写入 results/tiny：" in told.out


def test_small_takes_a_sample(claiming, trafficsim):
    told = trafficsim("claims", "shop.yaml", "tiny.yaml", "--small", "--workers", 1, "--json", "--replicates", 2)
    assert [each["small"] for each in conforming(told.out)["scenarios"]] == [True, True]
    assert {p.name for p in (claiming / "results/claims").iterdir()} == {"shop-small", "tiny-small"}


def test_a_claim_without_a_value_ends_with_1(claiming, trafficsim):
    text = SHOP + CLAIMS.replace(
        "metric: orders.shop, arm: private, at_least: 1}", "metric: cac, arm: paid, day: 0, at_least: 1}"
    )
    (claiming / "none.yaml").write_text(text.replace("count: 2000", "count: 50"))
    told = trafficsim("claims", "none.yaml", "--replicates", 2)
    assert told.status == 1
    assert "no value" in told.out
    assert told.err == "Some facts or claims can't be evaluated: a metric has no value in any replicate.\n"


def test_a_scenario_that_can_not_be_run_does_not_keep_others_from_it(claiming, trafficsim):
    (claiming / "dear.yaml").write_text(
        (SHOP + CLAIMS).replace("baseline:", "equal_budget: [private, paid]\nbaseline:")
    )
    told = trafficsim("claims", "dear.yaml", "tiny.yaml", "--replicates", 2, "--out", "out")
    assert told.status == 1
    assert told.err.startswith("dear: equal_budget: arm 'private' can't spend ")
    assert "2 claims in 1 scenario" in told.out
    assert [p.name for p in (claiming / "out").iterdir()] == ["tiny"]


@pytest.mark.usefixtures("claiming")
def test_replicates_are_added_until_claims_are_decided(trafficsim):
    once = ["claims", "tiny.yaml", "--replicates", 1, "--json"]
    assert json.loads(trafficsim(*once).out)["scenarios"][0]["replicates"] == 1
    more = json.loads(trafficsim(*once, "--until-decided", "--out", "more").out)["scenarios"][0]
    assert more["replicates"] == 17  # 9 have no limits that hold at every look
    assert {claim["verdict"] for claim in more["claims"]} == {"holds", "contradicted"}
    most = json.loads(trafficsim(*once, "--until-decided", "--max-replicates", 1, "--out", "most").out)["scenarios"][0]
    assert most["replicates"] == 1


TRIED = 16
"""Numbers, each of which is tried alike."""
FEW_TRIALS = WITHOUT_DASK.format(f"""
from trafficsim.study import robust
from trafficsim.study.uncertain import numbers
robust.numbers = lambda case: numbers(case)[:{TRIED}]
""")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_claims_as_json_tell_what_would_turn_them_and_an_interrupted_test_goes_on(claiming, trafficsim, monkeypatch):
    few = QUIET.replace("purchasing: off\n", "").replace("price: 100", "price: 80")  # numbers, each of which is tried
    (claiming / "tiny.yaml").write_text(f"{few}arms: {{plain: {{}}, private: {{leaving: {{}}}}}}\n{CLAIMS}", "utf-8")
    command = ["claims", "tiny.yaml", "--replicates", 2, "--robust", "--seed", 4, "--json", "--out", "out"]
    monkeypatch.setattr("trafficsim.study.robust.numbers", lambda case: numbers(case)[:TRIED])
    trials = sum(len(number.ends) for number in robust.numbers(load(claiming / "tiny.yaml")))
    running = process(*command, start=("-c", FEW_TRIALS), cwd=claiming)
    deadline = time.monotonic() + 300  # what is not compiled yet takes its time
    while len(list((claiming / "out").rglob("*.replicate"))) < 5:
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (1, "")
    assert "add --resume to continue" in err
    assert "Traceback" not in err
    kept = {p: p.stat().st_mtime_ns for p in (claiming / "out").rglob("*.replicate")}
    assert 5 <= len(kept) < 2 + 6 * trials
    alone = (*command, "--workers", 1)  # without processes, which take seconds to begin
    resumed = trafficsim(*alone, "--resume")
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    assert len(list((claiming / "out").rglob("*.replicate"))) == 2 + 6 * trials
    whole = trafficsim(*alone)
    assert (whole.status, whole.err) == (0, "")
    assert resumed.out == whole.out
    (found,) = conforming(whole.out)["scenarios"]
    assert (found["scenario"], found["seed"], found["replicates"], found["small"]) == ("tiny", 4, 2, False)
    assert " ".join(found["claims"][0]) == (
        "name says source expect expected measured low high what verdict note robustness"
    )
    assert found["claims"][1]["robustness"] == {
        "status": "robust", "turned_by": [], "trials": trials, "undecided": 0, "no_value": 0
    }  # fmt: skip


# What a terminal or a file system can't take


@pytest.mark.usefixtures("data_alone")
@pytest.mark.parametrize(("encoding", "quote"), [("ascii", "“"), ("cp1252", "“"), ("gbk", "“"), ("iso-8859-1", "?")])
def test_characters_that_standard_output_lacks_do_not_end_a_run(encoding, quote, here, monkeypatch):
    """A locale without any encoding is ASCII; terminals of today take UTF-8 nevertheless, as Python itself assumes."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["trafficsim", "compare", "shop.yaml", "--replicates", "2", *SMALL])
    with pytest.raises(SystemExit) as end:
        cli.main()
    out.flush()
    assert not end.value.code
    assert f"{quote}nothing" in out.buffer.getvalue().decode("utf-8" if encoding == "ascii" else encoding)


@pytest.mark.usefixtures("data_alone")
def test_json_is_utf_8_everywhere(here, monkeypatch):
    (here / "shop.yaml").write_text(SHOP.replace("A shop", "一家店"), encoding="utf-8")
    out = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["trafficsim", "compare", "shop.yaml", "--replicates", "2", *SMALL, "--json"])
    with pytest.raises(SystemExit):
        cli.main()
    out.flush()
    assert json.loads(out.buffer.getvalue())["title"].startswith("一家店")


def test_a_file_that_cannot_be_written_is_told_by_its_own_name(here, trafficsim, monkeypatch):
    def refused(path, _content):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_bytes", refused)
    told = trafficsim("new", "own.yaml", "--kind", "shop", "--yes")
    assert (told.status, told.out, told.err) == (1, "", "own.yaml: Permission denied\n")
    assert sorted(path.name for path in here.iterdir()) == ["shop.yaml"]


@pytest.mark.parametrize(
    "command", [("compare",), ("sweep", "--vary", "product.price=80,90", "--arms", "nothing", "private")]
)
def test_without_a_font_for_its_language_nothing_is_run(trafficsim, here, monkeypatch, command):
    monkeypatch.setattr(style, "font_families", lambda: ("DejaVu Sans",))
    (here / "zh.yaml").write_text(SHOP + "\nlanguage: zh\n", encoding="utf-8")
    verb, *options = command
    told = trafficsim(verb, "zh.yaml", *options)
    assert told.status == 1
    assert told.said.startswith("pictures in Chinese need a font")
    assert not (here / "results").exists()
