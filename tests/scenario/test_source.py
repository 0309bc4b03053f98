import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_texts import FULL, MINIMAL, lines_of

from trafficsim.scenario import ScenarioError, check_file, load, load_text
from trafficsim.scenario.source import MAX_BYTES, parse

QUOTES = "text that holds ': ' needs quotes, and keys of one section the same indent"


def parsed(text):
    return parse(text, "f.yaml").plain()


def mistakes(text):
    with pytest.raises(ScenarioError) as caught:
        parse(text, "f.yaml")
    return str(caught.value).split("\n")


def test_words_and_numbers_are_those_of_yaml_1_2():
    assert parsed("{a: no, b: on, c: off, d: yes, e: 12:30, f: 2024-01-01, g: 1_000}") == {
        "a": "no", "b": "on", "c": "off", "d": "yes", "e": "12:30", "f": "2024-01-01", "g": "1_000",
    }  # fmt: skip
    assert parsed("{a: true, b: False, c: null, d: ~, e: , f: 'true', g: \"1\"}") == {
        "a": True, "b": False, "c": None, "d": None, "e": None, "f": "true", "g": "1",
    }  # fmt: skip
    assert parsed("[7, -4, +3, 007, 0o17, 0xff, 1.5, .5, 1e3, -2.5E-1]") == [
        7,
        -4,
        3,
        7,
        15,
        255,
        1.5,
        0.5,
        1000.0,
        -0.25,
    ]


def test_every_key_and_value_knows_its_position():
    root = parse("a: 1\n生意:\n  b: [x, {c: 2}]\n", "f.yaml")
    b = root.at(("生意", "b"))
    assert (str(b.key), str(b.where)) == ("f.yaml:3:3", "f.yaml:3:6")
    item = b.value[1]
    assert (str(item.where), str(item.members["c"].key), str(item.members["c"].where)) == (
        "f.yaml:3:10",
        "f.yaml:3:11",
        "f.yaml:3:14",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["f.yaml:1:1: the file is empty"]),
        ("# nothing\n", ["f.yaml:1:1: the file is empty"]),
        ("a: 1\nb: 2\na: 3\n", ["f.yaml:3:1: a: appears twice; first on line 1"]),
        ("a: {b: 1, b: 2}", ["f.yaml:1:11: a.b: appears twice; first on line 1"]),
        (
            "a: &x 1\nb: *x\n",
            [
                "f.yaml:1:4: a: anchors and aliases (&, *) are not supported; write the value out",
                "f.yaml:2:4: b: anchors and aliases (&, *) are not supported; write the value out",
            ],
        ),
        ("a: !!str 5", ["f.yaml:1:4: a: YAML tags (!) are not supported"]),
        ("%YAML 1.1\n---\na: no", ["f.yaml:2:1: YAML directives are not supported"]),
        ("a: 1\n---\nb: 2", ["f.yaml:2:1: a second document; a scenario is one document"]),
        ("a:\n\tb: 1\n", ["f.yaml:2:1: a tab; use spaces"]),
        ("a:\tb", ["f.yaml:1:3: a tab; use spaces"]),
        ("a: .nan\nb: [.inf, -.INF]", [
            "f.yaml:1:4: a: must be a finite number (got .nan)",
            "f.yaml:2:5: b.0: must be a finite number (got .inf)",
            "f.yaml:2:11: b.1: must be a finite number (got -.INF)",
        ]),
        ("a: 1e999", ["f.yaml:1:4: a: must be a finite number (got 1e999)"]),
        ("a: " + "9" * 5000, ["f.yaml:1:4: a: a number of too many digits"]),
        ("1: a\ntrue: b\n? [c]\n: d\n", [
            "f.yaml:1:1: a key must be text (got 1)",
            "f.yaml:2:1: a key must be text (got true)",
            "f.yaml:3:3: a key must be text (got a list)",
        ]),
        ("a: b: c", [f"f.yaml:1:5: not valid YAML: mapping values are not allowed here; {QUOTES}"]),
        ("a: {b: 1， c: 2}", [
            "f.yaml:1:9: a full-width '，'; write ,",
        ]),
        ("a: [2］", ["f.yaml:1:6: a full-width '］'; write ]"]),
        ("a: b: c   # ，", [f"f.yaml:1:5: not valid YAML: mapping values are not allowed here; {QUOTES}"]),
        ("a: [1", ["f.yaml:1:4: not valid YAML: this [ is never closed"]),
        ("a: 1\nb: \x07", ["f.yaml:2:4: not valid YAML: control characters are not allowed"]),
        ('a: "\\a"', ["f.yaml:1:4: a: text must not hold control characters"]),
        ('a: "\\U99999999"', ["f.yaml:1:1: not valid YAML: a character escape that stands for no character"]),
        ("[" * 14, ["f.yaml:1:14: 0.0.0.0.0.0.0.0.0.0.0.0.0: nested deeper than 12"]),
    ],
)  # fmt: skip
def test_traps_of_yaml_are_refused(text, expected):
    assert mistakes(text) == expected


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ":1:1: the file is empty"),
        (b"a: 1\nb: \xff\n", ":2:4: not UTF-8 text; save it as UTF-8"),
        ("\ufeffa: 1".encode("utf-16-le"), ": not a text file; it looks like UTF-16: save it as UTF-8"),
        (b"PK\0\0", ": not a text file"),
        (b"#" * (MAX_BYTES + 1), f": larger than {MAX_BYTES} bytes"),
    ],
)
def test_files_that_are_no_scenario_are_refused(tmp_path, content, says):
    file = tmp_path / "f.yaml"
    file.write_bytes(content)
    assert check_file(file) == [f"{file}{says}"]


