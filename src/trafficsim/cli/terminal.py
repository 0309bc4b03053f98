"""What is shown while a command runs and when it is done."""

import codecs
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trafficsim.words.language import Language

COLUMNS = 80
"""Of what is printed where the width isn't known."""
READABLE = 100
"""Columns of a paragraph at most, however wide the terminal is."""


def open_closed_streams() -> None:
    """Standard streams that were closed lead nowhere instead: else the next file opened would be taken for one."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 - it stays open to the end
            if nowhere.fileno() != number:
                os.dup2(nowhere.fileno(), number)
            setattr(sys, name, nowhere)


def speak_anywhere() -> None:
    """No character that a terminal or pipe can't take may end a run; plain ASCII is taken for a forgotten locale."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            forgotten = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if forgotten else stream.encoding, errors="replace")


def heard(says: str) -> str:
    """A line that is told in the language of help (see `help_language`)."""
    from trafficsim.cli.options import help_language
    from trafficsim.words.mistaken import mistake_in

    return mistake_in(help_language(sys.argv), says)


def announce_compilation(language: "Language") -> None:
    """Say why nothing happens for a while, if so."""
    from trafficsim.study.notebook import compiling

    if said := compiling(language):
        print(said, file=sys.stderr, flush=True)


def warn_plainly() -> None:
    """A warning for whoever typed a command is a line as any other; one for programmers stays as Python has it."""
    as_python_has_it = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *rest: Any, **named: Any) -> None:
        if category.__name__ == "CompiledCodeWarning":  # importing it would import the compiler
            print(heard(str(message)), file=sys.stderr, flush=True)
        else:
            as_python_has_it(message, category, *rest, **named)

    warnings.showwarning = show


@contextmanager
def progress(
    language: "Language", what: str, total: int | None, /, **put_in: object
) -> Iterator[Callable[..., None] | None]:
    """A bar with the remaining time on standard error, if that is a terminal; yields what moves it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from trafficsim.words.language import words

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield partial(bar.update, bar.add_task(words(language)(what, **put_in), total=total))


def print_json(text: str) -> None:
    """JSON is UTF-8 whatever the locale."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(text, end="")


def print_json_answer(answer: str, plain: Mapping[str, Any]) -> None:
    """An answer as JSON that names its schema (`report.json_schemas`)."""
    from trafficsim.report.json_schemas import json_answer

    print_json(json_answer(answer, plain))


def written_to(language: "Language", where: Path, names: Sequence[str] = ()) -> str:
    """Where an answer was written, and as which files if it is a folder."""
    from trafficsim.words.language import words

    say = words(language)
    if not names:
        return say("Written to {where}", where=where)
    return say("Written to {where}: {files}", where=where, files=", ".join(names))


def console() -> Any:
    """Standard output, 80 columns wide where it is no terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else COLUMNS, highlight=False, soft_wrap=False)


def print_sentences(title: str, sentences: Iterable[str], written: str = "") -> None:
    """A title, sentences below it and where they were written, cut at the width where a language allows it."""
    from trafficsim.words.folding import folded

    shown = console()
    for text, style in [(title, "bold"), *((sentence, "") for sentence in (*sentences, written))]:
        if text:
            shown.print(folded(text, shown.width), style=style or None, markup=False)


def require(language: "Language", excel: bool) -> None:
    """Say what is missing before anything runs; plotting loads slowly, and English needs no fonts but its own."""
    if language != "en":
        from trafficsim.plots import require_fonts

        require_fonts(language)
    if excel:
        from trafficsim.report import require_excel

        require_excel()


def print_result(result: Any, reader: "Language", folder: Path, written: list[str], as_json: bool) -> None:
    """The answer of a comparison, and where it was written."""
    if as_json:
        print_json_of(result, reader)
    else:
        print_answer(result, reader)
        print_written(reader, folder, written)


def print_json_of(result: Any, reader: "Language") -> None:
    """The answer of a comparison as JSON."""
    from trafficsim.report.export import to_json

    print_json_answer("compare", to_json(result, language=reader))


def print_written(reader: "Language", folder: Path, written: list[str]) -> None:
    """Where an answer was written."""
    console().print(written_to(reader, folder, written), markup=False)


def print_answer(result: Any, reader: "Language") -> None:
    """The answer of a comparison in words and tables, under its labels."""
    from trafficsim import report
    from trafficsim.report.answer import answered
    from trafficsim.report.voice import Voice
    from trafficsim.results.labelled import labelled
    from trafficsim.words.folding import folded

    result = labelled(result)
    shown, told = console(), answered(result, language=reader)
    width = min(shown.width, READABLE)
    shown.print(folded(result.title, width), style="bold", markup=False)
    paragraphs = [
        (told.question, "italic"),
        *((doubt, "yellow") for doubt in told.doubts),
        (told.headline, "bold"),
        *((sentence, "") for sentence in [*told.said, *told.more]),
        (Voice(reader).joined(told.small), "dim"),
    ]
    for text, style in paragraphs:
        if text:
            shown.print(folded(text, width), style=style or None, markup=False)
            shown.print()
    shown.print(report.terminal_table(result, language=reader))
