"""Every public name says what it is: functions and methods each parameter and error, classes each field and method."""

import dataclasses
import inspect
import re

import pytest

import trafficsim as ts

RAISE_NOTHING = {"column": "declarations, which are checked where the mechanism is", "counter": "the same"}
FUNCTIONS = [name for name in ts.__all__ if inspect.isfunction(getattr(ts, name))]
CLASSES = [name for name in ts.__all__ if inspect.isclass(getattr(ts, name))]


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


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_names_its_parameters_and_errors(name):
    function = getattr(ts, name)
    text = inspect.getdoc(function)
    assert unnamed(parameters(function), text) == []
    assert "Args:\n" in text
    assert "Raises:\n" in text or name in RAISE_NOTHING


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


def test_what_says_nothing_is_found():
    def silent(how):
        """Do it."""

    assert unnamed(parameters(silent), inspect.getdoc(silent)) == ["how"]
