"""Scenario files broken at random: in their text, and in what they say; and what must become of each of them."""

import copy
import json
import random
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from trafficsim.scenario import ScenarioError, estimate, load_text, shipped

CASES = Path(__file__).parent / "data" / "cases"
LABEL = "f.yaml"
SECONDS = 20.0
"""Processor time beyond which a mutant hangs: the largest shipped file loads in a fortieth of it."""

CHARACTERS = (
    "\0\a\b\t\r\x1b\x7f\x85\xa0\u200b\u200e\u202e\u2028\u2066\ufeff\ud7ff\ue000：，｛］　{}[]:,#&*!|>%@`'\"\\-?~é店😀"
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 7, 255, 256, 65_536, 2**31, 2**63, -(2**63), 0.5, -0.5, 1e-300, 5e-324, 1e300,
    "", " ", "off", "text", "a.b", "a b", "1", "1e3", ".", "..", "*", "café", "店", "\u200b", "\x1b[31m", "x" * 300,
    "2024-02-30", "9999-12-31", "0001-01-01", "$\\q$", [], {}, [1, 2], [2, 1], [1], ["a"], [None], [[1]], [{}],
    {"a": 1}, {"": 1}, {"a": {"b": [1]}}, {"a.b": None}, {"\x1b": 1},
)  # fmt: skip


def sources() -> dict[str, str]:
    """The texts that are broken: all shipped cases, and the small ones of the tests."""
    files = [*shipped().values(), *sorted(CASES.glob("*.yaml"))]
    return {file.stem: file.read_text("utf-8") for file in files}


def mutant(texts: dict[str, str], seed: int, number: int) -> str:
    """A broken file; the same for the same seed and number."""
    luck = random.Random(f"{seed} {number}")
    text = texts[luck.choice(sorted(texts))]
    return _text_broken(luck, text) if luck.random() < 0.4 else _tree_broken(luck, text, texts)


def _text_broken(luck: random.Random, text: str) -> str:
    for _ in range(luck.choice((1, 1, 1, 2, 5))):
        text = luck.choice((_cut, _doubled, _typed, _indented, _line_moved, _number_changed))(luck, text)
    return text


def _span(luck: random.Random, text: str, longest: int) -> tuple[int, int]:
    first = luck.randrange(len(text) + 1)
    return first, min(len(text), first + luck.randint(1, longest))


def _cut(luck: random.Random, text: str) -> str:
    first, last = _span(luck, text, luck.choice((1, 3, 30, 3000)))
    return text[:first] + text[last:]


def _doubled(luck: random.Random, text: str) -> str:
    first, last = _span(luck, text, luck.choice((3, 30, 300)))
    return text[:last] + text[first:last] + text[last:]


def _typed(luck: random.Random, text: str) -> str:
    first, _ = _span(luck, text, 1)
    return text[:first] + "".join(luck.choices(CHARACTERS, k=luck.choice((1, 1, 2, 6)))) + text[first:]


def _indented(luck: random.Random, text: str) -> str:
    lines = text.split("\n")
    k = luck.randrange(len(lines))
    lines[k] = luck.choice(("", " ", "  ", "- ", "    ")) + lines[k].lstrip()
    return "\n".join(lines)


def _line_moved(luck: random.Random, text: str) -> str:
    lines = text.split("\n")
    moved = lines.pop(luck.randrange(len(lines)))
    lines.insert(luck.randrange(len(lines) + 1), moved)
    return "\n".join(lines)


def _number_changed(luck: random.Random, text: str) -> str:
    digits = [k for k, character in enumerate(text) if character.isdigit()]
    if not digits:
        return text
    k = luck.choice(digits)
    return text[:k] + luck.choice(("", "-", "0", "9" * 12, "e5", ".", "e-300", "_", "０", "0x")) + text[k + 1 :]


def _tree_broken(luck: random.Random, text: str, texts: dict[str, str]) -> str:
    tree = YAML(typ="safe", pure=True).load(text)
    for _ in range(luck.choice((1, 1, 1, 2, 4))):
        places = list(_places(tree))
        holder, key = luck.choice(places)
        change = luck.random()
        if change < 0.55:
            holder[key] = copy.deepcopy(luck.choice(VALUES))
        elif change < 0.65:
            del holder[key]
        elif change < 0.85:  # what stands elsewhere, perhaps in another file
            other = tree if luck.random() < 0.7 else YAML(typ="safe", pure=True).load(texts[luck.choice(sorted(texts))])
            there, name = luck.choice(list(_places(other)))
            holder[key] = copy.deepcopy(there[name])
        elif isinstance(holder, dict):
            name = luck.choice((str(key) + "x", "off", "", "a.b", "\u200b", "1", str(luck.choice(VALUES)), "店"))
            holder[name] = copy.deepcopy(holder[key]) if luck.random() < 0.5 else holder.pop(key)
        else:
            holder.append(copy.deepcopy(luck.choice(VALUES)))
        if not tree:
            break
    return json.dumps(tree, default=str, ensure_ascii=luck.random() < 0.5, indent=1)


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every value of a tree, as what holds it and its key there."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else []
    for key in keys:
        yield tree, key
        yield from _places(tree[key])


def problem(text: str) -> str:
    """What is wrong with how a file ends: with anything but a scenario or lines that each begin with a position."""
    began = time.process_time()
    try:
        said = _ended(text)
    except Exception:  # noqa: BLE001 - whatever is raised is what is looked for
        return traceback.format_exc()
    if (taken := time.process_time() - began) > SECONDS:
        return f"took {taken:.0f} s"
    lines = said.split("\n") if said else []
    bad = [line for line in lines if not line.startswith(LABEL) or not line.isprintable()]
    return "\n".join(f"not one plain line: {line!r}" for line in bad)


def _ended(text: str) -> str:
    """What was said of a file: its mistakes, or nothing after all was asked of it that a command asks before a run."""
    try:
        case = load_text(text, Path(LABEL).stem)
        estimate(case, 16, 2)
    except ScenarioError as error:
        return str(error)
    for asked in (case.notes, case.changes, case.provenance, case.defaults, case.routes_off):
        asked()
    return "" if load_text(case.text, "again").digest == case.digest else f"{LABEL}: \0 reads otherwise once written"
