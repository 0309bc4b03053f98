"""The answer in sentences, the same on the command line, in the report, the dashboard and the workbook."""

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.metrics import METRICS, Metric, label
from trafficsim.market.currencies import CENTS
from trafficsim.report import leans, uncertain
from trafficsim.report.beside_baseline import beside_baseline
from trafficsim.report.how_sure import sure
from trafficsim.report.naming import in_words_of
from trafficsim.report.spending import changed, spending
from trafficsim.report.standing import same_money, standing
from trafficsim.report.stopping import stopped
from trafficsim.report.verdicts import facts_in_words, facts_of
from trafficsim.report.voice import Voice
from trafficsim.report.winner import winner
from trafficsim.results import Result
from trafficsim.results.about import Dated
from trafficsim.results.estimates import Estimate
from trafficsim.words.dates import day_of
from trafficsim.words.language import Language, Words, words

WORTH_TELLING = 0.01
"""A smaller share of care that is missed is not told (assumed): it is chance on busy days."""


def variation_only(language: Language = "en") -> str:
    """What an interval does not cover."""
    say = words(language)
    return say("Intervals cover random variation only; wrong assumptions can move a result more.")


VARIATION_ONLY = variation_only()


@dataclass(frozen=True)
class Answer:
    """The answer in sentences.

    `doubts` come before it; `headline` answers what is asked and stands alone; `said` is what to do, from when on, how
    sure that is and what would change it; `more` is how all arms compare, what was observed and what to try next;
    `small` is how the answer was made: money, replicates, intervals.
    """

    question: str
    doubts: list[str]
    headline: str
    said: list[str]
    more: list[str]
    small: list[str]

    @property
    def sentences(self) -> list[str]:
        """All of them in their order, but for the question."""
        return [*self.doubts, self.headline, *self.said, *self.more, *self.small]


def answer(result: Result, confidence: float = 0.95, language: Language = "en") -> list[str]:
    """What makes the answer doubtful, the answer, what to do, what would change it, and how it was made."""
    return answered(result, confidence, language).sentences


def answered(result: Result, confidence: float = 0.95, language: Language = "en") -> Answer:
    """The same by its parts."""
    voice = Voice(language, result.currency, result.about.start)
    told = winner(result, confidence, voice)
    said, by_luck = list(told.said), sure(told, result, confidence, voice)
    if result.uncertain:
        said += [*by_luck, *uncertain.sentences(in_words_of(result.uncertain, voice), voice)]
    elif leans.measured(result):
        said += [*by_luck, *leans.turning(result, voice)]
    else:
        said += filter(None, [voice.joined([*leans.turning(result, voice), *by_luck])])
    ahead, more = _crossover(told.pick, result, confidence, language), beside_baseline(result, confidence, voice)
    if told.pick == result.baseline or result.about.asks != "profit":
        more += ahead
    else:
        said[:0] = ahead
    if result.about.asks == "profit":
        said[:0] = changed(result, voice)
    else:
        said[2:2] = changed(result, voice)
    more += facts_in_words(facts_of(result, confidence), voice, len(result.about.fitted))
    more += leans.to_try(result, voice)
    small = [*spending(result, voice), *stopped(result.stopping, result.replicates, confidence, voice)]
    if result.replicates > 1 and len(result.arms) > 1:
        small.append(_brackets(result, confidence, voice))
    return Answer(question(result.about.about), _warnings(result, language), told.headline, said, more, small)


def _crossover(pick: str, result: Result, confidence: float, language: Language) -> list[str]:
    """From when on the arm that is advised stays ahead of the one asked about; nothing where that may be chance."""
    pair = result.headline_pair()
    if (
        pair is None
        or pick != pair[0]
        or pair[1] not in standing(result, confidence, same_money(result) or None).behind
    ):
        return []
    return [result.crossover("profit", *pair, confidence).short(language)]


def question(about: str) -> str:
    """What a text asks: its last question; empty if there is none."""
    asked = re.findall(r"[^.!?。！？]*[?？]", about)
    return str(asked[-1]).strip() if asked else ""


def _brackets(result: Result, confidence: float, voice: Voice) -> str:
    text = (
        "In brackets: limits of a mean, {sure} sure after {runs} runs, allowing for luck alone; a single run may lie "
        "outside."
    )
    return voice.say(text, sure=f"{confidence * 100:g}%", runs=f"{result.replicates:,}")


def caveats(result: Result, language: Language = "en") -> list[str]:
    """What else a reader has to know: the scenario's own notes, and ratios that have no value by chance."""
    notes, told = map(_quoted, result.about.notes[language]), _warnings(result, language)
    return [
        *(note for note in notes if note not in told),
        *_filled(result, language),
        *_unspent(result, language),
        *_missed_care(result, language),
        *_without_value(result, language),
    ]


