"""Who wins: what the scenario asks, by how much, how all arms stand, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from trafficsim.report.asked_for import Asked, asked_for
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.intervals import Interval

EQUAL_ENOUGH = 0.05
"""Spending that differs by less than this share of the largest counts as equal."""


@dataclass(frozen=True)
class Standing:
    """How the arm with the highest mean profit stands to each other arm.

    `equal` earn the same as it in every replicate, `behind` earn less for certain, of `open` chance may decide. "For
    certain" holds for all of them together: they share the confidence (Bonferroni), since the best arm was picked
    among all.
    """

    best: str
    behind: tuple[str, ...]
    open: tuple[str, ...]
    equal: tuple[str, ...]
    shared: float

    @property
    def won(self) -> bool:
        """Whether some arm earns less for certain, and none may earn more."""
        return bool(self.behind) and not self.open

    @property
    def others(self) -> tuple[str, ...]:
        """All arms but the best, which of them comes next first."""
        return (*self.equal, *self.open, *self.behind)


def standing(result: Result, confidence: float, arms: Sequence[str] | None = None) -> Standing:
    """Sort all arms, or some, by how they stand to the one with the highest mean profit, in the order of means."""
    best, *others = [arm for arm in result.ranking() if arms is None or arm in arms]
    shared = 1.0 - (1.0 - confidence) / max(len(others), 1)
    leads = {arm: result.difference("profit", best, arm, shared).amount for arm in others}
    equal = tuple(arm for arm, lead in leads.items() if lead.low == lead.high == 0)
    behind = tuple(arm for arm, lead in leads.items() if lead.low > 0)
    rest = tuple(arm for arm in others if arm not in (*equal, *behind))
    return Standing(best, behind, rest, equal, shared)


def same_money(result: Result) -> tuple[str, ...]:
    """The arms that were made to spend the same, if they do; else none."""
    equal = result.about.equal_budget
    if equal is None:
        return ()
    spend = [result.estimate("spend", arm).interval().middle for arm in equal.arms]
    return equal.arms if not unequal(spend) else ()


def unequal(spend: Sequence[float]) -> bool:
    """Whether sums differ by so much that it has to be said."""
    return max(spend) - min(spend) > EQUAL_ENOUGH * max(spend)


def winner(result: Result, confidence: float, voice: Voice) -> list[str]:
    """The answer to what is asked, which stands alone, then what to do."""
    if len(result.arms) == 1:
        return [_comes_to(result, voice)]
    telling = _Telling(result, confidence, voice)
    if result.replicates == 1:
        return telling.of_one_replicate()
    stand = standing(result, confidence)
    if stand.equal and not stand.open and not stand.behind:
        return [_all_equal(result, stand, voice)]
    if result.about.asks == "profit":
        return [telling.headline(), telling.advice()]
    asked = asked_for(result, confidence, voice)
    first = asked.headline(span(result, voice))
    if asked.best == stand.best:
        return [first, telling.headline(), telling.advice(), *asked.of_all()]
    return [first, telling.bridge(asked), telling.advice(unless=True), *asked.of_all()]


def of_all(result: Result, confidence: float, voice: Voice) -> list[str]:
    """What all arms come to; nothing for one arm, one replicate, or arms that are all equal."""
    if len(result.arms) == 1 or result.replicates == 1:
        return []
    stand = standing(result, confidence)
    return [_Telling(result, confidence, voice).of_all()] if stand.open or stand.behind else []


@dataclass(frozen=True)
class _Telling:
    """Sentences about how arms stand to each other."""

    result: Result
    confidence: float
    voice: Voice

    @property
    def same(self) -> tuple[str, ...]:
        return same_money(self.result)

    @property
    def all(self) -> Standing:
        return standing(self.result, self.confidence)

    @property
    def asked(self) -> Standing:
        """Of the arms that the question is about."""
        return standing(self.result, self.confidence, self.same or None)

    @property
    def rival(self) -> str:
        """Whom the best arm is compared with: the next for the same money, else the baseline, or the next to that."""
        best, other = self.asked.best, self.asked.others[0]
        return other if self.same or best == self.result.baseline else self.result.baseline

    def headline(self) -> str:
        """The answer to what is asked."""
        stand, rival = self.asked, self.rival
        best = stand.best
        lead = self._lead(best, rival, stand.shared)
        said = {"best": best, "rival": rival, "span": span(self.result, self.voice)}
        if rival in stand.equal:
            return self.voice.say("“{best}” and “{rival}” earn the same in every run.", **said)
        if rival in stand.open:
            return self.voice.say(self._of_open(), **said, **self.voice.ends(lead))
        told = self.voice.say(self._of_decided(stand), **said, lead=self.voice.sure_of(lead, self.confidence))
        base, behind = self.result.baseline, (stand.best, *stand.others)
        if base not in behind and all(self._lead(base, arm, self.all.shared).low > 0 for arm in behind):
            text = "Both earn less than “{base}”." if len(behind) == 2 else "All of them earn less than “{base}”."
            told = self.voice.joined([told, self.voice.say(text, base=base)])
        return told

    def _of_decided(self, stand: Standing) -> str:
        if float(self.result.values("profit").sel(arm=stand.best).mean()) < 0:
            text = "“{best}” loses {lead} less than “{rival}” over {span}."
            return "For the same money, “{best}” loses {lead} less than “{rival}” over {span}." if self.same else text
        if self.same:
            return "For the same money, “{best}” earns {lead} more than “{rival}” over {span}."
        if stand.won and stand.best == self.result.baseline:
            return "“{best}” earns most over {span}: {lead} more than “{rival}”, which comes next."
        if stand.won and len(stand.others) > 1:
            return "“{best}” earns {lead} more than “{rival}” over {span}, and most of all options."
        return "“{best}” earns {lead} more than “{rival}” over {span}."

    def _of_open(self) -> str:
        if self.same:
            return (
                "Too close to call: for the same money, “{best}” is {middle} ahead of “{rival}” over {span}, but by "
                "luck alone it may be anything from {low} behind to {high} ahead."
            )
        return (
            "Too close to call: “{best}” is {middle} ahead of “{rival}” over {span}, but by luck alone it may be "
            "anything from {low} behind to {high} ahead."
        )

    def bridge(self, asked: Asked) -> str:
        """What the arm that is best in what is asked costs in profit, where another one earns most."""
        earner, best = self.all.best, asked.best
        said = {"best": best, "earner": earner, "span": span(self.result, self.voice), "what": asked.named}
        lead = self._lead(earner, best, self.all.shared)
        if best not in self.all.behind:
            text = "“{best}” and “{earner}” are too close to call in profit over {span}."
            return self.voice.say(text, **said)
        text = "But “{earner}” earns most: “{best}” has {more} more {what} for {less} less profit over {span}."
        more = asked.ahead(best, earner)
        if not more.low > 0:
            text = "But “{earner}” earns most: with “{best}” profit over {span} is {less} less."
        return self.voice.say(text, **said, less=self.voice.amount(lead), more=self.voice.plain(more))

    def of_all(self) -> str:
        """What the best arm comes to, and how far all others are behind it."""
        stand, voice = self.all, self.voice
        if len(stand.others) == 1:
            both = {"best": stand.best, "other": stand.others[0]}
            sums = {"sum": self._sum(stand.best), "less": self._sum(stand.others[0])}
            return voice.say("Contribution profit: “{best}” {sum}, “{other}” {less}.", **both, **sums)
        said = {"best": stand.best, "sum": self._sum(stand.best)}
        ranked = [arm for arm in self.result.ranking() if arm != stand.best]
        leads = [self._lead(stand.best, arm, stand.shared) for arm in ranked]
        beside = [value for lead in leads for value in (lead.middle, lead.low, lead.high)]
        others = voice.parts(self._behind(arm, stand, beside) for arm in ranked)
        return voice.say("Contribution profit of all options: “{best}” {sum}; {others}.", others=others, **said)

    def _behind(self, arm: str, stand: Standing, beside: Sequence[float]) -> str:
        if arm in stand.equal:
            return self.voice.say("“{arm}” the same", arm=arm)
        lead = self._lead(stand.best, arm, stand.shared)
        if arm in stand.open:
            text = "“{arm}” {middle} less (too close to call: from {high} less to {low} more)"
            return self.voice.say(text, arm=arm, **self.voice.ends(lead, beside))
        return self.voice.say("“{arm}” {sum} less", arm=arm, sum=self.voice.amount(lead, beside))

    def advice(self, *, unless: bool = False) -> str:
        """What to do, as far as the scenario's assumptions hold; `unless` what is asked is worth its profit."""
        said = self._of_same_money() if self.same else self._of_any_money()
        text = "What to do, if the assumptions hold: {advice}."
        if unless:
            text = "What to do, if the assumptions hold: {advice}, unless the gain is worth the lost profit to you."
        return self.voice.say(text, advice=said)

    def _of_same_money(self) -> str:
        stand, level, say = self.asked, self.all.shared, self.voice.say
        outside = [arm for arm in self.all.others if arm not in self.same]
        if self.all.best not in self.same:
            outside.insert(0, self.all.best)
        unsure = [arm for arm in outside if not self._lead(stand.best, arm, level).low > 0]
        ahead = [arm for arm in unsure if self._lead(arm, stand.best, level).low > 0]
        said = {"best": stand.best, "arms": listed(self.same, self.voice), "arm": (ahead or unsure or [""])[0]}
        if ahead:
            more = self.voice.amount(self._lead(ahead[0], stand.best, level))
            text = "{none}: “{arm}” earns {more} more than “{best}”"
            return say(text, none=none_of(self.same, self.voice), more=more, **said)
        if not stand.won:
            return self._while_too_close(stand, unsure)
        if unsure:
            return self._while_open(unsure, outside, said)
        if outside:
            return say("choose “{best}”, which also earns more than all other options", **said)
        return say(
            "choose “{best}” for this money; whether to spend it at all can't be told, since every option spends it",
            **said,
        )

    def _while_too_close(self, stand: Standing, unsure: Sequence[str]) -> str:
        """What to do while arms of the same money are too close to call: nothing, unless the baseline falls behind."""
        base, say, choice = self.result.baseline, self.voice.say, self._at_stake(stand)
        if base not in unsure:
            text = "{choice}; none of them is shown to earn more than “{arm}”"
            return say(text, choice=choice, arm=unsure[0]) if unsure else choice
        losers = [arm for arm in self.same if self._lead(base, arm, self.all.shared).low > 0]
        said = {"none": none_of(self.same, self.voice), "base": base}
        if losers:
            text = "don't spend this money yet: {none} is shown to earn more than “{base}”, and {losers} earned less"
            return say(text, losers=listed(losers, self.voice), **said)
        text = "don't spend this money yet: {none} is shown to earn more than “{base}”; if it is spent, {choice}"
        return say(text, choice=choice, **said)

    def _while_open(self, unsure: Sequence[str], outside: Sequence[str], said: dict[str, str]) -> str:
        """Whether to spend the money while some arm that spends another sum may earn more: by the baseline."""
        base, say = self.result.baseline, self.voice.say
        if base in unsure:
            text = "don't spend this money yet: whether “{best}” earns more than “{base}” can't be told"
            return say(text, base=base, **said)
        if base in outside:
            text = (
                "do it, with “{best}”: it earns more than “{base}”; whether “{arm}” earns still more can't be told yet"
            )
            return say(text, base=base, **said)
        return say("if this money is spent, “{best}”; whether “{arm}” earns more or less can't be told yet", **said)

    def _of_any_money(self) -> str:
        stand, base, say = self.all, self.result.baseline, self.voice.say
        if stand.won:
            return self._choose() if stand.best != base else say("stay with “{best}”", best=stand.best)
        if base == stand.best or base in stand.open:
            return say("stay with “{baseline}” until more is known: no option is shown to earn more", baseline=base)
        return self._at_stake(stand)

    def _choose(self) -> str:
        return self.voice.say("choose “{best}”", best=self.asked.best)

    def _at_stake(self, stand: Standing) -> str:
        """That profit does not decide between arms, and what choosing wrongly can cost at most."""
        close = (stand.best, *stand.equal, *stand.open)
        most = max(
            abs(limit)
            for arm in close[1:]
            for lead in [self._lead(stand.best, arm, stand.shared)]
            for limit in (lead.low, lead.high)
        )
        said = {"arms": listed(close, self.voice), "sum": self.voice.money(most), "sure": f"{self.confidence * 100:g}%"}
        return self.voice.say("any of {arms} will do: the wrong one costs at most {sum} ({sure} sure)", **said)

    def of_one_replicate(self) -> list[str]:
        """What came out, which chance may have turned."""
        stand = self.asked
        text = "“{best}” earns most in the only run: {sum} over {span}. One run decides nothing: it may be luck."
        return [
            self.voice.say(text, best=stand.best, sum=self._sum(stand.best), span=span(self.result, self.voice)),
            self.voice.say("What to do: run more replicates (--replicates 16)."),
        ]

    def _lead(self, a: str, b: str, level: float) -> Interval:
        return self.result.difference("profit", a, b, level).amount

    def _sum(self, arm: str) -> str:
        return self.voice.money(float(self.result.values("profit").sel(arm=arm).mean()))


