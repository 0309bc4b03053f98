"""The answer to a question that is not about profit: members, orders, new customers, or what is delivered a day."""

from collections.abc import Sequence
from dataclasses import dataclass

from trafficsim.books.metrics import METRICS, metric, named
from trafficsim.report import quantity_words
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.estimates import Estimate
from trafficsim.scenario.claims import Measured
from trafficsim.study.measuring import Measures


def asked_for(result: Result, confidence: float, span: str, voice: Voice) -> str:
    """How the best arm stands to the baseline, or to the next where the baseline is best, over a `span` of days."""
    asked = _Asked(result, result.about.asks, confidence)
    best, *others = asked.ranking()
    rival = result.baseline if best != result.baseline else others[0]
    found = asked.of(best).less(asked.of(rival)).interval(1.0 - (1.0 - confidence) / len(others))
    put = {"what": asked.named(voice), "best": best, "rival": rival, "span": span, "more": voice.plain(found)}
    put |= {"most": asked.shown(best, voice), "other": asked.shown(rival, voice)}
    if found.low > 0:
        text = "In {what} over {span}, “{best}” leads “{rival}” by {more}: {most} against {other}."
    else:
        text = "In {what} over {span}, “{best}” and “{rival}” are too close to call: {most} against {other}."
    return voice.joined([voice.say(text, **put), *asked.by_place((best, rival), voice)])


@dataclass(frozen=True)
class _Asked:
    """What a question asks for, arm by arm: a metric of the whole run, or a count, which is told a day."""

    result: Result
    name: str
    confidence: float

    @property
    def counted(self) -> bool:
        return self.name not in {metric.name for metric in METRICS}

    def of(self, arm: str, entry: str = "") -> Estimate:
        """What an arm comes to, in all or at one entry."""
        if not self.counted:
            return self.result.estimate(named(self.name), arm)
        name = f"{self.name}.{entry}" if entry else self.name
        return Measures(self.result).of(Measured(metric=name, arm=arm, per="days"))

    def ranking(self) -> list[str]:
        """Arms from the most to the least."""
        if not self.counted:
            return list(self.result.ranking(named(self.name)))
        return sorted(self.result.arms, key=lambda arm: -self.of(arm).interval().middle)

    def named(self, voice: Voice) -> str:
        """What it is called."""
        if self.counted:
            return voice.say("{metric} a day", metric=quantity_words.named(self.name, voice.say))
        return voice.say(metric(named(self.name)).label)

    def shown(self, arm: str, voice: Voice) -> str:
        """An arm's value; a count with its interval."""
        found = self.of(arm).interval(self.confidence)
        if self.counted:
            return voice.plain(found)
        return voice.money(found.middle) if metric(named(self.name)).unit == "money" else voice.short(found.middle)

    def by_place(self, arms: Sequence[str], voice: Voice) -> list[str]:
        """At which places a count was counted, the most first, with intervals."""
        if not self.counted:
            return []
        said = []
        for arm in arms:
            places = map(str, self.result.data["place"].values)
            found = {place: self.of(arm, place).interval(self.confidence) for place in places}
            ranked = sorted((place for place in found if found[place].middle > 0), key=lambda p: -found[p].middle)
            parts = voice.listed(voice.say("{place} {number}", place=p, number=voice.plain(found[p])) for p in ranked)
            said.append(voice.say("“{arm}” by place: {parts}.", arm=arm, parts=parts))
        return said
