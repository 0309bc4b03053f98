"""The bits of all rules and of small worlds, to compare compiled with uncompiled code; `python bits.py` prints them."""

import ast
import importlib
import inspect
import json
import sys
from pathlib import Path

import numpy as np

import trafficsim
from worlds import LIVELY, after, digests, world_of

PACKAGE = Path(trafficsim.__file__).parent
DRAWS = 200
"""Sets of arguments that each rule is called with."""


def rules():
    """Every rule of the package that takes no arrays, as (module, name)."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "@rule" not in text:  # parsing takes its time, and each worker collects
            continue
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and "rule" in [ast.unparse(d) for d in node.decorator_list]:
                kinds = [ast.unparse(argument.annotation) for argument in node.args.args]
                if not any(kind == "Numbers" or "NDArray" in kind for kind in kinds):
                    found.append((module, node.name))
    return found


def arguments(function, module, draw, of):
    """One set of arguments by their annotations: numbers up to 3 or 1, streams, and records of the world."""
    made = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.annotation is float:
            made.append(float(draw.uniform(0, 1) if name in ("u", "taste", "p", "usual") else draw.uniform(0, 3)))
        elif parameter.annotation is int:
            made.append(int(draw.integers(0, 60)))
        elif parameter.annotation is bool:
            made.append(bool(draw.integers(0, 2)))
        elif parameter.annotation is np.uint64:
            made.append(np.uint64(draw.integers(0, 2**64, dtype=np.uint64)))
        else:
            section = {"place": "places", "p": module.rpartition(".")[2], "hook": "hooks", "entry": "posts"}.get(
                name, name
            )
            made.append(getattr(of.settings, section)[0, 0])
    return made


def written(value):
    """A number with all its bits."""
    return float(value).hex() if isinstance(value, float | np.floating) else str(int(value))


def bits_of_rules():
    """What every rule returns for its sets of arguments."""
    of, found = world_of(LIVELY), {}
    with np.errstate(over="ignore"):
        for module, name in rules():
            function = getattr(importlib.import_module(module), name)
            plain = getattr(function, "py_func", function)
            draw = np.random.default_rng(11)
            found[f"{module}.{name}"] = [written(function(*arguments(plain, module, draw, of))) for _ in range(DRAWS)]
    return found


def bits_of_worlds():
    """Digests of all columns, tallies and members of two small worlds."""
    mixed = {"customers.ties.kind": "mixed", "word_of_mouth.who": "aware"}
    return {"lively": digests(after(LIVELY)), "mixed": digests(after(LIVELY, mixed, until=12))}


def all_bits():
    """Both."""
    return {"rules": bits_of_rules(), "worlds": bits_of_worlds()}


if __name__ == "__main__":
    json.dump(all_bits(), sys.stdout)