def test_missing_files_and_unknown_cases_are_named(tmp_path):
    assert check_file(tmp_path / "f.yaml") == [f"{tmp_path / 'f.yaml'}: no such file"]
    assert check_file(tmp_path)[0].startswith(f"{tmp_path}: can't be read: ")
    (line,) = check_file("no_such_case_at_all")
    assert line.startswith("no_such_case_at_all: no such file or shipped case")


def test_a_bare_name_finds_a_shipped_case_and_suggests_one(tmp_path, monkeypatch):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "corner_shop.yaml").write_text(MINIMAL, encoding="utf-8")
    monkeypatch.setattr("trafficsim.scenario.loading._PACKAGE", tmp_path)
    assert load("corner_shop").name == "corner_shop"
    assert check_file("corner_shp") == [
        "corner_shp: no such file or shipped case; did you mean 'corner_shop'? shipped are: corner_shop"
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    assert load(file) == load_text(FULL, "f")


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["off", "pool", "2024-02-30"])
)
KEYS = st.text(max_size=6) | st.sampled_from(
    [
        "format",
        "customers",
        "places",
        "arms",
        "events",
        "set",
        "day",
        "sources",
        "kind",
        "hooks",
        "start",
        "days",
        "staff",
    ]
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)


def never_anything_but_a_scenario_error(text):
    assert all(line.startswith("f.yaml") for line in lines_of(text))


@given(st.text(alphabet=st.sampled_from("ab01 :-[]{}&*!|>'\"%@#,?\n~.\\xU\x07é生"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text):
    never_anything_but_a_scenario_error(text)


@given(TREES)
@settings(max_examples=200, deadline=None)
def test_any_tree_is_read_or_refused(tree):
    never_anything_but_a_scenario_error(repr(tree).replace("None", "null"))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_damage_to_a_good_file_is_read_or_refused(data):
    lines = FULL.split("\n")
    number = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[number])))
    damage = data.draw(
        st.sampled_from([": ", "{", "}", ", ", "off", "x", "[1]", "- ", "\n", "'", "null", "-1", "*a", "2024-01-01"])
    )
    cut = data.draw(st.integers(0, 12))
    lines[number] = lines[number][:column] + damage + lines[number][column + cut :]
    never_anything_but_a_scenario_error("\n".join(lines))


def test_lines_of_a_chinese_text_are_put_together_without_blanks():
    told = parsed("a: >\n  群里有优惠。\n  每天\n  都有 2 条\nb: 群里 有\nc: |\n  群里\n  有\nd: 群里\n  有\n")
    assert told == {"a": "群里有优惠。每天都有 2 条\n", "b": "群里 有", "c": "群里\n有\n", "d": "群里有"}
