"""What CONTRIBUTING.md says of the code holds for all of it."""

import ast
from pathlib import Path

import pytest

import trafficsim

SOURCES = Path(trafficsim.__file__).parent
MOST_PARAMETERS = 8
FILES = sorted(SOURCES.rglob("*.py"))


def parameters(function, *, public):
    """How many parameters a function takes, `self` and `cls` apart; of a public one without its options."""
    given = function.args
    by_position = [a for a in (*given.posonlyargs, *given.args) if a.arg not in {"self", "cls"}]
    options = [] if public else given.kwonlyargs
    return len(by_position) + len(options) + sum(a is not None for a in (given.vararg, given.kwarg))


def is_command(path, function):
    return path.parent.name == "cli" and function.name == path.stem


def too_many(path, text):
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return [
        function.name
        for function in functions
        if not is_command(path, function)
        and parameters(function, public=not function.name.startswith("_")) > MOST_PARAMETERS
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_no_function_takes_more_than_eight_parameters(path):
    """Options of public functions (which have to be named) and of commands apart."""
    assert too_many(path, path.read_text("utf-8")) == []


def test_what_takes_more_is_found():
    many = ", ".join(f"p{k}" for k in range(9))
    assert too_many(Path("a.py"), f"def one({many}): ...") == ["one"]
    assert too_many(Path("a.py"), f"class A:\n  def one(self, {many[:-4]}, *more): ...") == ["one"]
    assert too_many(Path("a.py"), f"class A:\n  def one(self, {many[:-4]}): ...") == []
    assert too_many(Path("a.py"), f"def one(*, {many}): ...") == []
    assert too_many(Path("a.py"), f"def _one(*, {many}): ...") == ["_one"]
    assert too_many(Path("cli/one.py"), f"def one({many}): ...\ndef other({many}): ...") == ["other"]