def sure(result: Result, confidence: float, voice: Voice) -> list[str]:
    """How sure it is, as far as luck goes, which of the arms in question earns most; nothing for one replicate."""
    if result.replicates == 1 or len(result.arms) == 1:
        return []
    stand = standing(result, confidence, same_money(result) or None)
    if stand.open:
        text = (
            "How sure: it is open which of {arms} earns more. “{best}” earned more in {ahead} of {runs} runs, which "
            "may still be luck."
        )
        arms = (stand.best, *stand.open)
    elif stand.behind:
        text = "How sure: {share}, as far as luck goes. “{best}” earned more than {others} in {ahead} of {runs} runs."
        arms = (stand.best, *stand.behind)
    else:
        return []
    earned = result.values("profit").sel(arm=list(arms))
    ahead = int((earned.sel(arm=stand.best) > earned.drop_sel(arm=stand.best)).all("arm").sum())
    said = {"best": stand.best, "arms": listed(arms, voice), "others": listed(arms[1:], voice)}
    said |= {"ahead": f"{ahead:,}", "runs": f"{result.replicates:,}", "share": f"{confidence * 100:g}%"}
    return [voice.say(text, **said)]


def _all_equal(result: Result, stand: Standing, voice: Voice) -> str:
    arms = listed(result.arms, voice)
    earned = float(result.values("profit").sel(arm=stand.best).mean())
    if earned == 0 and not result.values("orders").any():
        return voice.say("{arms} earn and lose nothing: nobody orders.", arms=arms)
    return voice.say(
        "{arms} are equal in every run: contribution profit {sum} over {span}.",
        arms=arms,
        sum=voice.money(earned),
        span=span(result, voice),
    )


def _comes_to(result: Result, voice: Voice) -> str:
    earned = float(result.values("profit").sel(arm=result.arms[0]).mean())
    said = {"arm": result.arms[0], "sum": voice.money(earned), "span": span(result, voice)}
    return voice.say("“{arm}” comes to a contribution profit of {sum} over {span}.", **said)


def span(result: Result, voice: Voice) -> str:
    """How long the run is."""
    return voice.say("1 day") if result.days == 1 else voice.say("{days} days", days=f"{result.days:,}")


def none_of(names: Sequence[str], voice: Voice) -> str:
    """What begins a sentence that is true of none of these names."""
    if len(names) == 2:
        return voice.say("neither “{a}” nor “{b}”", a=names[0], b=names[1])
    return voice.say("none of {arms}", arms=listed(names, voice))


def listed(names: Sequence[str], voice: Voice) -> str:
    """Names in quotation marks, with an "and" before the last."""
    *others, last = [f"“{name}”" for name in names]
    return voice.say("{names} and {last}", names=voice.listed(others), last=last) if others else last
