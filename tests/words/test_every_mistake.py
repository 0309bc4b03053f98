# ruff: noqa: E501 - a mistake is one line, and so is its row in a table
"""No mistake that a command can tell stays English where Chinese is asked for: all are looked up in the source."""

import ast
import re
from pathlib import Path

import pytest

import trafficsim
from trafficsim.words.mistaken import mistake_in

SOURCE = Path(trafficsim.__file__).parent
MAKERS = ("BadParameter", "Mistake", "Fault", "mistake", "key_mistake", "_refuse", "_refused", "_complain")
"""Calls besides errors whose text a reader sees."""
FROM_PYTHON = (
    "compiled", "kernel", "mcp", "plots", "results/__init__", "results/levers", "results/pictures", "results/result",
    "results/about", "report/clauses", "words/language", "engine/mesa_model", "engine/customer_set", "engine/own_day",
    "engine/spreading", "engine/world", "population/ties", "study/__init__", "__init__", "files/packed",
    "scenario/loading.py: a scenario is what", "scenario/replacing.py: settings to replace", "scenario/tree.py: a value",
    "study/comparison.py: 7 is about", "study/comparison.py: no replicate", "study/swept.py: 7: not the data",
    "study/leaning.py: what an answer", "study/varying.py: a span is (low", "words/asked.py: 7 must be consecutive",
    "words/asked.py: confidence", "study/worlds.py: uncertain: 7", "scenario/sums.py: 7 7", "scenario/source.py: ;",
    "scenario/source.py: not a text file7", "journeys/two_worlds.py: no arm 7 in this journey",
    "scenario/sums.py: somebody", "mechanisms/shared/own.py: mechanism", "study/attributing.py: 7 has no",
)  # fmt: skip
"""What is told to who writes Python: commands don't get there, or check before; and parts of lines."""
EMPTY = ("did_you_mean", "near", "there_are", "hint", "like", "meant", "asks", "comma")
"""What is put in that may be nothing."""
AS_WRITTEN = {
    "wanted": "a number", "span": "from 1 to 7", "' or '.join(DAYS_OF)": "day or week",
    "did_you_mean(name, cases) or ';'": ";",
}  # fmt: skip


OF_A_CELL = (
    "is no number; write digits such as 1200 or 1,200, or leave it empty", "the date of row 7 too",
    "its days begin before those of row 7 have ended", "is no date; write 2026-01-31, 2026-W05 or 2026-01",
)  # fmt: skip
"""What the content of a cell stands in front of (`Fault.cell`)."""
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")
"""What no Chinese sentence holds, but for commands."""


def texts_of(node):
    """All texts that an expression can be, with samples for what is put in."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        found = "".join(part.value if isinstance(part, ast.Constant) else sample(part) for part in node.values)
        return [found.replace("shipped case shipped", "shipped case; shipped")]
    if isinstance(node, ast.IfExp):
        return [text for side in (node.body, node.orelse) for text in texts_of(side)]
    if isinstance(node, ast.BoolOp):
        return [text for side in node.values for text in texts_of(side)]
    return []


def sample(part):
    if isinstance(part.value, ast.IfExp):
        return texts_of(part.value)[0]
    says = ast.unparse(part.value)
    if says.split("(")[0].split("[")[0] in EMPTY:
        return ""
    return AS_WRITTEN.get(says, "7")


def mistakes_in_source():
    """Texts by the file that makes them."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where, arguments = path.relative_to(SOURCE).as_posix(), []
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).split(".")[-1]
                arguments = node.args if name.endswith("Error") or name in MAKERS else []
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "says":
                arguments = [node.value]
            told = (text for argument in arguments for text in texts_of(argument))
            yield from ((where, text) for text in told if re.search("[a-z]{2,} ", text))


def test_every_mistake_of_a_command_has_chinese_words():
    known = [(where, text.strip()) for where, text in mistakes_in_source()]
    assert len(known) > 300, "the source is read wrongly"
    told = {f"{where}: {says}": mistake_in("zh", f"'7' {says}" if says in OF_A_CELL else says) for where, says in known}
    english = [
        each
        for each, says in told.items()
        if not each.startswith(FROM_PYTHON) and (each.endswith(f": {says}") or ENGLISH.search(says))
    ]
    assert not english, "\n".join(f"{each}\n    {told[each]}" for each in english)


@pytest.mark.parametrize(
    ("says", "chinese"),
    [
        ("'x' is no number; write digits such as 1200 or 1,200, or leave it empty", "'x' 不是数字；请写 1200 或 1,200 这样的数字，或留空"),
        ("no arm 'x'; this scenario has nothing, paid", "没有 'x' 这个方案；本场景的方案有 nothing, paid"),
        ("--vary: product.price: a span must rise (got 3 to 1)", "--vary: product.price: 范围必须由小到大（实际为 3 至 1）"),
        ("--limit: 'a: b' is what: nobody knows", "--limit: 'a: b' is what: nobody knows"),
        ("B: r holds no finished comparison (r/results.nc: no such file)", "B: r 里没有已完成的比较（r/results.nc: 没有这个文件）"),
    ],
)  # fmt: skip
def test_what_is_put_in_stays_as_it_was_typed(says, chinese):
    assert mistake_in("zh", says) == chinese
