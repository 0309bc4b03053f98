"""The page as a reader meets it: both languages, a phone, paper, a screen reader; nothing fetched, the same bytes."""

import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from markupsafe import Markup

from synthetic import ARMS, story, unwrapped
from trafficsim.report.claims import source_and_test
from trafficsim.report.figures import ONE_OF_BOTH, _in_steps
from trafficsim.report.html_page import SHORT, Table, commands, unbroken
from trafficsim.report.page import html
from trafficsim.words.language import LANGUAGES

MOST_BYTES = 1_500_000
VOID = {"meta", "wbr", "br", "col"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORDS = re.compile(r"[A-Za-z][a-z]+ [a-z]+ [a-z]+")


class Page(HTMLParser):
    """Headings, attributes and the text outside of style and pictures; checks that tags are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.headings, self.tags, self.texts = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes), tuple(self.open)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes), tuple(self.open)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "svg", "title"} & set(self.open):
            self.texts.append((data.strip(), tuple(self.open)))

    def named(self, tag):
        return [(attributes, inside) for name, attributes, inside in self.tags if name == tag]


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request):
    text = html(claimed(), language=request.param)
    return request.param, text, Page(unwrapped(text))


def claimed():
    claims = {
        "earns": {
            "says": "甲说",
            "source": "乙",
            "expect": {"metric": "profit", "arm": "private", "more_than": {"arm": "nothing"}},
        }
    }
    return story(ARMS[:4], 60, 4, claims=json.dumps(claims))


def test_the_page_names_its_language(page):
    language, _, parsed = page
    assert parsed.named("html")[0][0]["lang"] == {"en": "en", "zh": "zh-Hans"}[language]


def test_the_page_is_small_and_fetches_nothing(page):
    _, text, parsed = page
    assert len(text.encode()) < MOST_BYTES
    targets = [a.get(name) for _, a, _ in parsed.tags for name in ("src", "href", "xlink:href", "srcset", "action")]
    assert all(target.startswith("#") for target in targets if target)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _, _ in parsed.tags}
    assert not re.search(r"@import|url\((?!#)", text)


def test_headings_begin_with_one_title_and_skip_no_level(page):
    *_, parsed = page
    assert parsed.headings[0] == 1
    assert parsed.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(parsed.headings, parsed.headings[1:], strict=False))


def test_every_picture_has_words_in_the_language_of_the_page(page):
    language, _, parsed = page
    pictures = [attributes for attributes, inside in parsed.named("svg") if "svg" not in inside]
    assert len(pictures) >= 5
    assert all(attributes["role"] == "img" and len(attributes["aria-label"]) > 10 for attributes in pictures)
    assert all(bool(CHINESE.search(attributes["aria-label"])) == (language == "zh") for attributes in pictures)


def test_what_a_picture_refers_to_is_in_the_page_and_named_once(page):
    _, text, parsed = page
    named = [attributes["id"] for _, attributes, _ in parsed.tags if "id" in attributes]
    assert len(named) == len(set(named))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', text)) <= set(named)


def test_tables_scroll_in_their_own_box_and_name_their_columns(page):
    *_, parsed = page
    boxes = [number for number, (tag, attributes, _) in enumerate(parsed.tags) if attributes.get("class") == "wide"]
    tables = [number for number, (tag, *_) in enumerate(parsed.tags) if tag == "table"]
    assert [number - 1 for number in tables] == boxes
    assert all("scope" in attributes for attributes, _ in parsed.named("th"))


def test_every_cell_carries_the_heading_of_its_column(page):
    """A phone shows rows without their head."""
    *_, text, _ = page
    tables = [Cells(found) for found in re.findall(r"<table.*?</table>", text, re.DOTALL)]
    assert len(tables) >= 6
    for table in tables:
        assert table.rows
        assert all(row == table.headings[1:] for row in table.rows)


class Cells(HTMLParser):
    """A table's headings, and of each row the headings that its cells carry."""

    def __init__(self, text):
        super().__init__()
        self.headings, self.rows, self.in_heading = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "wbr":
            return
        self.in_heading = found.get("scope") == "col"
        if self.in_heading:
            self.headings.append("")
        if found.get("scope") == "row":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append(found.get("data-label"))

    def handle_endtag(self, _):
        self.in_heading = False

    def handle_data(self, data):
        if self.in_heading:
            self.headings[-1] += data


def test_numbers_stand_right_and_an_interval_is_not_broken():
    told = Markup(Table(["a", "b", "c"], [["x", "1,200", "1.5 (1.2 to 1.8)"], ["y", "–", "two (1 to 3)"]]))
    assert '<td class="number" data-label="b">1,200</td>' in told
    assert '<td data-label="c"><span>1.5 <span class="limits">(1.2 to 1.8)</span></span></td>' in told
    assert '<td data-label="c">two (1 to 3)</td>' in told
    late = "the first day (the first day to 24 Jan 2024)"
    assert f'<td data-label="b"><div>{late}</div></td>' in Markup(Table("abc", [["x", late, "1"]]))
    assert '<td class="number" data-label="b"><span>' in Markup(Table("ab", [["x", "1.5 (1.2 to 1.8)"]]))
    days = '7\xa0Feb\xa02027 <span class="limits">(18\xa0Jan\xa02027 to 28\xa0Feb\xa02027)</span>'
    assert days in Markup(Table("ab", [["x", "7 Feb 2027 (18 Jan 2027 to 28 Feb 2027)"]]))
    assert '"b"><span class="whole">10 to 20</span>' in Markup(Table("ab", [["x", "10 to 20"]]))


def test_columns_share_a_table_by_need_and_many_intervals_stand_below_their_numbers():
    told = Markup(Table("abcd", [["x", "1", "–", "1.5 (1.2 to 1.8)"]]))
    assert [float(share) for share in re.findall(r'<col style="width:([\d.]+)%">', told)] == [11.1, 11.1, 11.1, 66.7]
    assert '<td class="number" data-label="c">–</td>' in told  # nothing but dashes stands as numbers do beside it
    assert "below" not in told
    many = Markup(Table("abcdefg", [["x", *6 * ["+1.50 (+1.25 to +1.75)"]]]))
    assert '<table class="stacked below short">' in many


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("到2019年3月8日为止", "2019年3月8日"),
        ("A costs CNY 35.9k.", "CNY 35.9k"),
        ("“ads” CNY 1,005, then more", "CNY 1,005"),
        ("花 5.81 万元，更多", "5.81 万元"),
        ("多赚（0.33 至 0.98 万元）", "0.33 至 0.98 万元"),
        ("the 1 of 12 and 3k more", ""),
    ],
)
def test_a_date_or_sum_in_a_text_is_not_broken(text: str, whole: str):
    page = f'<title>1 Mar 2024</title><p title="CNY 1">{text}</p>'
    assert unbroken(page) == (page.replace(whole, f'<span class="whole">{whole}</span>') if whole else page)


