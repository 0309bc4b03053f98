"""What makes the difference between two arms, in sentences, as a table and as plain data."""

import math
from typing import Any

import pandas as pd

from trafficsim.books.metrics import metric
from trafficsim.report.checked import marked
from trafficsim.report.voice import Voice
from trafficsim.results.intervals import Interval
from trafficsim.study.explaining import Explanation
from trafficsim.words.language import Language


def explained(found: Explanation, language: Language | None = None) -> list[str]:
    """The difference, what adds to it and what takes from it, what chance may have brought about, and how it was found.

    Args:
        found: from `explain`.
        language: of the sentences, instead of the scenario's.
    """
    voice = Voice(language or found.scenario.language, found.scenario.currency)
    return [_difference(found, voice), *_shares(found, voice), _how(found, voice)]


def _difference(found: Explanation, voice: Voice) -> str:
    labels, entry = found.labels, metric(found.metric)
    first, second = (labels.get(arm, arm) for arm in (found.first, found.second))
    said = {"first": first, "second": second, "what": voice.say(entry.label)}
    said |= {"before": _level(found, found.ends[0], voice), "after": _level(found, found.ends[1], voice)}
    said["difference"] = voice.signed(found.difference)
    text = "In {what}, “{second}” comes to {after}, “{first}” to {before}: {difference}."
    if not (found.difference.low > 0 or found.difference.high < 0):
        text = "In {what}, “{second}” comes to {after}, “{first}” to {before}: {difference}, which may be chance."
    return voice.say(text, **said)


def _shares(found: Explanation, voice: Voice) -> list[str]:
    say = voice.say
    told = [share for share in found.shares if share.adds.low > 0 or share.adds.high < 0]
    said = []
    for text, more in (("It comes from {parts}.", True), ("Against it: {parts}.", False)):
        along = [share for share in told if (share.adds.middle >= 0) == (more == (found.difference.middle >= 0))]
        parts = [f"{found.called(share, say)} {voice.signed(share.adds)}" for share in along]
        said += [say(text, parts=voice.listed(parts))] if parts else []
    open_ = [found.called(share, say) for share in found.shares if share not in told]
    if open_:
        said.append(say("What these add can't be told from nothing: {parts}.", parts=voice.listed(open_)))
    return said


def _how(found: Explanation, voice: Voice) -> str:
    arms = 2 ** len(found.shares)
    how = (
        voice.say("all {arms} arms between the two were run", arms=f"{arms:,}")
        if found.exact
        else voice.say("the parts were changed one after another in {orders} orders", orders=f"{found.replicates:,}")
    )
    return voice.say(
        "Shares are Shapley values: {how}. They add up to the difference in each of {replicates} replicates. "
        "Intervals (95%) are over random variation alone, not over what is assumed.",
        how=how,
        replicates=f"{found.replicates:,}",
    )


def _level(found: Explanation, value: Interval, voice: Voice) -> str:
    return voice.money(value.middle) if metric(found.metric).divisor != 1.0 else voice.short(value.middle)


def as_frame(found: Explanation) -> pd.DataFrame:
    """A row for each part: what it adds, with its interval, and its paths; in currency units or counts."""
    rows = [(s.name, s.turns, s.adds.middle, s.adds.low, s.adds.high, " ".join(s.paths)) for s in found.shares]
    return pd.DataFrame(rows, columns=["part", "turns", "adds", "low", "high", "paths"])


def as_plain(found: Explanation, language: Language | None = None) -> dict[str, Any]:
    """All of it in built-in types, for JSON; sentences in `language`, the scenario's unless given."""

    def plain(interval: Interval) -> dict[str, float | None]:
        ends = (("middle", interval.middle), ("low", interval.low), ("high", interval.high))
        return {name: value if math.isfinite(value) else None for name, value in ends}

    return {
        "scenario": found.scenario.name,
        "currency": found.scenario.currency,
        "metric": found.metric,
        "first": {"arm": found.first, **plain(found.ends[0])},
        "second": {"arm": found.second, **plain(found.ends[1])},
        "difference": plain(found.difference),
        "parts": [{"name": s.name, "turns": s.turns, "paths": list(s.paths), **plain(s.adds)} for s in found.shares],
        "by_replicate": found.by_replicate.tolist(),
        "exact": found.exact,
        "replicates": found.replicates,
        "seed": found.seed,
        "confidence": found.confidence,
        "answer": explained(found, language),
        **marked(found.scenario),
    }
