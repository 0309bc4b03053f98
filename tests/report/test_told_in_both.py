"""What a terminal shows of comparisons, claims and sweeps: in both languages, under labels."""

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from synthetic import swept
from trafficsim import compare, solve
from trafficsim.books.metrics import quantities
from trafficsim.report import answer, claims_table, quantity_words, summed_up, sweep_answer, sweep_table, terminal_table
from trafficsim.report.page import html
from trafficsim.results.labelled import labelled
from trafficsim.scenario import load_text
from trafficsim.study.examine import examine
from trafficsim.study.uncertain import numbers
from trafficsim.study.varying import Span
from trafficsim.words.language import words

SHOP = (Path(__file__).parents[1] / "data" / "cases" / "small_shop.yaml").read_text(encoding="utf-8")
ENGLISH = re.compile(r"[A-Za-z]{2,}[ ,;:]+[a-z]{2,}")
LABELS = {
    "nothing": "不做", "paid": "投放", "private": "私域", "shop": "门店", "club": "社群", "gift": "赠品",
    "host": "店员", "near": "附近", "far": "远处", "feed": "信息流",
    "pays": "划算", "came": "有人入群", "ranked": "依次", "passed": "反超", "empty": "无从说起", "seen": "人数",
}  # fmt: skip
CLAIMS = """
facts:
  seen: {says: 有人入群, source: 某书, observed: 9, unreached: 不明, expect: {metric: orders, arm: paid, at_least: 9}}
claims:
  pays: {says: 私域划算, source: 某书, expect: {metric: profit, arm: private, more_than: {arm: nothing}}}
  came: {says: 有人入群, source: 某书, expect: {metric: joined.club, arm: private, at_least: 1}}
  ranked: {says: 依次, source: 某书, expect: {metric: orders, order: [private, paid, nothing]}}
  passed: {says: 反超, source: 某书, expect: {metric: profit, arm: private, crossover: {over: paid, before: 9}}}
  empty: {says: 无, source: 某书, expect: {metric: cac, arm: nothing, at_most: 1}}
"""
SMALL = {"customers.count": 150, "days": 12}


def small_shop(equal_budget=""):
    labels = "".join(f"  {name}: {label}\n" for name, label in LABELS.items())
    text = SHOP.replace("A small shop", "小店").replace("baseline:", f"{equal_budget}baseline:")
    return load_text(f"{text}language: zh\n{CLAIMS}labels:\n{labels}", "shop").replace(SMALL)


@pytest.fixture(scope="module")
def shop():
    return small_shop("equal_budget: [paid, private]\n")


def printed(*shown, width=400):
    console = Console(file=StringIO(), width=width, highlight=False)
    for one in shown:
        console.print(one)
    return console.file.getvalue()


def names_in(text):
    return [name for name in LABELS if re.search(rf"\b{name}\b", text)]


