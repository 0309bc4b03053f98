"""A new scenario: its text passes every check and runs; what isn't given is asked; nothing is half-written."""

import re
import sys

import pytest

import trafficsim as ts
from trafficsim import cli
from trafficsim.books.metrics import COST_LINES, SPEND_LINES
from trafficsim.new import KINDS, Terminal, asking, new_scenario, write_new
from trafficsim.new.questions import FORMS, QUESTIONS
from trafficsim.scenario import ScenarioError, load, load_text
from trafficsim.study.examine import sampled

LANGUAGES = ["en", "zh"]
EACH = [(kind, language) for kind in KINDS for language in LANGUAGES]
SECTIONS = [
    "format", "title", "about", "currency", "language", "start", "days", "customers", "product", "places", "staff",
    "advertising", "posts", "hooks", "word_of_mouth", "arms", "baseline", "equal_budget", "claims", "sources",
]  # fmt: skip
GIVEN = {
    "name": 'Wang\'s "Old" Tea: #1',
    "customers": 12_000,
    "days_between_needs": 33,
    "price": 45,
    "unit_cost": 17,
    "ad_budget": 111,
    "pool": "account",
    "staff": 2,
    "wage": 99,
}


def loaded(text):
    return load_text(text, "my")


def all_numbers_of(case):
    """Where the numbers come from that the file writes, but for the shares of segments, which have to sum to 1."""
    return [p for p in case.provenance() if not re.fullmatch(r"customers\.segments\.\w+\.share", p.path)]


# The text


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_the_text_is_a_scenario_in_the_order_of_the_shipped_ones(kind, language):
    text = new_scenario(kind, language=language)
    sections = [*SECTIONS[:-1], "labels", SECTIONS[-1]]
    if kind == "subscription":
        sections.insert(sections.index("places"), "purchasing")
    assert re.findall(r"^(\w+):", text, re.MULTILINE) == sections
    before = dict(zip(sections, re.split(r"^\w+:", text, flags=re.MULTILINE), strict=False))
    for section in ("format", "customers", "product", "places", "arms", "claims", "sources"):
        assert before[section].rstrip().splitlines()[-1].startswith("# "), section
    assert all(word in text.rpartition("sources:")[2] for word in ("check my.yaml", "claims my.yaml", "sweep my.yaml"))
    comments = re.findall(r"# (.*)", text)
    assert all(comment.isascii() for comment in comments) == (language == "en")
    assert not re.search(r"\{\{|\{%|None| $", text, re.MULTILINE)
    assert all(len(line) <= 120 for line in text.splitlines())
    case = loaded(text)
    assert (case.language, len(case.arms), case.baseline, case.notes()) == (language, 4, case.arms[0], [])
    assert case.arms[0] == "nothing"
    assert case.labels.get("nothing") == ("do nothing" if language == "en" else "不做")
    assert len(case.claims) == 2
    assert len(case.equal_budget) == 2


@pytest.mark.parametrize(("kind", "pool"), [(kind, pool) for kind in KINDS for pool in FORMS])
def test_every_pool_fits_every_kind(kind, pool):
    case = loaded(new_scenario(kind, pool=pool))
    assert case.plan("both").places[pool].form == FORMS[pool]
    assert set(case.plan("nothing").places) == set(case.names("places")) - {pool}
    assert case.notes() == []


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_every_number_is_yours_or_assumed_with_a_range_around_it(kind, language):
    by_you = "given by you" if language == "en" else "由你给出"
    usual, own = loaded(new_scenario(kind, language=language)), loaded(new_scenario(kind, language=language, **GIVEN))
    for number in all_numbers_of(usual):
        if number.path != "customers.each_stands_for":
            assert number.assumed
            assert number.range, number.path
            assert number.range[0] <= number.value <= number.range[1], number.path
    yours = [(p.path.split(".")[-1], p.value) for p in all_numbers_of(own) if p.source == by_you]
    assert set(yours) == {
        ("count", 12_000), ("days_between_needs", 33), ("price", 45), ("unit_cost", 17), ("budget_per_day", 111),
        ("count", 2), ("wage_per_day", 99),
    }  # fmt: skip
    assert own.title.startswith(GIVEN["name"])
    assert all(number.source == by_you or number.assumed for number in all_numbers_of(own))


