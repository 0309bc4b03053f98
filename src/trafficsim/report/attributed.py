"""What channels truly bring and what attribution would report, in sentences, as a table and as plain data."""

import math
from typing import Any

import pandas as pd

from trafficsim.report.voice import Voice
from trafficsim.results.intervals import Interval
from trafficsim.study.attributing import RULES, Channel, Channels
from trafficsim.words import rounding
from trafficsim.words.called import called
from trafficsim.words.language import Language

COLUMNS = ("spend", "revenue", "true", "marginal", *RULES)
HEADINGS = {
    "spend": "spend",
    "revenue": "extra revenue",
    "true": "true ROAS",
    "marginal": "marginal ROAS",
    "first_touch": "first-touch",
    "last_touch": "last-touch",
    "linear": "linear",
}
"""What columns are called where they are shown."""


def attributed(found: Channels, language: Language | None = None) -> list[str]:
    """What each channel truly brings, what attribution reports of it, and how both were found.

    Args:
        found: from `channels`.
        language: of the sentences, instead of the scenario's.
    """
    voice = Voice(language or found.scenario.language, found.scenario.currency)
    return [*(sentence for each in found.channels for sentence in _channel(each, found, voice)), _how(found, voice)]


def _channel(channel: Channel, found: Channels, voice: Voice) -> list[str]:
    say, labels = voice.say, found.scenario.labels
    names = {"arm": called(found.arm, labels), "channel": called(channel.name, labels)}
    if math.isnan(channel.true.middle):
        return [say("“{arm}” spends nothing on {channel}.", **names)]
    said = [
        say(
            "In “{arm}”, {channel} costs {spend}. True ROAS {true}, of the last hundredth {marginal}; reported by "
            "first-touch {first}, by last-touch {last}, linear {linear}.",
            **names,
            spend=voice.money(channel.spend.middle),
            true=_times(channel.true, voice),
            marginal=_times(channel.marginal, voice),
            first=_times(channel.first_touch, voice),
            last=_times(channel.last_touch, voice),
            linear=_times(channel.linear, voice),
        )
    ]
    for rules, text in (
        (channel.overstated(), "More than {channel} brings is credited to it by: {rules}."),
        (channel.understated(), "Less than {channel} brings is credited to it by: {rules}."),
    ):
        if rules:
            told = voice.listed(say(HEADINGS[rule]) for rule in rules)
            said.append(say(text, rules=told, channel=names["channel"]))
    return said


def _times(interval: Interval, voice: Voice) -> str:
    middle, low, high = (rounding.fixed(v, 2) for v in (interval.middle, interval.low, interval.high))
    if rounding.UNDEFINED in {low, high}:
        return middle
    return voice.say("{middle} ({low} to {high})", middle=middle, low=low, high=high)


def _how(found: Channels, voice: Voice) -> str:
    return voice.say(
        "True: the revenue that is missing without the channel, or with 1% less of it, per unit of what is saved, with "
        "the same customers and luck. Reported: revenue of orders by the contacts of the {days} days before. Intervals "
        "(95%) over {replicates} replicates, of random variation alone.",
        days=found.look_back,
        replicates=f"{found.replicates:,}",
    )


def channels_frame(found: Channels) -> pd.DataFrame:
    """A row for each channel: arm, channel, and each of `COLUMNS` with `_low` and `_high`; in currency units."""
    rows = []
    for channel in found.channels:
        row: dict[str, object] = {"arm": found.arm, "channel": channel.name}
        for name in COLUMNS:
            interval: Interval = getattr(channel, name)
            row |= {name: interval.middle, f"{name}_low": interval.low, f"{name}_high": interval.high}
        rows.append(row)
    return pd.DataFrame(rows)


def channel_rows(found: Channels, language: Language) -> tuple[list[str], list[list[str]]]:
    """Headings and rows as they are shown."""
    voice = Voice(language, found.scenario.currency)
    heads = [voice.say("channel"), *(voice.say(HEADINGS[name]) for name in COLUMNS)]
    rows = [
        [
            called(channel.name, found.scenario.labels),
            *(voice.money(getattr(channel, name).middle) for name in COLUMNS[:2]),
            *(_times(getattr(channel, name), voice) for name in COLUMNS[2:]),
        ]
        for channel in found.channels
    ]
    return heads, rows


def channels_as_plain(found: Channels) -> dict[str, Any]:
    """All of it in built-in types, for JSON; null for what has no value."""
    rows = [
        {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in row.items()}
        for row in channels_frame(found).to_dict("records")
    ]
    return {"arm": found.arm, "replicates": found.replicates, "look_back_days": found.look_back, "channels": rows}