def test_a_command_is_broken_at_blanks_alone_but_a_path_where_a_folder_ends():
    assert '<span class="word">a/<wbr>b.yaml</span>' in commands("run a/b.yaml")
    assert '<span class="word">--uncertain 64</span> <span class="word">--leans</span>' in commands(
        "run --uncertain 64 --leans"
    )
    quoted = commands("run 'a  b.yaml' --out c")
    assert Markup(re.sub("<[^>]+>", "", quoted)).unescape() == "run 'a  b.yaml' --out c ", (
        "a command is copied as it is"
    )
    assert commands("a --b\nc") == (
        '<pre class="commands"><span><span class="word">a</span> <span class="word">--b</span> </span>\n'
        '<span><span class="word">c</span> </span></pre>'
    )


def test_a_table_of_many_columns_is_a_list_on_a_phone_and_a_short_one_stays_on_one_page():
    assert 'class="short"' in Markup(Table("ab", ["12"] * SHORT))
    assert 'class="stacked"' in Markup(Table("abc", ["123"] * (SHORT + 1)))


def test_the_answer_is_the_first_thing_read_and_money_its_small_print(page):
    language, text, parsed = page
    said = [text for text, inside in parsed.texts if text and inside[-2:] == ("div", "p")]
    assert "2" in said[0]
    assert text.index('class="headline"') < text.index("unequal sums" if language == "en" else "花费不相等")


@pytest.mark.usefixtures("without_pictures")
def test_a_page_in_chinese_has_no_english_sentence_of_ours():
    """What users wrote stays as it is: title, about, arms, sources."""
    result = claimed()
    theirs = {result.title, result.about.about, result.about.repeat}
    theirs |= {source for *_, source in result.about.sourced}
    texts = {text for text, inside in Page(html(result, language="zh")).texts if text and "pre" not in inside}
    english = {text for text in texts - theirs if LATIN_WORDS.search(text)}
    assert english <= {text for text in english if "trafficsim compare" in text}