def _warnings(result: Result, language: Language) -> list[str]:
    return list(map(_quoted, result.about.warnings[language]))


def _quoted(note: str) -> str:
    """A note on a scenario with the quotes of an answer around its names, not those of a line of a program."""
    return re.sub(r"(?<!\w)'([^']+)'(?!\w)", r"“\1”", note)


def _filled(result: Result, language: Language) -> list[str]:
    """Which pools came to be full, and from when on, told for the median of the replicates."""
    say, each = words(language), result.about.each_stands_for
    found = []
    for arm, dated in result.about.plans.items():
        of_arm = result.data["members"].sel(arm=arm).transpose("replicate", "day", "place")
        for pool in map(str, of_arm["place"].values):
            members = of_arm.sel(place=pool).to_numpy()
            full = members > _rooms(dated, pool, members.shape[1]) - each  # part of a customer finds no place
            first = np.where(full.any(axis=1), full.argmax(axis=1), np.inf)
            if math.isfinite(day := float(np.median(first))) and day > 0:
                found.append(
                    say(
                        "In “{arm}”, pool “{pool}” was full on {day} for the first time, in the median of the "
                        "replicates: whoever wants to join then has to wait until somebody leaves.",
                        arm=arm,
                        pool=pool,
                        day=day_of(day, result.about.start, language),
                    )
                )
    return found


def _rooms(dated: Dated, pool: str, days: int) -> NDArray[np.float64]:
    """Members that a pool can hold on each day, shape `(days,)`; infinite where there is no limit."""
    rooms = np.full(days, np.inf)
    for day, plan in dated:
        rooms[day:] = _room(plan, pool)
    return rooms


def _room(plan: dict[str, Any], pool: str) -> float:
    place = plan["places"].get(pool, {})
    if place.get("kind") != "pool":
        return math.inf
    if place["form"] != "contact":
        return float(place["groups"] * place["group_size"])
    staff = plan["staff"] if isinstance(plan["staff"], dict) else {}
    served = [people["count"] * people["contacts"] for people in staff.values() if people["serves"] == pool]
    return float(sum(served)) if served else math.inf


def _unspent(result: Result, language: Language) -> list[str]:
    """Which arms have advertising budgets beyond what their places can show, and by how much."""
    voice = Voice(language, result.currency)
    of_place = result.data["unspent"].sum("day").mean("replicate") / CENTS
    return [
        voice.say(
            "“{arm}” leaves {sum} of its advertising budget unspent: {places} can't show more.",
            arm=arm,
            sum=voice.money(float(left.sum())),
            places=voice.listed(str(name) for name in left["place"].values[left.to_numpy() > 0]),
        )
        for arm in result.arms
        for left in [of_place.sel(arm=arm)]
        if float(left.sum()) > 0
    ]


def _missed_care(result: Result, language: Language) -> list[str]:
    """Which staff had no time for care that was due, and for what share of it."""
    voice = Voice(language, result.currency)
    given, missed = (result.data[name].sum("day").mean("replicate") for name in ("care_given", "care_missed"))
    return [
        voice.say(
            "In “{arm}”, “{staff}” had no time for {share} of the care that was due: too few hours a day for it.",
            arm=arm,
            staff=str(staff),
            share=voice.percent(round(share, 2)),
        )
        for arm in result.arms
        for staff in missed["staff"].values
        for none in [float(missed.sel(arm=arm, staff=staff))]
        for share in [none / (none + float(given.sel(arm=arm, staff=staff))) if none > 0 else 0.0]
        if share >= WORTH_TELLING
    ]


def _without_value(result: Result, language: Language) -> list[str]:
    """Ratios that have no value by chance: those divided by something positive that can't be told from nothing."""
    return [
        _told_from_none(entry, arm, result, words(language))
        for entry in METRICS
        for arm in result.arms
        if entry.ratio and _denied(result.estimate(entry.name, arm), result.level())
    ]


def _denied(estimate: Estimate, level: float) -> bool:
    by, told = estimate.below, estimate.interval(level).middle
    return by is not None and bool(by.mean() > 0) and math.isnan(told) and not estimate.is_empty


def _told_from_none(entry: Metric, arm: str, result: Result, say: Words) -> str:
    return say(
        "“{arm}” has no {metric}: {what} can't be told from none in {replicates} replicates.",
        metric=say(label(entry, discounted=result.discounted)),
        arm=arm,
        what=_divided_by(entry, say),
        replicates=f"{result.replicates:,}",
    )


def _divided_by(entry: Metric, say: Words) -> str:
    if entry.extra:
        return say("extra spend") if entry.name == "true_roas" else say("extra new customers")
    by = {"roas": say("advertising spend"), "ltv_to_cac": say("spend"), "k_factor": say("members")}
    return by.get(entry.name, say("new customers"))
