"""How far arms are ahead of each other in profit, and the sums that sentences about it share, on one scale."""

from dataclasses import dataclass

from trafficsim.report.standing import Standing, same_money, span, standing
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.intervals import Interval


@dataclass(frozen=True)
class Leads:
    """Who is ahead of whom, by how much, and how a sentence writes it."""

    result: Result
    confidence: float
    voice: Voice

    @property
    def same(self) -> tuple[str, ...]:
        """The arms that were made to spend the same."""
        return same_money(self.result)

    @property
    def base(self) -> str:
        """The baseline arm."""
        return self.result.baseline

    @property
    def all(self) -> Standing:
        """Of all arms."""
        return standing(self.result, self.confidence)

    @property
    def asked(self) -> Standing:
        """Of the arms that the question is about."""
        return standing(self.result, self.confidence, self.same or None)

    @property
    def rival(self) -> str:
        """Whom the best arm is compared with: the next for the same money, else the baseline, or the next to that."""
        best, other = self.asked.best, self.asked.others[0]
        return other if self.same or best == self.base else self.base

    @property
    def beside(self) -> list[float]:
        """All leads over the baseline with their limits: the sums of an answer are told on one scale."""
        leads = [self.lead(arm, self.base) for arm in self.result.arms if arm != self.base]
        return [value for lead in leads for value in (lead.middle, lead.low, lead.high)]

    @property
    def spent(self) -> str:
        """What each of the arms of the same money spends, about."""
        spend = [self.result.estimate("spend", arm).interval().middle for arm in self.same]
        return self.voice.money(sum(spend) / len(spend))

    @property
    def span(self) -> str:
        """The time simulated, in words."""
        return span(self.result, self.voice)

    def lead(self, a: str, b: str, level: float | None = None) -> Interval:
        """How far an arm is ahead of another, at the confidence that all arms share unless another `level` is given."""
        return self.result.difference("profit", a, b, level or self.all.shared).amount

    def ahead(self, a: str, b: str) -> bool:
        """Whether the first arm earns more for certain."""
        return self.lead(a, b).low > 0

    def by_mean(self, a: str, b: str) -> tuple[str, str]:
        """Two arms, the one with the higher mean first."""
        return (a, b) if self.lead(a, b).middle >= 0 else (b, a)

    def sure(self, lead: Interval) -> str:
        """A lead with its limits and what they are."""
        return self.voice.sure_of(lead, self.confidence, self.beside)

    def amount(self, lead: Interval) -> str:
        """A lead with its limits."""
        return self.voice.amount(lead, self.beside)

    def mean(self, lead: Interval) -> str:
        """A lead alone."""
        return self.voice.mean_and_limits(lead, self.beside, money=True)[0]

    def earned(self, arm: str) -> str:
        """The profit of an arm."""
        return self.voice.money(float(self.result.values("profit").sel(arm=arm).mean()))