@pytest.mark.parametrize(("kind", "pool"), [(kind, pool) for kind in KINDS for pool in FORMS])
def test_both_languages_have_the_same_names_and_settings_so_that_luck_is_the_same(kind, pool):
    english, chinese = (loaded(new_scenario(kind, pool=pool, language=language)) for language in LANGUAGES)
    for arm in english.arms:
        ours, theirs = (case.settings(arm) for case in (english, chinese))
        assert [path for path in ours if not ours[path].label] == [path for path in theirs if not theirs[path].label]
        numbers = [path for path, setting in ours.items() if not (setting.is_section or setting.label)]
        assert [ours[path].value for path in numbers] == [theirs[path].value for path in numbers]
    named = {n for section in ("places", "hooks", "staff") for n in chinese.names(section)}
    named |= {*chinese.arms, *chinese.claims, *chinese.plan("both").customers.segments}
    assert set(chinese.labels) == named
    assert set(english.labels) <= named
    assert not any("_" in label for label in english.labels.values())


def test_what_is_not_given_follows_what_is():
    dear = loaded(new_scenario("shop", price=600)).plan("both")
    assert (dear.product.unit_cost, dear.hooks["coupon"].worth, dear.hooks["coupon"].cost) == (420, 60, 36)
    few = loaded(new_scenario("shop", customers=2000)).plan("both")
    assert few.advertising["local_feed"].budget_per_day == 15


def test_a_large_market_is_sampled():
    people = loaded(new_scenario("shop", customers=1_000_000)).plan("both").customers
    assert (people.count, people.each_stands_for) == (20_000, 50)
    assert loaded(new_scenario("shop", customers=30_000)).plan("both").customers.each_stands_for == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_who_does_not_advertise_compares_the_pool_with_nothing(kind, language):
    text = new_scenario(kind, ad_budget=0, language=language)
    case = loaded(text)
    assert (len(case.arms), len(case.claims), case.equal_budget) == (2, 1, ())
    assert "advertising:" not in text


def test_without_staff_there_is_none():
    assert loaded(new_scenario("shop", staff=0)).names("staff") == ()


@pytest.mark.parametrize(
    ("kind", "answers", "said"),
    [
        ("shop", {"price": -3}, "--price: product.price: must be > 0 (got -3)"),
        ("shop", {"price": "much"}, "--price: product.price: must be a number (got text 'much')"),
        ("shop", {"customers": 2.5}, "--customers: customers.count: must be a whole number (got 2.5)"),
        ("shop", {"staff": -1}, "--staff: staff.host.count: must be >= 0 (got -1)"),
        ("shop", {"pool": "wecon"}, "--pool: must be 'group', 'wecom', 'account' or 'app' (got text 'wecon'); did you"),
        ("shop", {"pool": "wecom", "staff": 0}, "--staff: a WeCom contact belongs to one of the staff"),
        ("online", {"staff": 0}, "--staff: a WeCom contact belongs to one of the staff"),
        ("shop", {"language": "fr"}, "--language: must be 'en' or 'zh' (got text 'fr')"),
        ("bank", {}, "--kind: must be 'shop', 'restaurant', 'online', 'durable', 'service' or 'subscription' (got"),
        ("shop", {"name": "\x07"}, "title: text must not hold control characters"),
    ],
)
def test_answers_that_no_scenario_can_have_are_refused(kind, answers, said):
    with pytest.raises(ScenarioError) as refused:
        new_scenario(kind, **answers)
    assert said in str(refused.value)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_message_is_that_of_a_file(name):
    """One source of truth: what a file may hold."""
    if name in {"name", "pool"}:
        return
    case = loaded(new_scenario("shop"))
    path = QUESTIONS[name].found(case.settings())
    with pytest.raises(ScenarioError) as of_file:
        case.replace({path: "x"})
    with pytest.raises(ScenarioError) as of_answer:
        new_scenario("shop", **{name: "x"})
    assert [m.says for m in of_answer.value.mistakes] == [m.says for m in of_file.value.mistakes]


# It runs


