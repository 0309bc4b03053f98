"""The answer to a question that is not about profit: members, orders, new customers, or what is delivered a day."""

from collections.abc import Sequence
from dataclasses import dataclass

from trafficsim.books.metrics import METRICS, metric, named
from trafficsim.report import quantity_words
from trafficsim.report.standing import listed
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.estimates import Estimate
from trafficsim.results.intervals import Interval, of_each
from trafficsim.scenario.claims import Measured
from trafficsim.study.measuring import Measures


def asked_for(result: Result, confidence: float, voice: Voice) -> "Asked":
    """What the scenario asks for, arm by arm."""
    return Asked(result, result.about.asks, confidence, voice)


@dataclass(frozen=True)
class Asked:
    """What a question asks for, arm by arm: a metric of the whole run, or a count, which is told a day."""

    result: Result
    name: str
    confidence: float
    voice: Voice

    @property
    def leaders(self) -> list[str]:
        """The arm with most of it, then those of which it can't be told whether they have less."""
        best, *others = self._ranking()
        return [best, *(arm for arm in others if not self.ahead(best, arm).low > 0)]

    @property
    def best(self) -> str:
        """Of the leaders, the one that earns most."""
        leaders = self.leaders
        return next(arm for arm in self.result.ranking() if arm in leaders)

    @property
    def metric(self) -> str:
        """What it is called, over any time."""
        say = self.voice.say
        return quantity_words.named(self.name, say) if self.counted else say(metric(named(self.name)).label)

    @property
    def named(self) -> str:
        """What it is called; of a count, that a day."""
        return self.voice.say("{metric} a day", metric=self.metric) if self.counted else self.metric

    def headline(self, span: str) -> str:
        """Who leads, beside the baseline, or the next where the baseline leads; over a `span` of days."""
        leaders, say = self.leaders, self.voice.say
        sums = self.voice.listed(say("“{arm}” {sum}", arm=arm, sum=self._shown(arm)) for arm in leaders)
        said = {"what": self.named, "span": span, "leaders": sums}
        if len(leaders) > 1:
            said["leaders"] = say("{leaders} (too close to call)", leaders=sums)
        if self._rival in leaders:
            return say("Most {what} over {span}: {leaders}.", **said)
        said |= {"rival": self._rival, "other": self._shown(self._rival)}
        return say("Most {what} over {span}: {leaders}; “{rival}” {other}.", **said)

    def lead(self) -> str:
        """How far who leads is ahead of whom the headline names, and in how many runs; empty where it may be nobody."""
        best, rival = self.leaders[0], self._rival
        if rival in self.leaders:
            return ""
        more, limits = self.voice.mean_and_limits(self.ahead(best, rival))
        put = {"more": more, "limits": limits, "sure": f"{self.confidence * 100:g}%"}
        text = (
            "“{best}” has {more} more {what} than “{rival}” ({limits} allowing for luck, {sure} sure; in {ahead} of "
            "{runs} simulated runs)."
        )
        ahead, runs = f"{self._wins(best, rival):,}", f"{self.result.replicates:,}"
        return self.voice.say(text, best=best, rival=rival, what=self.named, ahead=ahead, runs=runs, **put)

    def of_all(self) -> list[str]:
        """What arms come to of whom the headline doesn't speak; of a count all of them, by place."""
        say, ranking = self.voice.say, self._ranking()
        if self.counted:
            rows = self.voice.parts(map(self._by_place, ranking))
            return [self.voice.joined([*self._largest_places(ranking), say("All channels: {rows}.", rows=rows)])]
        named = [*self.leaders, self._rival]
        others = [say("“{arm}” {sum}", arm=arm, sum=self._shown(arm)) for arm in ranking if arm not in named]
        return [say("The others: {sums}.", sums=self.voice.listed(others))] if others else []

    def ahead(self, arm: str, other: str) -> Interval:
        """How far one arm is ahead of another, for all arms together."""
        level = of_each(self.confidence, len(self.result.arms) - 1)
        return self._of(arm).less(self._of(other)).interval(level)

    def _wins(self, arm: str, other: str) -> int:
        """In how many replicates an arm has more than another."""
        return int((self._of(arm).by_replicate > self._of(other).by_replicate).sum())

    @property
    def _rival(self) -> str:
        best, other, *_ = self._ranking()
        return self.result.baseline if best != self.result.baseline else other

    @property
    def counted(self) -> bool:
        """Whether it is a count, not a metric of the whole run."""
        return self.name not in {metric.name for metric in METRICS}

    def _of(self, arm: str, entry: str = "") -> Estimate:
        """What an arm comes to, in all or at one entry."""
        if not self.counted:
            return self.result.estimate(named(self.name), arm)
        name = f"{self.name}.{entry}" if entry else self.name
        return Measures(self.result).of(Measured(metric=name, arm=arm, per="days"))

    def _ranking(self) -> list[str]:
        """Arms from the most to the least."""
        if not self.counted:
            return list(self.result.ranking(named(self.name)))
        return sorted(self.result.arms, key=lambda arm: -self._of(arm).interval().middle)

    def _shown(self, arm: str) -> str:
        found = self._of(arm).interval().middle
        if self.counted:
            return self.voice.short(found)
        return self.voice.money(found) if metric(named(self.name)).unit == "money" else self.voice.short(found)

    def _by_place(self, arm: str) -> str:
        """At which places a count was counted, the most first."""
        say, short = self.voice.say, self.voice.short
        parts = self.voice.listed(
            say("{place} {number}", place=p, number=short(n)) for p, n in self._places(arm).items()
        )
        return say("“{arm}” {sum}: {parts}", arm=arm, sum=self._shown(arm), parts=parts)

    def _largest_places(self, arms: Sequence[str]) -> list[str]:
        """At which place most of a count was counted, with which arms; nothing where each has one place alone."""
        found = {arm: list(self._places(arm)) for arm in arms}
        if not any(len(places) > 1 for places in found.values()):
            return []
        at: dict[str, list[str]] = {}
        for arm, places in found.items():
            if places:
                at.setdefault(places[0], []).append(arm)
        say, voice = self.voice.say, self.voice
        largest = (say("{place} with {arms}", place=place, arms=listed(of, voice)) for place, of in at.items())
        return [say("The largest channel: {places}.", places=voice.parts(largest))]

    def _places(self, arm: str) -> dict[str, float]:
        """How many were counted at each place at which any were, the most first."""
        places = map(str, self.result.data["place"].values)
        found = {place: self._of(arm, place).interval().middle for place in places}
        return dict(sorted(((place, n) for place, n in found.items() if n > 0), key=lambda each: -each[1]))