@pytest.fixture(scope="module")
def examined(shop):
    """Claims that were tried with a few of the assumed numbers: which is told alike of all."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("trafficsim.study.robust.numbers", lambda case: numbers(case)[:4])
        return examine(shop, 2, 1, robust=True)


def test_claims_are_told_in_the_scenarios_language_under_its_labels(examined):
    said = printed(claims_table(examined), summed_up([examined]))
    assert not ENGLISH.search(said), said
    assert names_in(said) == []
    assert "划算：“私域”的贡献利润高于“不做”" in said
    assert "有人入群：“私域”的入池人数（社群）：不少于 1" in said
    assert "依次：订单：“私域” > “投放” > “不做”" in said
    assert "没有数值" in said
    assert "1 个场景中的 5 条说法：" in said
    narrow = printed(claims_table(examined), width=80)
    assert max(cell_len(line.rstrip()) for line in narrow.splitlines()) <= 80


def test_claims_are_told_in_another_language_if_one_is_asked_for(examined):
    said = printed(claims_table(examined, "en"), summed_up([examined], "en"))
    assert names_in(said) == []
    assert "划算: contribution profit of “私域” more than “不做”" in said
    assert "measured: " in said
    assert "5 claims in 1 scenario: " in said
    assert "2 replicates. Intervals cover random variation only" in said
    assert "Tried: " in said


def test_a_day_is_told_as_one_in_both_languages(examined):
    (verdict,) = [verdict for verdict in examined.verdicts if verdict.name == "passed"]
    assert verdict.labelled(LABELS).claim.expect.crossover.over == "投放"
    assert verdict.labelled({}) == verdict


def test_a_comparison_is_told_in_the_language_asked_for(shop):
    result = labelled(compare(shop, 2, 1))
    chinese, english = (
        printed(*answer(result, language=language), terminal_table(result, language=language))
        for language in ("zh", "en")
    )
    assert not ENGLISH.search(chinese.replace("trafficsim compare shop", "")), chinese
    assert names_in(chinese.replace("trafficsim compare shop", "")) == []
    for one in (
        "胜出次数",
        "获客成本",
        "2 次重复模拟的 95% 区间",
        "请留意" if "请留意" in chinese else "差值：与“不做”相比",
    ):
        assert one in chinese.replace("\n", "")
    assert "better in" in english
    assert "replicate by replicate. Better in:" in " ".join(english.split())


LABELLED = {"labels": '{"nothing": "不做", "private": "私域"}', "language": "zh"}


def test_a_sweep_is_told_in_both_languages_under_labels():
    line = swept({"a.price": Span(0, 8000, 5)}, lambda price: price - 3000.0, **LABELLED)
    chinese, english = (
        printed(*sweep_answer(line, language), sweep_table(line, language)) for language in (None, "en")
    )
    assert "比较贡献利润：5 个点中，“私域”在 3 个点领先“不做”，“不做”在 2 个点领先，0 个点尚无定论。" in chinese
    assert "平均差值在a.price = 3,000 附近变号：高于此值时“私域”领先。" in chinese
    assert "“私域”与“不做”相比（元）；横向：a.price" in chinese
    assert "差值" in chinese
    assert not ENGLISH.search(chinese), chinese
    assert "In contribution profit, “私域” leads “不做” at 3 of 5 points" in english
    assert "私域 minus 不做, CNY; across: a.price" in english
    assert names_in(chinese) == []
    assert "nothing" not in english
    assert list(line.arms) == ["nothing", "private"]


def test_a_map_and_one_replicate_are_told_too():
    spans = {"a.price": Span(0, 80, 3), "a.cost": Span(0, 1, 2)}
    one = swept(spans, lambda price, cost: price - cost - 20.0, replicates=1, **LABELLED)
    said = printed(*sweep_answer(one), sweep_table(one))
    assert "只模拟一次，在 6 个点上都无法判定“私域”与“不做”的贡献利润孰优孰劣。" in said
    assert "+59?" in said


def test_where_arms_tie_is_told_in_both_languages():
    wage = "private:staff.host.wage_per_day"
    free = small_shop()
    asked = {"arms": ("private", "nothing"), "replicates": 2}
    (found,) = solve(free, "nothing:places.shop.fixed_cost_per_day", (0, 1000), **asked)
    assert found.found
    (chinese,), (english,) = found.sentences("zh"), found.sentences()
    assert re.match(r"“私域”与“不做”的贡献利润在“\S+：每日固定成本（不做）” = \S+ 处持平（95% 区间 ", chinese)
    assert chinese.endswith("：高于此值“私域”领先，低于此值“不做”领先。")
    assert re.match(r"“私域” and “不做” tie in contribution profit at “\S+: fixed costs a day \(不做\)” = ", english)
    assert english.endswith("; “私域” leads above, “不做” below.")
    (none,) = solve(free, wage, (10_000, 20_000), **asked)
    assert none.sentences("zh")[0].endswith(
        "：每日人工（私域）”在 1万 至 2万之间时，“私域”与“不做”的贡献利润不会持平：“不做”始终领先。"
    )
    assert none.sentences()[0].endswith("within 10k to 20k; “不做” leads throughout.")


def test_a_report_tells_facts_before_claims_and_nothing_as_python_has_it(shop):
    page = html(compare(shop, 2))
    assert page.index("观察到的事实，以及这里的结果") < page.index("对各种说法的检验")
    assert "{&#39;" not in page
    assert "[{" not in page


def test_every_quantity_of_a_claim_has_a_name_in_both_languages():
    assert set(quantity_words.NAMES) == set(quantities())
    said = [words("zh")(name) for name in quantity_words.NAMES.values()]
    assert not [each for each in said if ENGLISH.search(each)]
    assert len(set(quantity_words.NAMES.values())) == len(quantity_words.NAMES)


@pytest.mark.parametrize(
    ("quantity", "english", "chinese"),
    [
        ("delivered.小程序", "home-delivery orders (小程序)", "到家订单（小程序）"),
        ("first_orders.told", "first orders (word of mouth)", "首单数（口碑推荐）"),
        ("orders_in.堂食.午间", "store orders by slot (堂食, 午间)", "分时段门店订单（堂食、午间）"),
        ("revenue_of_top.tenth", "revenue of the top buyers (top tenth)", "头部买家的收入（前十分之一）"),
        ("applause.own", "applause.own", "applause.own"),
    ],
)  # fmt: skip
def test_a_quantity_is_told_with_its_entry(quantity, english, chinese):
    assert [quantity_words.named(quantity, words(language)) for language in ("en", "zh")] == [english, chinese]
