"""Mechanisms of one's own as a report tells them, from what the result itself holds: they need not be known here."""

import math
from typing import Any, NamedTuple

from trafficsim.books.counters import Counter
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.results.measures import own_counters
from trafficsim.words.language import Language


class OwnRow(NamedTuple):
    """What was counted in one arm over the run, in text."""

    counter: str
    arm: str
    total: str
    difference: str


def own_settings(result: Result) -> dict[str, dict[str, Any]]:
    """Settings of mechanisms of one's own on day 0, by arm and dotted path; nothing where they are off."""
    return {
        arm: {f"{name}.{key}": value for name, section in sections.items() for key, value in section.items()}
        for arm, sections in _sections(result).items()
    }


def own_sentences(result: Result, voice: Voice) -> dict[str, list[str]]:
    """For each arm, a sentence on each mechanism of one's own that is on."""
    about = {own.name: own.zh if voice.language == "zh" and own.zh else own.about for own in result.about.own}
    return {
        arm: [_sentence(about[name].rstrip(".。"), section, voice) for name, section in sections.items()]
        for arm, sections in _sections(result).items()
    }


def own_lacking(result: Result, voice: Voice) -> dict[str, list[str]]:
    """For each arm, the mechanisms of one's own that are off there and on in others."""
    sections = _sections(result)
    names = {name: None for own in sections.values() for name in own}
    return {
        arm: [voice.say("no {names}", names=f"“{n}”") for n in names if n not in own] for arm, own in sections.items()
    }


def own_rows(result: Result, confidence: float, voice: Voice) -> list[OwnRow]:
    """What they counted, one row for each counter and arm."""
    meaning = {c.name: counter_words(c, voice.language) for c in own_counters(result.data)}
    rows = []
    for _, row in result.by_own(confidence).iterrows():
        money = row["unit"] == "money"
        unit = voice.unit if money else str(row["unit"])
        heading = voice.say("{what} ({unit})", what=meaning[row["counter"]], unit=unit)
        total, apart = (Interval(row[n], row[f"{n}_low"], row[f"{n}_high"]) for n in ("total", "difference"))
        rows.append(OwnRow(heading, row["arm"], _number(total, voice, sign=False), _number(apart, voice, sign=True)))
    return rows


def counter_words(counter: Counter, language: Language) -> str:
    """What a counter of a mechanism of one's own counts, as its author says it."""
    return counter.zh if language == "zh" and counter.zh else counter.meaning


def _sections(result: Result) -> dict[str, dict[str, dict[str, Any]]]:
    names = [own.name for own in result.about.own]
    return {arm: {n: dated[0][1][n] for n in names if n in dated[0][1]} for arm, dated in result.about.plans.items()}


def _sentence(about: str, section: dict[str, Any], voice: Voice) -> str:
    settings = voice.listed(
        f"{key} {value:,.10g}" if isinstance(value, float) else f"{key} {value}" for key, value in section.items()
    )
    return about + (voice.say(": ") + settings if settings else "") + voice.stop


def _number(interval: Interval, voice: Voice, *, sign: bool) -> str:
    if math.isnan(interval.middle):  # the baseline against itself
        return ""
    return voice.plain(interval, sign=sign)
