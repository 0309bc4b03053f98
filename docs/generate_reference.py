"""Write docs/commands.md and docs/variables.md: every option of every command, and every variable of a result.

    python docs/generate_reference.py

A few seconds. Texts come from the parsers of the command line, from what results.nc says of its variables, and from the
declarations of metrics, series and columns.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

import typer.models
from generate_mechanisms import shown

from trafficsim import compare, load
from trafficsim.books.metrics import METRICS
from trafficsim.cli.commands import COMMANDS
from trafficsim.files.whole import write_whole
from trafficsim.kernel.columns import GROUPS, described
from trafficsim.results.measures import FLOWS, LABELS, MONEY_SERIES

HERE = Path(__file__).parent
PLACEHOLDER = re.compile(r"^@(\w+)@$", re.MULTILINE)
"""A line of a page's template (`.md.in`) that a table takes the place of."""


def commands() -> Iterator[str]:
    """What can be typed."""
    yield from ("| command | what it does |", "| --- | --- |")
    yield from (f"| [`{name}`](#{name}) | {_paragraphs(command)[0]} |" for name, command in COMMANDS.items())
    for name, command in COMMANDS.items():
        options = list(asked_by(command))
        named = " ".join(each.shown for each in options if each.is_argument)
        yield from ("", f"## {name}", "", "```text", f"trafficsim {name} {named} [OPTIONS]", "```", "")
        for paragraph in _paragraphs(command):
            said, _, example = paragraph.partition("Example: ")
            yield from (said.strip(), "") if said else ()
            yield from ("```sh", example, "```", "") if example else ()
        yield from ("| argument or option | value | meaning | default |", "| --- | --- | --- | --- |")
        for each in options:
            yield f"| {each.name} | {_cell(each.value)} | {_cell(each.info.help or '')} | {each.default} |"


def _paragraphs(command: Callable[..., None]) -> list[str]:
    """What the help says of a command: paragraphs, an example as typed."""
    return [re.sub(r"\s+", " ", each.strip("\b\n")) for each in (inspect.getdoc(command) or "").split("\n\n")]


class Asked(NamedTuple):
    """An argument or an option of a command, as its function declares it."""

    key: str
    kind: Any
    info: typer.models.ParameterInfo
    given: Any

    @property
    def is_argument(self) -> bool:
        """Whether it is given by its position."""
        return isinstance(self.info, typer.models.ArgumentInfo)

    @property
    def shown(self) -> str:
        """An argument's placeholder."""
        return self.info.metavar or self.key.upper()

    @property
    def name(self) -> str:
        """As it is typed."""
        if self.is_argument:
            return f"`{self.shown}`"
        # The first name of an option is declared where its default would otherwise stand.
        declared = [each for each in (self.info.default, *(self.info.param_decls or ())) if str(each).startswith("--")]
        return ", ".join(f"`{name}`" for name in declared or [f"--{self.key.replace('_', '-')}"])

    @property
    def value(self) -> str:
        """What may be given: a placeholder, or a kind of number with its range; nothing for a switch."""
        if self.is_argument or self.kind is bool:
            return ""
        if self.info.metavar:
            return f"`{self.info.metavar}`"
        words = {int: "whole number", float: "number", Path: "path", str: "text"}
        limits = (("from", self.info.min), ("to", self.info.max))
        return " ".join([words[self.kind], *(f"{word} {limit:,}" for word, limit in limits if limit is not None)])

    @property
    def default(self) -> str:
        """What holds where it isn't given."""
        if self.given is inspect.Parameter.empty:
            return "required"
        return "" if self.given in (None, False) else f"`{self.given}`"


def asked_by(command: Callable[..., None]) -> Iterator[Asked]:
    """Arguments and options of a command, in their order."""
    kinds = get_type_hints(command, include_extras=True)
    for key, parameter in inspect.signature(command).parameters.items():
        kind, info = get_args(kinds[key])[:2]
        bare = [each for each in get_args(kind) if each is not type(None)] if type(None) in get_args(kind) else [kind]
        if not info.hidden:
            yield Asked(key, bare[0], info, parameter.default)


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


def tables() -> dict[str, Iterator[str]]:
    """What takes the place of each placeholder; variables are those of a small run of a shipped case."""
    small = load("restaurant").replace({"customers.count": 500, "days": 10})
    data = compare(small, replicates=2, seed=1, workers=1).data
    by_day = [name for name in data.data_vars if "day" in data[name].dims]
    return {
        "COMMANDS": commands(),
        "BY_DAY": _rows(data, by_day, ("arm", "replicate", "day")),
        "OVER_THE_RUN": _rows(data, [name for name in data.data_vars if name not in by_day], ("arm", "replicate")),
        "METRICS": metrics(),
        "SERIES": series(),
        "COLUMNS": columns(),
    }


def metrics() -> Iterator[str]:
    """What a table of arms shows."""
    yield from ("| metric | unit | better | meaning |", "| --- | --- | --- | --- |")
    yield from (f"| `{each.name}` | {each.unit} | {each.better} | {_cell(each.meaning)} |" for each in METRICS)


def series() -> Iterator[str]:
    """What curves show."""
    yield from ("| series | unit | by day | label |", "| --- | --- | --- | --- |")
    for name, label in LABELS.items():
        unit = "money" if name in MONEY_SERIES else name if name in {"members", "orders"} else "customers"
        yield f"| `{name}` | {unit} | {'flow' if name in FLOWS else 'level'} | {label} |"


def _rows(data: Any, names: Iterable[Any], all_have: tuple[str, ...]) -> Iterator[str]:
    yield from ("| variable | further dimensions | unit | meaning |", "| --- | --- | --- | --- |")
    for name in names:
        about = data[name].attrs
        more = ", ".join(f"`{each}`" for each in data[name].dims if each not in all_have)
        yield f"| `{name}` | {more} | {about['units']} | {_cell(about['long_name'])} |"


def columns() -> Iterator[str]:
    """What a world holds of each customer, group by group."""
    for name, group in GROUPS.items():
        yield from (f"### {name}", "", *(inspect.getdoc(group) or "").splitlines(), "")
        yield from ("| column | type | unit or range | meaning | empty |", "| --- | --- | --- | --- | --- |")
        for column, about in described(group).items():
            kind = f"`{about.dtype}`" + (" by eight places" if about.by_eight_places else "")
            yield f"| `{column}` | {kind} | {about.unit} | {_cell(about.meaning)} | {shown(about.empty)} |"
        yield ""


def pages() -> dict[str, str]:
    """Both pages by their names."""
    put_in = tables()
    templates = {name: (HERE / f"{name}.in").read_text(encoding="utf-8") for name in ("commands.md", "variables.md")}
    return {name: PLACEHOLDER.sub(lambda at: "\n".join(put_in[at[1]]), text) for name, text in templates.items()}


def main() -> None:
    """Write both pages."""
    for name, text in pages().items():
        write_whole(HERE / name, text)


if __name__ == "__main__":
    main()
