"""Every public name says what it is: functions and methods each parameter and error, classes each field and method.

What gives arrays says their shape, what gives tables their columns, and what draws conclusions from samples its source.
"""

import ast
import dataclasses
import inspect
import re
import textwrap

import pytest

import trafficsim as ts

RAISE_NOTHING = {"column": "declarations, which are checked where the mechanism is", "counter": "the same"}
FUNCTIONS = [name for name in ts.__all__ if inspect.isfunction(getattr(ts, name))]
CLASSES = [name for name in ts.__all__ if inspect.isclass(getattr(ts, name))]
STATISTICAL = ["against", "calibrate", "channels", "compare", "explain", "meet_facts", "plan", "power", "sensitivity"]
STATISTICAL += ["solve", "sweep"]
"""Functions whose answers rest on a method of statistics or search, which they name with its author and year."""
CHECKS = ("asked.", "metric(", "self._check_arms", "named(")
"""Calls that refuse what can't be, by how they begin."""


def unnamed(words, text):
    return [word for word in words if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text or "")]


def parameters(function):
    return [name for name in inspect.signature(function).parameters if name not in {"self", "cls"}]


def methods(cls):
    """Public methods and properties as functions, by name."""
    for name, value in vars(cls).items():
        function = next((getattr(value, at) for at in ("fget", "func", "__func__") if getattr(value, at, None)), value)
        if not name.startswith("_") and inspect.isfunction(function):
            yield name, function


def fields(cls):
    """Fields of a dataclass without a docstring of their own below."""
    source = inspect.getsource(cls)
    own = set(re.findall(r'^    (\w+):[^\n]*\n    """', source, re.MULTILINE))
    return [each.name for each in dataclasses.fields(cls) if not each.name.startswith("_") and each.name not in own]


def test_each_name_is_a_function_or_a_class():
    assert sorted(FUNCTIONS + CLASSES) == sorted(ts.__all__)


def refuses(function):
    """Whether it raises something by itself, or asks one of our checks to."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    calls = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
    return bool(raised) or any(call.startswith(CHECKS) for call in calls)


def lacking(function, says):
    """What the docstring of a method leaves out: its errors, the shape of an array, the columns of a table."""
    gives = str(inspect.signature(function).return_annotation)
    if refuses(function) and "Raises:\n" not in says:
        yield "Raises"
    if re.search("ndarray|DataArray|NDArray", gives) and not re.search(r"`\([a-z]+.*\)`", says):
        yield "shape"
    if "DataFrame" in gives and not re.search(r"[Cc]olumns?\b", says):
        yield "columns"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_names_its_parameters_and_errors(name):
    function = getattr(ts, name)
    text = inspect.getdoc(function)
    assert unnamed(parameters(function), text) == []
    assert "Args:\n" in text
    assert "Returns:\n" in text or inspect.signature(function).return_annotation in {None, "None"}
    assert "Raises:\n" in text or name in RAISE_NOTHING


@pytest.mark.parametrize("name", STATISTICAL)
def test_a_statistical_function_names_its_source(name):
    assert re.search(r"[A-Z]\w+[\w\s'’,.(]{1,80}\b(19|20)\d\d\b", inspect.getdoc(getattr(ts, name)))


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_names_its_fields_and_its_methods_say_what_they_do(name):
    cls = getattr(ts, name)
    text = inspect.getdoc(cls)
    assert text
    if dataclasses.is_dataclass(cls):
        assert unnamed(fields(cls), text) == []
    for method, function in methods(cls):
        says = inspect.getdoc(function)
        assert says, method
        assert unnamed(parameters(function), f"{says} {text}") == [], method
        assert list(lacking(function, says)) == [], method


def test_what_says_nothing_is_found():
    def silent(how):
        """Do it."""

    def refusing(how) -> "ndarray":  # noqa: F821 - a name is what is looked at
        """Do it."""
        raise ValueError(how)

    assert unnamed(parameters(silent), inspect.getdoc(silent)) == ["how"]
    assert list(lacking(silent, inspect.getdoc(silent))) == []
    assert list(lacking(refusing, inspect.getdoc(refusing))) == ["Raises", "shape"]