@pytest.mark.parametrize(("kind", "language"), [*((kind, "en") for kind in KINDS), ("shop", "zh")])
def test_it_compares_and_the_books_balance(kind, language):
    case = sampled(loaded(new_scenario(kind, language=language)), 500)
    result = ts.compare(case, replicates=2, seed=1)
    data, private = result.data, case.arms[2]
    total = {name: int(data[name].sum()) for name in (*COST_LINES, "gross_sales", "margin_from", "fixed_costs")}
    profit = total["gross_sales"] - sum(total[line] for line in COST_LINES)
    assert profit == total["margin_from"] - sum(total[line] for line in SPEND_LINES) - total["fixed_costs"]
    assert (data.members == (data.joined + data.won_back - data.left).cumsum("day")).all()
    assert (data.orders.sum("place") == data.orders_from.sum("route")).all()
    assert (data.joined.sum("place") == data.joined_by.sum("hook")).all()
    wage = case.plan(private).staff[case.names("staff")[0]].wage_per_day
    assert (data.wages.sel(arm=private) == 100 * wage).all()
    for costs in ("tools", "perks", "content", "hooks" if kind != "durable" else "tools"):
        assert int(data[costs].sel(arm=private).sum()) > 0, costs
    assert int(data.orders.sum()) > 0
    assert int(data.joined.sel(arm=private).sum()) > 0


# Asking


class Typed:
    """A terminal at which these lines are typed; keeps what was shown."""

    def __init__(self, *lines):
        self.lines, self.prompts, self.told, self.helped = list(lines), [], [], []

    @property
    def terminal(self):
        return Terminal(self._read, self.told.append, self.helped.append)

    def _read(self, prompt):
        self.prompts.append(prompt)
        return self.lines.pop(0)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_question_is_asked_with_its_range_and_what_is_usual(here):
    typed = Typed("en", "online", "Lin", "", "40", "200", "", "500", "app", "2", "", "lin.yaml")
    said = write_new(None, {}, typed.terminal, yes=False, force=False)
    assert said == "Written to lin.yaml. Next: trafficsim check lin.yaml, then trafficsim compare lin.yaml"
    assert (typed.lines, typed.told) == ([], [])
    assert len(typed.prompts) == 3 + len(QUESTIONS)
    assert [line[:30] for line in typed.helped] == ["The audience decides more than"]
    assert typed.prompts[1] == f"What kind of business? ({', '.join(KINDS)}) [shop]: "
    assert typed.prompts[5] == "Price of one usual purchase, CNY (> 0, ≤ 1,000,000,000,000) [400]: "
    assert typed.prompts[6] == "What its goods cost you, CNY (≥ 0, ≤ 1,000,000,000,000) [72]: "
    case = load(here / "lin.yaml")
    yours = {p.path for p in case.provenance() if p.source == "given by you"}
    assert yours == {
        "customers.segments.usual.days_between_needs", "customers.segments.deal_hunters.days_between_needs",
        "product.price", "advertising.douyin.budget_per_day", "staff.adviser.count",
    }  # fmt: skip


def test_a_bad_answer_is_told_and_asked_again(here):
    typed = Typed(
        "fr", "zh", "bank", "shop", "茶", "many", "-5", "5000", "", "0", "60", "", "0", "grup", "group", "0", "a.yml"
    )
    write_new("a.yaml", {}, typed.terminal, yes=False, force=False)
    assert typed.told == [
        "“fr” is not one of the choices: en, zh. / 没有“fr”这个选项，可选：en, zh。",
        "没有“bank”这个选项，可选：shop, restaurant, online, durable, service, subscription。",
        "请填一个整数，范围 ≥ 1, ≤ 2,000,000,000（你填的是“many”）。",
        "请填一个整数，范围 ≥ 1, ≤ 2,000,000,000（你填的是“-5”）。",
        "请填一个数字，范围 > 0, ≤ 1,000,000,000,000（你填的是“0”）。",
        "没有“grup”这个选项，可选：group, wecom, account, app。是否想填 group？",
    ]
    assert typed.lines == ["a.yml"]  # neither a file nor a wage was asked for
    assert load(here / "a.yaml").title == "茶：做私域划算吗？"


