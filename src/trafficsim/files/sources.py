"""Sources of this package's modules, and which of them import which."""

import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


@cache
def module_sources() -> dict[str, bytes]:
    """The source of every module of this package, by its name."""
    return {_module_name(path): path.read_bytes() for path in PACKAGE.rglob("*.py")}


def with_imported(sources: dict[str, bytes], first: list[str]) -> dict[str, bytes]:
    """The sources of some modules and of all that they import."""
    found: dict[str, bytes] = {}
    waiting = list(first)
    while waiting:
        name = waiting.pop()
        if name not in found and name in sources:
            found[name] = sources[name]
            waiting.extend(_imports(sources[name]))
    return found


def _module_name(path: Path) -> str:
    parts = (PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _imports(source: bytes) -> tuple[str, ...]:
    """Names of this package's modules that a source may import (and some that are not modules)."""
    pattern = rf"(?:from|import)\s+({PACKAGE.name}(?:\.\w+)*)(?:\s+import\s+(\([^)]*\)|[^\n]*))?"
    found = []
    for module, names in re.findall(pattern, source.decode()):
        if module != PACKAGE.name:
            found.append(module)
        found += [f"{module}.{name}" for name in re.findall(r"\w+", names)]
    return tuple(found)
