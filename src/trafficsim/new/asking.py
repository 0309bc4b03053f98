"""From options and typed answers to a file; what isn't given is asked, again until a scenario could hold it."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from trafficsim.files import write_whole
from trafficsim.language import Language, Words, words
from trafficsim.new.drafting import new_scenario, refused
from trafficsim.new.questions import CHOICES, KINDS, QUESTIONS, Kind, choice_mistakes, chosen, completed, flag
from trafficsim.scenario import Mistake, ScenarioError, parse_value
from trafficsim.scenario.errors import Where
from trafficsim.scenario.typed import amount

USUAL_FILE = "my.yaml"


@dataclass(frozen=True)
class Terminal:
    """Where questions are asked: `read` shows a prompt and returns the line that was typed, `tell` shows a line."""

    read: Callable[[str], str]
    tell: Callable[[str], None]

    def answer(self, prompt: str, usual: Any, wrong: Callable[[str], list[Mistake]]) -> str:
        """The line typed after a prompt, once nothing is wrong with it; empty stands for what is usual."""
        while True:
            typed = self.read(f"{prompt} [{usual}]: ").strip()
            complaints = wrong(typed)
            if not complaints:
                return typed
            for complaint in complaints:
                self.tell(str(complaint))


def write_new(
    file: str | None, options: Mapping[str, str | None], terminal: Terminal | None, *, yes: bool, force: bool
) -> str:
    """Write a new scenario from the options given and what is asked on the terminal; returns what to tell of it.

    Args:
        file: where to write.
        options: by question, as typed; None where not given.
        terminal: None if there is nobody to ask.
        yes: take what is usual instead of asking.
        force: overwrite the file.

    Raises:
        ScenarioError: with every answer that a scenario can't have, or what is missing.
    """
    given = {name: _meant(name, text) for name, text in options.items() if text is not None}
    if file is not None and (wrong := _file_mistakes(file, force=force)):
        raise ScenarioError(wrong)
    if yes or terminal is None:
        _refuse_gaps(file, given, yes=yes)
        kind, language, answers = given.get("kind", KINDS[0]), given.get("language", "en"), _read(given)
    else:
        language, kind, answers = _asked(given, terminal)
    say = words(cast("Language", language)) if not choice_mistakes("language", language) else words("en")
    if file is None and terminal is not None:
        file = _asked_file(terminal, say, force=force)
    path = Path(file or USUAL_FILE)
    text = new_scenario(cast("Kind", kind), **answers, language=cast("Language", language), file=str(path))
    write_whole(path, text)
    return say(
        "Written to {file}. Next: trafficsim check {file}, then trafficsim compare {file}", file=shlex.quote(str(path))
    )


def _refuse_gaps(file: str | None, given: Mapping[str, str], *, yes: bool) -> None:
    wanted = [] if yes else ["kind", *QUESTIONS]
    gaps = ["FILE"] * (file is None) + [flag(name) for name in wanted if name not in given]
    if "--kind" in gaps:
        gaps[gaps.index("--kind")] += f" ({', '.join(KINDS)})"
    if gaps:
        instead = "" if yes else ", or --kind and --yes for what is usual"
        raise ScenarioError([Mistake(Where("new"), "", f"nothing can be asked here; give {', '.join(gaps)}{instead}")])


def _read(given: Mapping[str, str]) -> dict[str, Any]:
    """The options as a scenario file would hold them."""
    answers: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for name in QUESTIONS:
        if name in given:
            try:
                answers[name] = _value(name, given[name])
            except ScenarioError as error:
                mistakes += error.mistakes
    if mistakes:
        raise ScenarioError(mistakes)
    return answers


def _asked(given: Mapping[str, str], terminal: Terminal) -> tuple[str, str, dict[str, Any]]:
    """Language, kind and all answers; the options given are checked before anything is asked."""
    chosen = {name: given[name] for name in ("language", "kind") if name in given}
    wrong = [mistake for name, answer in chosen.items() for mistake in choice_mistakes(name, answer)]
    answers = _read(given)
    if wrong or (wrong := refused(cast("Kind", chosen.get("kind", "shop")), answers)):
        raise ScenarioError(wrong)
    language = cast("Language", chosen.get("language") or _choice("language", terminal, words("en")))
    say = words(language)
    kind = cast("Kind", chosen.get("kind") or _choice("kind", terminal, say))
    for name in QUESTIONS:
        if name not in answers and not (name == "wage" and answers.get("staff") == 0):
            usual = completed(kind, language, answers)[name]
            typed = terminal.answer(_prompt(name, say), usual, partial(_wrong_with, kind, answers, name))
            answers |= {name: _value(name, typed)} if typed else {}
    return language, kind, answers


def _wrong_with(kind: Kind, others: Mapping[str, Any], name: str, typed: str) -> list[Mistake]:
    try:
        return refused(kind, {**others, name: _value(name, typed)}) if typed else []
    except ScenarioError as error:
        return list(error.mistakes)


def _choice(name: str, terminal: Terminal, say: Words) -> str:
    usual = CHOICES[name][0]
    typed = terminal.answer(
        _prompt(name, say), usual, lambda typed: choice_mistakes(name, chosen(name, typed or usual))
    )
    return chosen(name, typed or usual)


def _meant(name: str, typed: str) -> str:
    return chosen(name, typed) if name in CHOICES else typed


def _asked_file(terminal: Terminal, say: Words, *, force: bool) -> str:
    def wrong(typed: str) -> list[Mistake]:
        return _file_mistakes(typed or USUAL_FILE, force=force)

    return terminal.answer(say("File to write"), USUAL_FILE, wrong) or USUAL_FILE


def _file_mistakes(file: str, *, force: bool) -> list[Mistake]:
    path = Path(file)
    if path.suffix not in {".yaml", ".yml"}:
        says = "must end in .yaml"
    elif path.is_dir():
        says = "is a folder"
    elif path.exists() and not force:
        says = "exists already; choose another name, or --force to overwrite it"
    else:
        return []
    return [Mistake(Where(file), "", says)]


def _value(name: str, typed: str) -> Any:
    """A typed answer as a scenario file would hold it; names and choices are text whatever they look like."""
    if name in {"name", "pool"}:
        return _meant(name, typed)
    number = amount(typed)
    return parse_value(typed, flag(name)) if number is None else number


def _prompt(name: str, say: Words) -> str:
    texts = {
        "language": "Language / 语言",
        "kind": say("What kind of business?"),
        "name": say("Its name"),
        "customers": say("People whom it could reach"),
        "days_between_needs": say("Days between two occasions on which one of them buys such a thing, anywhere"),
        "price": say("Price of one usual purchase, CNY"),
        "unit_cost": say("What its goods cost you, CNY"),
        "ad_budget": say("Advertisements, CNY a day; 0 for none"),
        "pool": say("The private pool: a WeChat group, WeCom contacts, a followed account, an app of your own"),
        "staff": say("People who look after the pool"),
        "wage": say("What each of them costs, CNY a day"),
    }
    allowed = ", ".join(CHOICES[name]) if name in CHOICES else QUESTIONS[name].allowed
    return texts[name] + (f" ({allowed})" if allowed else "")
