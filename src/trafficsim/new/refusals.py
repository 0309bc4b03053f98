"""Why an answer is refused, in the language of whoever answers; whether it is, is the schema's matter."""

from collections.abc import Mapping
from typing import Any

from trafficsim.new.questions import CHOICES, NOBODY, QUESTIONS, Kind, Question, chosen, nobody_there
from trafficsim.scenario.errors import escaped, nearest, shortened
from trafficsim.scenario.shapes import bounds_of, is_above_least
from trafficsim.words.language import Sentence


def unknown_choice(name: str, typed: str) -> Sentence:
    """That an answer is none of the few words that there are."""
    choices, shown = ", ".join(CHOICES[name]), _shown(typed)
    near = nearest(typed, CHOICES[name])
    if near is None:
        return Sentence.say("“{typed}” is not one of the choices: {choices}.", typed=shown, choices=choices)
    return Sentence.say(
        "“{typed}” is not one of the choices: {choices}. Did you mean {near}?", typed=shown, choices=choices, near=near
    )


def unreadable(name: str, typed: str) -> Sentence:
    """That an answer is no number such as is asked for."""
    question, shown = QUESTIONS[name], _shown(typed)
    if _is_whole(question):
        return Sentence.say("A whole number is wanted, {range} (got “{typed}”).", range=question.allowed, typed=shown)
    return Sentence.say("A number is wanted, {range} (got “{typed}”).", range=question.allowed, typed=shown)


def refusal(kind: Kind, answers: Mapping[str, Any], name: str, typed: str) -> Sentence:
    """Why the answer typed to a question can't stand among all answers so far, which include it."""
    if name in CHOICES and chosen(name, typed) not in CHOICES[name]:
        return unknown_choice(name, typed)
    if name == "name":
        return Sentence.say("A name can't have tabs, full-width blanks or characters that nobody sees.")
    if name in QUESTIONS and name not in CHOICES and not _fits(QUESTIONS[name], answers[name]):
        return unreadable(name, typed)
    if nobody_there(kind, answers):
        return NOBODY
    if name == "days_between_needs":
        return Sentence.say(
            "Every “{typed}” days is more often than can be counted; give a larger number.", typed=_shown(typed)
        )
    return Sentence.say(
        "Together with the other answers, “{typed}” comes to more than a run can count; give something smaller.",
        typed=_shown(typed),
    )


def _fits(question: Question, value: Any) -> bool:
    """Whether a value is a number in the range of its setting."""
    if isinstance(value, bool) or not isinstance(value, int if _is_whole(question) else int | float):
        return False
    field = question.model.model_fields[question.setting]
    least, most = bounds_of(field)
    return (value > least if is_above_least(field) else value >= least) and value <= most


def _is_whole(question: Question) -> bool:
    return question.model.model_fields[question.setting].annotation is int


def _shown(typed: str) -> str:
    return escaped(shortened(typed))
