"""What running a result again came to, in sentences and as plain data."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from trafficsim.books.metrics import metric
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.study.replaying import RULES, Replay
from trafficsim.words import rounding
from trafficsim.words.called import called
from trafficsim.words.language import Language

ANSWERS = {
    "equal_budget": "by how much advertising was scaled for equal money",
    "leaning": "what the answer leans on",
    "uncertain": "what the answer is worth over plausible worlds",
    "levers": "what arms come to where levers are moved",
}
"""What else was found, by its name in `Replay.answers`."""


def replayed(found: Replay, language: Language | None = None) -> list[str]:
    """Whether all bits agree, by which versions, and how far numbers lie apart if they don't.

    Args:
        found: from `replay`.
        language: of the sentences, instead of the scenario's.
    """
    voice = Voice(language or found.recorded.language, found.recorded.currency)
    say = voice.say
    if found.agrees:
        text = "All {values} numbers agree, bit for bit."
        return [say(text, values=f"{found.numbers:,}"), _versions(found, voice)]
    said = []
    if found.differing:
        differ = sum(each.differ for each in found.differing)
        said.append(
            say(
                "{differ} of {values} numbers differ, in {variables}.",
                differ=f"{differ:,}",
                values=f"{found.numbers:,}",
                variables=voice.listed(each.name for each in found.differing),
            )
        )
    if found.answers:
        said.append(say("Also differs: {answers}.", answers=voice.listed(say(ANSWERS[each]) for each in found.answers)))
    return [*said, *_apart(found, voice), _versions(found, voice)]


def _versions(found: Replay, voice: Voice) -> str:
    say = voice.say
    if not found.versions:
        if found.agrees:
            return say("The versions are the same.")
        return say(
            "The versions are the same, so that all bits should agree: the file was changed, or this machine computes "
            "otherwise."
        )
    others = [_version(name, *pair, voice) for name, pair in found.versions.items()]
    told = say("The versions differ: {versions}.", versions=voice.parts(others))
    if found.same_settings:
        return told
    return voice.joined([told, say("This version reads the scenario as other settings, such as further defaults.")])


def _version(name: str, then: str, now: str, voice: Voice) -> str:
    if name == RULES:
        return voice.say("code of the model, or kind of processor")
    return voice.say("{name} {then}, now {now}", name=name, then=then, now=now)


def _apart(found: Replay, voice: Voice) -> list[str]:
    """The metric that lies furthest apart, against its interval, and whether the same arm earns most."""
    say, table = voice.say, found.table()
    moved = table[table["apart"] != 0.0]
    if moved.empty:
        return [say("No metric of the whole run is another one.")]
    row = moved.loc[_furthest(moved)]
    said = {
        "metric": say(metric(row["metric"]).label),
        "arm": called(row["arm"], _labels(found)),
        "then": _shown(row["then"], row["metric"], voice),
        "again": _shown(row["again"], row["metric"], voice),
    }
    text = "Furthest apart: {metric} of “{arm}”, {again} instead of {then}."
    if math.isfinite(row["of_interval"]):
        text = "Furthest apart: {metric} of “{arm}”, {again} instead of {then}, {times} times half its 95% interval."
        said["times"] = f"{row['of_interval']:.2g}"
    return [say(text, **said), *_best(found, voice)]


def _furthest(moved: pd.DataFrame) -> Any:
    """Where numbers lie furthest apart against their intervals; relative to the numbers where there are none."""
    by_interval = moved["of_interval"].dropna()
    if not by_interval.empty:
        return by_interval.idxmax()
    return (moved["apart"] / moved["then"]).abs().fillna(0.0).idxmax()


def _best(found: Replay, voice: Voice) -> list[str]:
    then, now = found.recorded, found.again
    if not (isinstance(then, Result) and isinstance(now, Result)) or len(then.arms) < 2:
        return []
    before, after = (result.ranking("profit")[0] for result in (then, now))
    labels = _labels(found)
    if before == after:
        return [voice.say("“{arm}” earns most in both.", arm=called(before, labels))]
    text = "“{now}” earns most now; “{before}” did before."
    return [voice.say(text, now=called(after, labels), before=called(before, labels))]


def _labels(found: Replay) -> Mapping[str, str]:
    return found.recorded.about.labels if isinstance(found.recorded, Result) else {}


def _shown(value: float, name: str, voice: Voice) -> str:
    if not math.isfinite(value):
        return rounding.UNDEFINED
    shown = f"{value:,.6g}"  # close numbers are told apart
    return rounding.paid(shown, voice.currency, voice.language) if metric(name).divisor != 1.0 else shown


def as_plain(found: Replay) -> dict[str, Any]:
    """All of it in built-in types, for JSON."""
    table = found.table()
    apart = table[(table["apart"] != 0.0)]
    return {
        "agrees": found.agrees,
        "numbers": found.numbers,
        "differing": [{"name": each.name, "differ": each.differ, "of": each.of} for each in found.differing],
        "answers": list(found.answers),
        "versions": {name: {"then": then, "now": now} for name, (then, now) in found.versions.items()},
        "same_settings": found.same_settings,
        "apart": [_without_nan(row) for row in apart.to_dict("records")],
    }


def _without_nan(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(k): None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}
