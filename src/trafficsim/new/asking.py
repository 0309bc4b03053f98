"""From options and typed answers to a file; what isn't given is asked, again until a scenario could hold it."""

import shlex
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from trafficsim.files.whole import write_whole
from trafficsim.new.drafting import new_scenario, refused
from trafficsim.new.questions import CHOICES, KINDS, QUESTIONS, Kind, choice_mistakes, chosen, completed, flag
from trafficsim.new.refusals import refusal, unknown_choice, unreadable
from trafficsim.scenario import Mistake, ScenarioError, parse_value
from trafficsim.scenario.errors import Where, escaped
from trafficsim.words.language import LANGUAGES, NOTHING, Language, Sentence, Words, words
from trafficsim.words.typed import amount

USUAL_FILE = "my.yaml"
AUDIENCE = (
    "The audience decides more than most numbers: all who could buy such a thing and ever meet you. For a shop those "
    "who live or work nearby, some 10,000 to 50,000; online those in your target group on the platform."
)
ANSWERED_BY_ORDERS = ("days_between_needs", "price")
"""Questions that an order log answers better than anybody."""


@dataclass(frozen=True)
class Terminal:
    """Where questions are asked: `read` shows a prompt and returns a line, `tell` shows a complaint, `explain` help."""

    read: Callable[[str], str]
    tell: Callable[[str], None]
    explain: Callable[[str], None] = lambda _: None

    def answer(self, prompt: str, usual: Any, wrong: Callable[[str], str]) -> str:
        """The line typed after a prompt, once nothing is wrong with it; empty stands for what is usual."""
        while True:
            typed = self.read(f"{prompt} [{usual}]: ").strip()
            complaint = wrong(typed)
            if not complaint:
                return typed
            self.tell(complaint)


def write_new(
    file: str | None,
    options: Mapping[str, str | None],
    terminal: Terminal | None,
    *,
    orders: Path | None = None,
    yes: bool,
    force: bool,
) -> str:
    """Write a new scenario from the options given and what is asked on the terminal; returns what to tell of it.

    Args:
        file: where to write.
        options: by question, as typed; None where not given.
        terminal: None if there is nobody to ask.
        orders: an order log, which answers some of the questions.
        yes: take what is usual instead of asking.
        force: overwrite the file.

    Raises:
        ScenarioError: with every answer that a scenario can't have, or what is missing.
    """
    given = {name: _meant(name, text) for name, text in options.items() if text is not None}
    if file is not None and (wrong := _file_refused(file, force=force)) is not NOTHING:
        raise ScenarioError([Mistake(Where(file), "", wrong.said("en"))])
    if yes or terminal is None:
        _refuse_gaps(file, given, yes=yes or orders is not None)
        kind, language, answers = given.get("kind", KINDS[0]), given.get("language", "en"), _read(given)
    else:
        language, kind, answers = _asked(given, terminal, ANSWERED_BY_ORDERS if orders else ())
    say = words(cast("Language", language)) if not choice_mistakes("language", language) else words("en")
    if file is None and terminal is not None:
        file = _asked_file(terminal, say, force=force)
    path = Path(file or USUAL_FILE)
    text = new_scenario(
        cast("Kind", kind), **answers, language=cast("Language", language), file=str(path), orders=orders
    )
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


def _asked(given: Mapping[str, str], terminal: Terminal, answered: Collection[str]) -> tuple[str, str, dict[str, Any]]:
    """Language, kind and all answers but those answered already; the options given are checked before anything else."""
    chosen = {name: given[name] for name in ("language", "kind") if name in given}
    wrong = [mistake for name, answer in chosen.items() for mistake in choice_mistakes(name, answer)]
    answers = _read(given)
    if wrong or (wrong := refused(cast("Kind", chosen.get("kind", "shop")), answers)):
        raise ScenarioError(wrong)
    language = cast("Language", chosen.get("language") or _asked_language(terminal))
    say = words(language)
    kind = cast("Kind", chosen.get("kind") or _asked_kind(answers, terminal, say))
    for name in QUESTIONS:
        if name not in {*answers, *answered} and not (name == "wage" and answers.get("staff") == 0):
            usual = completed(kind, language, answers)[name]
            if name == "customers":
                terminal.explain(say(AUDIENCE))
            typed = terminal.answer(_prompt(name, say), usual, partial(_wrong_with, kind, language, answers, name))
            answers |= {name: _value(name, typed)} if typed else {}
    return language, kind, answers


def _wrong_with(kind: Kind, language: Language, others: Mapping[str, Any], name: str, typed: str) -> str:
    """Why a scenario can't have a typed answer; empty if it can."""
    if not typed:
        return ""
    try:
        answers = {**others, name: _value(name, typed)}
    except ScenarioError:
        return unreadable(name, typed).said(language)
    try:
        new_scenario(kind, **answers)
    except ScenarioError:
        return refusal(kind, answers, name, typed).said(language)
    return ""


def _asked_language(terminal: Terminal) -> str:
    """Refused in every language, since which one is read isn't known yet."""

    def wrong(typed: str) -> str:
        if not choice_mistakes("language", chosen("language", typed or LANGUAGES[0])):
            return ""
        return " / ".join(unknown_choice("language", typed).said(language) for language in LANGUAGES)

    typed = terminal.answer(_prompt("language", words("en")), LANGUAGES[0], wrong)
    return chosen("language", typed or LANGUAGES[0])


def _asked_kind(given: Mapping[str, Any], terminal: Terminal, say: Words) -> str:
    def wrong(typed: str) -> str:
        kind = cast("Kind", chosen("kind", typed or KINDS[0]))
        if choice_mistakes("kind", kind) or refused(kind, given):
            return refusal(kind, given, "kind", typed or KINDS[0]).said(say.language)
        return ""

    return chosen("kind", terminal.answer(_prompt("kind", say), KINDS[0], wrong) or KINDS[0])


def _meant(name: str, typed: str) -> str:
    return chosen(name, typed) if name in CHOICES else typed


def _asked_file(terminal: Terminal, say: Words, *, force: bool) -> str:
    def wrong(typed: str) -> str:
        file = typed or USUAL_FILE
        says = _file_refused(file, force=force).said(say.language)
        return says and f"{escaped(file)}: {says}"

    return terminal.answer(say("File to write"), USUAL_FILE, wrong) or USUAL_FILE


def _file_refused(file: str, *, force: bool) -> Sentence:
    path = Path(file)
    if path.suffix not in {".yaml", ".yml"}:
        return Sentence.say("must end in .yaml")
    if path.is_dir():
        return Sentence.say("is a folder")
    if path.exists() and not force:
        return Sentence.say("exists already; choose another name, or --force to overwrite it")
    return NOTHING


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
        "wage": say("What each of them costs a day for the hours spent on the pool, CNY"),
    }
    allowed = ", ".join(CHOICES[name]) if name in CHOICES else QUESTIONS[name].allowed
    return texts[name] + (f" ({allowed})" if allowed else "")