@pytest.mark.usefixtures("without_pictures")
def test_an_english_page_has_no_chinese_but_the_users():
    texts = {text for text, _ in Page(html(claimed(), language="en")).texts}
    assert {text for text in texts if CHINESE.search(text)} <= {": “甲说”", "Source: 乙"}


@pytest.mark.usefixtures("without_pictures")
def test_the_language_of_the_scenario_counts_unless_another_one_is_asked_for():
    result = story(ARMS[:2], 9, 2, language="zh")
    assert "<h2>结论</h2>" in html(result)
    assert "<h2>The answer</h2>" in html(result, language="en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_result_gives_the_same_bytes(language):
    result = story(ARMS[:3], 30, 3)
    assert html(result, language=language) == html(result, language=language)


@pytest.mark.usefixtures("without_pictures")
def test_claims_are_judged_from_the_same_result(page):
    language, text, _ = page
    assert '<div class="claim holds">' in text or '<div class="claim contradicted">' in text
    assert ("Claims put to the test" if language == "en" else "对各种说法的检验") in text
    assert "Claims put to the test" not in html(story(ARMS[:2], 9, 2))


LEANING = {
    "best": "paid",
    "replicates": 6,
    "leads": {"nothing": 1000.0},
    "numbers": [
        {
            "path": "a.small",
            "value": 1,
            "range": [0, 2],
            "ends": [{"value": 0, "leads": {"nothing": [990, 900, 1100]}, "problem": ""}],
        },
        {
            "path": "b.large",
            "value": 5,
            "range": [1, 9],
            "ends": [
                {"value": 1, "leads": {"nothing": [-2000.0, -2500.0, -1500.0]}, "problem": ""},
                {"value": 9, "leads": {}, "problem": "can't be run"},
            ],
        },
    ],
}


@pytest.mark.usefixtures("without_pictures")
def test_what_the_answer_leans_on_comes_by_influence():
    text = html(story(ARMS[:2], 9, 2, leaning=json.dumps(LEANING)))
    assert text.index(">b.large<") < text.index(">a.small<")
    assert "“nothing” gets ahead of “paid” with b.large = 1." in text
    assert "-2,000 (-2,500 to -1,500)" in " ".join(text for text, _ in Page(text).texts)
    assert "can&#39;t be run" in text
    assert "--leans" not in text


@pytest.mark.usefixtures("without_pictures")
def test_every_arm_that_could_win_is_told_of():
    low = {"value": 0, "leads": {"nothing": [900, 800, 1100], "private": [-300.0, -500.0, -100.0]}, "problem": ""}
    number = {"path": "a.small", "value": 1, "range": [0, 2], "ends": [low]}
    found = {"best": "paid", "replicates": 6, "leads": {"nothing": 1000.0, "private": 50.0}, "numbers": [number]}
    text = unwrapped(html(story(ARMS[:3], 9, 2, leaning=json.dumps(found))))
    assert "“paid” leads “nothing” by CNY 1,000, “private” by CNY 50 as assumed." in text
    assert "“private” gets ahead of “paid” with a.small = 0." in text
    assert "“nothing” gets ahead" not in text
    assert "-300 (-500 to -100) over “private”" in text
    never = found | {"numbers": [number | {"ends": [low | {"leads": {"nothing": low["leads"]["nothing"]}}]}]}
    text = html(story(ARMS[:3], 9, 2, leaning=json.dumps(never)))
    assert "changes who leads between “paid”, “nothing”, “private” for certain." in text


@pytest.mark.usefixtures("without_pictures")
def test_influence_that_was_not_measured_is_not_claimed():
    text = html(story(ARMS[:2], 9, 2))
    assert "was not measured in this run" in text
    assert text.index("posts.vip_group.open_rate") < text.index("Assumed numbers without a range")
    assert text.index("Assumed numbers without a range") < text.index("Quality of the product")


@pytest.mark.usefixtures("without_pictures")
def test_without_influence_in_either_direction_that_is_said():
    unmoved = LEANING | {"numbers": LEANING["numbers"][:1]}
    text = html(story(ARMS[:2], 9, 2, leaning=json.dumps(unmoved)))
    assert "changes who leads between “paid”, “nothing” for certain." in text


# Contrast, from the colours of the style sheet.

STYLE = files("trafficsim.report").joinpath("page.css").read_text("utf-8")
RULES = re.findall(r"([^{}]+)\{([^{}]*)\}", STYLE)


def colour(text):
    digits = text.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    return [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]


def luminance(text):
    """WCAG 2.2, relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour(text)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def colours_of(name):
    return {found for _, body in RULES for found in re.findall(rf"(?:^|[;\s]){name}: (#[0-9a-f]{{3,6}})\b", body)}


def test_every_colour_of_text_stands_out_on_every_background():
    """4.5 to 1 (WCAG 2.2 AA), even for pairs that don't meet."""
    texts, grounds = colours_of("color"), colours_of("background") | {"#fff"}
    assert len(texts) >= 3
    assert len(grounds) >= 3
    poor = [(a, b) for a in texts for b in grounds if contrast(a, b) < 4.5]
    assert not poor


def test_contrast_is_measured_as_the_guideline_does():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_each_picture_stands_there_wide_and_narrow_and_the_page_shows_one_of_both(page):
    shown = [attributes for attributes, inside in page[2].named("svg") if "figure" in inside]
    wide, narrow = ([a for a in shown if a["class"] == name] for name in ("on-pages", "on-phones"))
    assert len(wide) == len(narrow) == len(shown) / 2 > 3
    assert {a["width"] for a in wide} == {"489.6pt"}
    assert {a["width"] for a in narrow} == {"266.4pt"}
    assert [a["aria-label"] for a in wide] == [a["aria-label"] for a in narrow]
    assert ONE_OF_BOTH in page[1]
    usual, _, small = ONE_OF_BOTH.partition("@media screen and (max-width: 40rem)")
    assert re.findall(r"(\S+) \{ display: none", usual) == [".on-phones"]
    assert re.findall(r"(\S+) \{ display: none", small) == [".on-pages"]
    assert re.findall(r"(\S+) \{ display: block", small) == [".on-phones"]


def test_the_page_has_rules_for_phones_and_paper(page):
    assert "@media screen and (max-width:" in page[1].replace(ONE_OF_BOTH, "")
    printed = STYLE[STYLE.index("@media print") :]
    assert "break-inside: avoid" in printed
    assert "details-content" in printed
    assert 'name="viewport"' in files("trafficsim.report").joinpath("report.html.j2").read_text("utf-8")


# What makes pictures light must not move them.


def test_steps_lead_to_the_same_points_to_a_tenth_without_adding_up_errors():
    points = [(0.04 * k, 100 - 0.3333 * k) for k in range(2000)]
    path = "M " + "L ".join(f"{x:.6f} {y:.6f} \n" for x, y in points) + "z"
    at, reached = [0.0, 0.0], []
    for _, x, y in re.findall(r"([ml])(-?[\d.]+) (-?[\d.]+)", _in_steps(path)):
        at = [at[0] + float(x), at[1] + float(y)]
        reached.append(tuple(at))
    assert len(reached) == len(points)
    assert all(
        abs(a - b) < 0.0501
        for got, wanted in zip(reached, points, strict=True)
        for a, b in zip(got, wanted, strict=True)
    )


def test_a_second_part_of_a_path_begins_where_it_should():
    assert _in_steps("M 1 1 L 2 1 z M 5 5 L 5 6") == "m1 1l1 0zm4 4l0 1"
    assert _in_steps("M 0 0 C 1 0 1 1 2 1.05") == "m0 0c1 0 1 1 2 1"


def test_a_claim_tested_by_something_else_has_its_verdict_behind_what_was_tested():
    """Readers took "supported" in front of the sentence for a verdict on the sentence."""
    told = {"expect": {"metric": "profit", "arm": "private", "more_than": {"arm": "nothing"}}, "says": "It is free"}
    claims = {"free": told | {"source": "article 1; here: it earns more than it costs"}}
    claims["plain"] = told | {"source": "b"}
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html(story(ARMS[:4], 60, 4, claims=json.dumps(claims)))))
    tested = "“It is free” (not )?supported, as tested here Tested here: it earns more than it costs Source: article 1 "
    assert re.search(tested, text)
    assert re.search("(not )?supported : “It is free” Source: b ", text)
    assert source_and_test("文章1；此处只比较利润") == ("文章1", "只比较利润")
    assert source_and_test("a book") == ("a book", "")