NO_NUMBERS = ["多少", "[", "a: b: c", "&x", "是", "true", "1 2", "- 1", "'", "九折吗"]
WRONG = {
    "kind": ["银行", "shopp", "0"],
    "name": ["\u200b茶", "茶\u3000馆", "茶\t馆"],
    "customers": [*NO_NUMBERS, "2.5", "0", "-1", "30亿", "20亿"],
    "days_between_needs": [*NO_NUMBERS, "0", "-1", "0.001", "40000"],
    "price": [*NO_NUMBERS, "0", "-1", "2000000000000", "1000000000000"],
    "unit_cost": [*NO_NUMBERS, "-1", "2000000000000", "1000000000000"],
    "ad_budget": [*NO_NUMBERS, "-1", "2000000000000"],
    "pool": ["微信", "grup", "1"],
    "staff": [*NO_NUMBERS, "1.5", "-1", "2000000", "1000000", "0"],
    "wage": [*NO_NUMBERS, "-1", "2000000000000"],
    "file": ["我的", "folder.yaml", "held.yaml"],
}
RIGHT = {
    "kind": "shop", "name": "茶", "customers": "3000", "days_between_needs": "14", "price": "60", "unit_cost": "30",
    "ad_budget": "20", "pool": "wecom", "staff": "1", "wage": "100", "file": "a.yaml",
}  # fmt: skip


def test_who_answers_in_chinese_is_refused_in_chinese(here):
    """Every question, answered wrongly in every way, then rightly."""
    (here / "folder.yaml").mkdir()
    (here / "held.yaml").write_text("mine")
    assert list(RIGHT) == ["kind", *QUESTIONS, "file"]
    typed = Typed("法语", "zh", *(line for name, right in RIGHT.items() for line in (*WRONG[name], right)))
    assert write_new(None, {}, typed.terminal, yes=False, force=False).startswith("已写入 a.yaml")
    wrong = [line for name in RIGHT for line in WRONG[name]]
    assert (typed.lines, len(typed.told)) == ([], 1 + len(wrong))
    words_left = {"yaml", "force", "wage", *KINDS, *FORMS}
    for line, told in zip(wrong, typed.told[1:], strict=True):
        assert set(re.findall(r"[A-Za-z]+", told.replace(line, ""))) <= words_left, told
        assert re.search(r"[一-鿿]{3}", told.replace(line, "")), told
        assert told.isprintable(), told
    assert load(here / "a.yaml").plan("both").customers.count == 3000


@pytest.mark.usefixtures("here")
def test_a_kind_that_does_not_go_with_an_option_is_refused():
    """Not at each question after it, where no answer would help."""
    typed = Typed("online", "shop", *[""] * 7, "a.yaml")
    write_new(None, {"language": "zh", "staff": "0"}, typed.terminal, yes=False, force=False)
    assert (typed.lines, len(typed.told)) == ([], 1)
    assert typed.told[0].startswith("企业微信的每位联系人都要有员工负责")


def test_too_many_people_are_refused_though_another_setting_is_too_much():
    with pytest.raises(ScenarioError, match=r"^new: customers\.ties\.mean: "):
        new_scenario("shop", customers=2_000_000_000)


def test_answers_are_taken_as_people_type_them(here):
    typed = Typed("中文", "门店", "茶", "3万", "14天", "￥60", "３６", "150元", "企业微信", "1", "1,200", "a.yaml")
    write_new(None, {}, typed.terminal, yes=False, force=False)
    assert (typed.lines, typed.told) == ([], [])
    plan = load(here / "a.yaml").plan(load(here / "a.yaml").arms[-1])
    (pool,) = [place for place in plan.places.values() if place.kind == "pool"]
    (host,) = plan.staff.values()
    (feed,) = plan.advertising.values()
    assert (plan.customers.count, pool.form, host.wage_per_day, feed.budget_per_day) == (30_000, "contact", 1200, 150)
    assert (plan.product.price, plan.product.unit_cost, plan.customers.segments.popitem()[1].days_between_needs) == (
        60,
        36,
        14,
    )


def test_without_a_kind_yes_takes_the_usual_one(here, trafficsim):
    assert trafficsim("new", "a.yaml", "--yes", "--pool", "企微", "--customers", "2万")[0] == 0
    assert (here / "a.yaml").read_text() == new_scenario("shop", pool="wecom", customers=20_000, file="a.yaml")


def test_only_what_is_not_given_is_asked(here):
    options = {name: str(value) for name, value in GIVEN.items()} | {"kind": "shop", "language": "en", "wage": None}
    typed = Typed("88")
    write_new("a.yaml", options, typed.terminal, yes=False, force=False)
    assert typed.prompts == [
        "What each of them costs a day for the hours spent on the pool, CNY (≥ 0, ≤ 1,000,000,000,000) [70]: "
    ]
    assert load(here / "a.yaml").plan("both").staff["host"].wage_per_day == 88


