"""Built-in words in the reader's language."""

import ast
import datetime as dt
import json
import re
import string
from collections import Counter
from pathlib import Path

import pytest

import trafficsim
from trafficsim.books.metrics import METRICS
from trafficsim.results.measures import LABELS
from trafficsim.words.dates import numbered, numbered_days
from trafficsim.words.folding import unfolded
from trafficsim.words.language import LANGUAGES, catalogue, words

SOURCES = sorted(Path(trafficsim.__file__).parent.rglob("*.py"))
TEMPLATES = sorted(Path(trafficsim.__file__).parent.rglob("*.j2"))
OTHERS = [language for language in LANGUAGES if language != "en"]


def said_by(source: str) -> set[str]:
    """The literal texts of all calls of a function named `say` or of an attribute of that name."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    named = [call for call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) == "say"]
    return {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_that_is_said_is_in_the_catalogue(language):
    in_code = {text for path in SOURCES for text in said_by(path.read_text(encoding="utf-8"))}
    in_templates = {
        text for path in TEMPLATES for text in re.findall(r'\bsay\("([^"]+)"', path.read_text(encoding="utf-8"))
    }
    labels = {metric.label for metric in METRICS} | set(LABELS.values())
    missing = sorted((in_code | in_templates | labels) - set(catalogue(language)))
    assert not missing


@pytest.mark.parametrize("language", OTHERS)
def test_no_words_stand_in_two_files(language):
    """One of them would win in silence; what several rooms say stands in shared.json."""
    files = sorted((Path(trafficsim.__file__).parent / "words" / language).glob("*.json"))
    said = Counter(text for file in files for text in json.loads(file.read_text(encoding="utf-8")))
    assert [text for text, files_ in said.items() if files_ > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_puts_in_the_same_names(language):
    differ = [text for text, other in catalogue(language).items() if fields(text) != fields(other)]
    assert not differ


def test_english_says_the_text_itself():
    assert words("en")("{arm} overtakes {other}", arm="a", other="b") == "a overtakes b"


def test_chinese_comes_from_the_catalogue():
    assert words("zh")("orders") == "订单"


def test_words_without_a_translation_are_an_error():
    with pytest.raises(LookupError, match="no words in 'zh' for 'never said'"):
        words("zh")("never said")


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="no language 'fr'; there are en, zh"):
        words("fr")


def test_calls_are_found():
    assert said_by('say("a"); self.say("b {x}", x=1); say(name)') == {"a", "b {x}"}


def test_blanks_set_numbers_apart_but_no_chinese():
    say = words("zh")
    assert say("{count} more orders", count="300") == "多 300 单"
    assert say("{count} more orders", count="6.00万") == "多 6.00万单"
    assert say("{low} to {high}", low="6.00万", high="7.00万") == "6.00万 至 7.00万"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("一群人。 每天", "一群人。每天"),
        ("一群 人， 2 个", "一群人，2 个"),
        ("有 3 个 App 可用", "有 3 个 App 可用"),
        ("他说 “好”", "他说“好”"),
        ("one. Two", "one. Two"),
    ],
)
def test_lines_of_a_chinese_text_are_put_together_without_blanks(text, told):
    assert unfolded(text) == told


def test_a_day_of_the_file_is_told_with_its_date_if_that_of_day_0_is_known():
    start = dt.date(2024, 1, 1)
    assert numbered(60, start) == "day 60 (1 Mar 2024)"
    assert numbered(60, start, "zh") == "2024年3月1日"
    assert numbered(60, None) == "day 60"
    assert numbered_days(0, 59, start) == "days 0 to 59 (1 Jan 2024 to 29 Feb 2024)"
    assert numbered_days(0, 59, start, "zh") == "2024年1月1日至2024年2月29日"
    assert numbered_days(0, 59, None) == "days 0 to 59"