def test_a_bad_option_is_told_before_anything_is_asked(here):
    typed = Typed()
    with pytest.raises(ScenarioError, match=r"--price: product\.price: must be > 0"):
        write_new("a.yaml", {"price": "0"}, typed.terminal, yes=False, force=False)
    assert (typed.prompts, list(here.iterdir())) == ([], [])


def test_the_usual_file_is_not_overwritten_by_an_empty_answer(here):
    (here / asking.USUAL_FILE).write_text("mine")
    typed = Typed("", "other.yaml")
    options = {name: str(value) for name, value in GIVEN.items()} | {"kind": "shop", "language": "en"}
    write_new(None, options, typed.terminal, yes=False, force=False)
    assert typed.told == ["my.yaml: exists already; choose another name, or --force to overwrite it"]
    assert (here / "my.yaml").read_text() == "mine"
    assert (here / "other.yaml").is_file()


# The command


@pytest.fixture
def trafficsim(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["trafficsim", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code or 0, *capsys.readouterr()

    return run


def test_the_command_writes_a_file_that_passes_check(here, trafficsim):
    options = [
        word for name, value in GIVEN.items() for word in ("--" + name.replace("_", "-"), value)
    ]  # every question has its option
    status, out, err = trafficsim("new", "a b.yaml", "--kind", "shop", "--language", "zh", *options)
    assert (status, err) == (0, "")
    assert out == "已写入 'a b.yaml'。接下来：trafficsim check 'a b.yaml'，然后 trafficsim compare 'a b.yaml'\n"
    text = (here / "a b.yaml").read_text(encoding="utf-8")
    assert "trafficsim check 'a b.yaml'" in text
    assert trafficsim("check", "a b.yaml")[0] == 0
    assert text == new_scenario("shop", language="zh", file="a b.yaml", **GIVEN)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["a.yaml"],
            f"new: nothing can be asked here; give --kind ({', '.join(KINDS)}), --name, --customers,",
        ),
        ([], f"new: nothing can be asked here; give FILE, --kind ({', '.join(KINDS)}), --name,"),
        (["--yes"], "new: nothing can be asked here; give FILE\n"),
        (["restaurant", "--kind", "restaurant", "--yes"], "restaurant: must end in .yaml\n"),
        (["held.yaml", "--kind", "shop", "--yes"], "held.yaml: exists already; choose another name, or --force"),
        (["folder.yaml", "--kind", "shop", "--yes", "--force"], "folder.yaml: is a folder\n"),
        (["a.yaml", "--kind", "shop", "--price", "[", "--yes"], "--price:1:2: not valid YAML:"),
        (["a.yaml", "--kind", "shop", "--price", "x", "--yes"], "--price: product.price: must be a number"),
    ],
)
def test_what_is_missing_or_wrong_is_told_in_a_line_and_nothing_is_written(arguments, said, here, trafficsim):
    (here / "held.yaml").write_text("mine")
    (here / "folder.yaml").mkdir()
    status, out, err = trafficsim("new", *arguments)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert err.startswith(said)
    assert sorted(path.name for path in here.iterdir()) == ["folder.yaml", "held.yaml"]
    assert (here / "held.yaml").read_text() == "mine"


def test_force_overwrites(here, trafficsim):
    (here / "held.yaml").write_text("mine")
    assert trafficsim("new", "held.yaml", "--kind", "shop", "--yes", "--force")[0] == 0
    assert load(here / "held.yaml").arms == ("nothing", "paid", "private", "both")


def test_an_interrupted_question_leaves_nothing(here, trafficsim, monkeypatch):
    def interrupted(_prompt):
        raise KeyboardInterrupt

    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", interrupted)
    status, _, err = trafficsim("new", "a.yaml")
    assert status in {1, 130}
    assert "Traceback" not in err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_file_offers_behind_a_mark_can_be_used(kind, language):
    """The lines behind # that `new` writes are a part of a scenario as soon as the # is gone."""
    text = new_scenario(kind, language=language)
    offered = [line for line in text.split("\n") if re.match(r"# (events:|  [a-z_]+: \{|win_back: \{)", line)]
    assert len(offered) == 4
    used = text
    for line in offered:
        used = used.replace(line, line.removeprefix("# "), 1)
    case = load_text(used, "my")
    arm = next(iter(case.arms))
    assert case.plan(arm).win_back.after_days == 14
