"""Who wins: what the scenario asks, by how much, how all arms stand, and what to do about it."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from trafficsim.report.asked_for import Asked, asked_for
from trafficsim.report.leads import Leads
from trafficsim.report.standing import Standing, listed, span, standing
from trafficsim.report.voice import Voice
from trafficsim.results import Result


@dataclass(frozen=True)
class Told:
    """The answer to what is asked, which stands alone; what is `said` next, what to do among it.

    `pick` is the arm that is advised, if one is. `certain` are leads that the advice rests on, an arm over others;
    `uncertain` those that chance may have made, an arm over another.
    """

    headline: str
    said: list[str] = field(default_factory=list)
    pick: str = ""
    certain: tuple[tuple[str, tuple[str, ...]], ...] = ()
    uncertain: tuple[tuple[str, str], ...] = ()


def winner(result: Result, confidence: float, voice: Voice) -> Told:
    """What came out, and what to do."""
    if len(result.arms) == 1:
        return Told(_comes_to(result, voice))
    telling = _Telling(result, confidence, voice)
    if result.replicates == 1:
        return telling.of_one_replicate()
    stand = standing(result, confidence)
    if stand.equal and not stand.open and not stand.behind:
        told = Told(_all_equal(result, stand, voice))
    else:
        told = telling.by_profit()
    if result.about.asks == "profit":
        return told
    asked = asked_for(result, confidence, voice)
    if asked.best == stand.best or not told.said:
        said = [voice.joined([asked.lead(), *asked.of_all()]), told.headline, *told.said]
        return replace(told, headline=asked.headline(span(result, voice)), said=said)
    headline = [asked.headline(span(result, voice))]
    if asked.best in stand.behind:
        headline.append(voice.say("But “{earner}” earns most.", earner=stand.best))
    first, *others = told.said
    said = [
        voice.joined([asked.lead(), telling.earner(asked)]),
        *asked.of_all(),
        voice.joined([first, *telling.worth(asked)]),
        *others,
    ]
    return replace(told, headline=voice.joined(headline), said=said)


class _Beyond(NamedTuple):
    """Sentences on arms that spend another sum than those asked about, and the leads that they rest on."""

    said: list[str]
    certain: tuple[tuple[str, tuple[str, ...]], ...]


class _Telling(Leads):
    """Sentences about how arms stand to each other."""

    def by_profit(self) -> Told:
        """Who earns more, for the same money where arms were made to spend it, and whether that beats the baseline."""
        if not self.same:
            return self._of_any_money()
        if self.base in self.same:
            return self._of_same_money()
        if all(self.ahead(self.base, arm) for arm in self.same):
            return self._none_pays()
        return self._pays() if self.ahead(self.asked.best, self.base) else self._not_yet()

    def _none_pays(self) -> Told:
        """All arms of the same money fall behind the baseline for certain."""
        stand, base, say = self.asked, self.base, self.voice.say
        less = [self.mean(self.lead(base, arm)) for arm in (stand.best, stand.others[0])]
        said = {"base": base, "best": stand.best, "rival": stand.others[0], "less": less[0], "span": self.span}
        text = (
            "Neither pays: with the {sum} that either costs deducted, profit over {span} is {less} lower with “{best}” "
            "than with “{base}”, and {more} lower with “{rival}”."
        )
        if len(self.same) > 2:
            text = (
                "None of them pays: with the {sum} that each costs deducted, profit over {span} is {less} lower even "
                "with the best, “{best}”, than with “{base}”."
            )
        losing = [arm for arm in self.result.ranking() if arm not in (base, *self.same) and self.ahead(base, arm)]
        text_of_others = "“{arm}” does not pay either: {less} less than “{base}”."
        between = [self._between()] if len(self.same) == 2 else []
        between += [say(text_of_others, arm=arm, base=base, less=self.mean(self.lead(base, arm))) for arm in losing]
        advice = self._advice("don't spend the {sum}: stay with “{base}”", base=base)
        beyond = self._beyond(base)
        told = [*([self.voice.joined(between)] if between else []), self.voice.joined([advice, *beyond.said])]
        headline = say(text, more=less[1], sum=self.spent, **said)
        return Told(headline, told, base, ((base, (*self.same, *losing)), *beyond.certain))

    def _pays(self) -> Told:
        """The best arm of the same money is ahead of the baseline for certain."""
        stand, base, say = self.asked, self.base, self.voice.say
        best, rival = stand.best, stand.others[0]
        more = self.lead(best, base)
        said = {"base": base, "best": best, "rival": rival, "more": self.mean(more), "span": self.span}
        beyond = self._beyond(best)
        beats = ((best, (*stand.behind, base)), *beyond.certain)
        if rival in stand.behind:
            text = (
                "“{best}”: for the same {sum} it earns {lead} more than “{rival}” over {span}; against “{base}” "
                "it earns {more} more, all spending deducted."
            )
            lead = self.sure(self.lead(best, rival, stand.shared))
            headline = say(text, lead=lead, sum=self.spent, **said)
        elif rival in stand.equal:
            text = (
                "“{best}” earns {more} more than “{base}” over {span}; for the same money “{rival}” earns the same in "
                "every run."
            )
            headline = say(text, **said)
        else:
            text = (
                "“{best}” earns {more} more than “{base}” over {span}; between it and “{rival}”, for the same money, "
                "it is too close to call."
            )
            headline = say(text, **said)
        advice = self._advice(
            "spend the {sum} on “{best}”: it earns {more} more than “{base}”",
            best=best,
            base=base,
            more=self.amount(more),
        )
        told = [self.voice.joined([advice, *beyond.said])]
        return Told(headline, told, best, beats, tuple((best, arm) for arm in stand.open))

    def _not_yet(self) -> Told:
        """Whether the best arm of the same money beats the baseline is open."""
        stand, base, say = self.asked, self.base, self.voice.say
        best, rival = stand.best, stand.others[0]
        losers = [arm for arm in self.same if self.ahead(base, arm)]
        said = {"base": base, "best": best, "rival": rival, "span": self.span, "arms": listed(self.same, self.voice)}
        if rival in stand.behind:
            text = (
                "For the same {sum}, “{best}” earns {lead} more than “{rival}” over {span}, but is not shown to earn "
                "more than “{base}”: don't spend it yet."
            )
            told: list[str] = []
            lead = self.sure(self.lead(best, rival, stand.shared))
            headline = say(text, lead=lead, sum=self.spent, **said)
        elif rival in stand.equal and len(self.same) == 2:
            text = (
                "For the same money {arms} earn the same in every run, and neither is shown to earn more than “{base}” "
                "over {span}: don't spend it yet."
            )
            told = []
            headline = say(text, **said)
        else:
            text = (
                "Too close to call between {arms} for the same money, and neither is shown to earn more than “{base}” "
                "over {span}: don't spend it yet."
            )
            if len(self.same) > 2:
                text = (
                    "Too close to call between {arms} for the same money, and none is shown to earn more than “{base}” "
                    "over {span}: don't spend it yet."
                )
            if len(self.same) == 2 and len(losers) == 1:
                text = (
                    "Too close to call between {arms} for the same money; “{loser}” earns less than “{base}” over "
                    "{span}, and “{other}” is not shown to earn more: don't spend it yet."
                )
                said |= {"loser": losers[0], "other": next(arm for arm in self.same if arm not in losers)}
            headline = say(text, **said)
            told = [self._between()] if len(self.same) == 2 else []
        advice = self._advice("don't spend the {sum} yet; stay with “{base}” until more is known", base=base)
        lost = [
            say(
                "“{arm}” earns {less} less than “{base}”.",
                arm=arm,
                base=base,
                less=self.amount(self.lead(base, arm)),
            )
            for arm in losers
        ]
        beyond = self._beyond(base)
        told.append(self.voice.joined([advice, *lost, *beyond.said]))
        certain = (*(((best, stand.behind),) if stand.behind else ()), *beyond.certain)
        beside = [self.by_mean(arm, base) for arm in self.same if arm not in losers]
        return Told(headline, told, "", certain, (*beside, *((best, arm) for arm in stand.open)))

    def _of_same_money(self) -> Told:
        """Arms that were made to spend the same, the baseline one of them: whether to spend at all stays open."""
        stand, say = self.asked, self.voice.say
        headline = self._headline()
        if not stand.won:
            return self._told_of(headline, self._at_stake(stand), "")
        outside = [arm for arm in self.result.ranking() if arm not in self.same]
        if outside:
            advice = self._advice("choose “{best}” for this money", best=stand.best)
            beyond = self._beyond(stand.best)
            told = [self.voice.joined([advice, *beyond.said])]
            return Told(headline, told, stand.best, ((stand.best, stand.behind), *beyond.certain))
        advice = say(
            "choose “{best}”; whether to spend at all can't be told, since doing nothing was not an option here",
            best=stand.best,
        )
        return self._told_of(headline, advice, stand.best)

    def _of_any_money(self) -> Told:
        stand, base, say = self.all, self.base, self.voice.say
        headline = self._headline()
        if stand.won:
            today = stand.best == base and self.result.about.asks == "profit"  # else the baseline may be no status quo
            text = "stay with “{best}”" if today else "choose “{best}”"
            return self._told_of(headline, say(text, best=stand.best), stand.best)
        if base == stand.best or base in stand.open:
            text = "stay with “{baseline}” until more is known: no option is shown to earn more"
            return self._told_of(headline, say(text, baseline=base), base)
        return self._told_of(headline, self._at_stake(stand), "")

    def _told_of(self, headline: str, advice: str, pick: str) -> Told:
        """An answer that rests on how the best of the arms in question stands to the others."""
        stand = self.asked
        certain = ((stand.best, stand.behind),) if stand.behind else ()
        return Told(
            headline,
            [self._advice("{advice}", advice=advice)],
            pick,
            certain,
            tuple((stand.best, a) for a in stand.open),
        )

    def _headline(self) -> str:
        """How the best of the arms in question stands to its rival, where no other arm comes into it."""
        stand, rival, best = self.asked, self.rival, self.asked.best
        lead = self.lead(best, rival, stand.shared)
        said = {"best": best, "rival": rival, "span": self.span}
        if rival in stand.equal:
            return self.voice.say("“{best}” and “{rival}” earn the same in every run.", **said)
        if rival in stand.open:
            text = (
                "Too close to call: “{best}” is {middle} ahead of “{rival}” over {span}, but by luck alone it may be "
                "anything from {low} behind to {high} ahead."
            )
            if self.same:
                text = (
                    "Too close to call: for the same money, “{best}” is {middle} ahead of “{rival}” over {span}, but "
                    "by luck alone it may be anything from {low} behind to {high} ahead."
                )
            return self.voice.say(text, **said, **self.voice.ends(lead, self.beside))
        money = {"sum": self.spent} if self.same else {}
        return self.voice.say(self._of_decided(stand), **said, **money, lead=self.sure(lead))

    def _of_decided(self, stand: Standing) -> str:
        if float(self.result.values("profit").sel(arm=stand.best).mean()) < 0:
            text = "“{best}” loses {lead} less than “{rival}” over {span}."
            return "For the same {sum}, “{best}” loses {lead} less than “{rival}” over {span}." if self.same else text
        if self.same:
            return "For the same {sum}, “{best}” earns {lead} more than “{rival}” over {span}."
        if stand.won and stand.best == self.base:
            return "“{best}” earns most over {span}: {lead} more than “{rival}”, which comes next."
        if stand.won and len(stand.others) > 1:
            return "“{best}” earns {lead} more than “{rival}” over {span}, and most of all options."
        return "“{best}” earns {lead} more than “{rival}” over {span}."

    def _between(self) -> str:
        """How the two arms of the same money stand to each other."""
        stand = self.asked
        best, rival = stand.best, stand.others[0]
        lead = self.lead(best, rival, stand.shared)
        if rival in stand.equal:
            return self.voice.say("“{best}” and “{rival}” earn the same in every run.", best=best, rival=rival)
        if rival in stand.behind:
            text = "Between the two, “{best}” is ahead by {lead}."
            return self.voice.say(text, best=best, lead=self.sure(lead))
        text = (
            "Between the two, “{best}” is {middle} ahead, but by luck alone it may be anything from {low} behind to "
            "{high} ahead."
        )
        return self.voice.say(text, best=best, **self.voice.ends(lead, self.beside))

    def _beyond(self, arm: str) -> "_Beyond":
        """Of arms that spend another sum: which earn more than this one, and which cost more for nothing shown."""
        said, say, money = [], self.voice.say, self.voice.money
        certain: list[tuple[str, tuple[str, ...]]] = []
        spent = {each: self.result.estimate("spend", each).interval().middle for each in self.result.arms}
        for other in self.result.ranking():
            if other in (arm, self.base, *self.same) or self.ahead(arm, other):
                continue
            more = spent[other] - spent[arm]
            put = {"arm": other, "than": arm, "cost": money(abs(more))}
            if self.ahead(other, arm):
                certain.append((other, (arm,)))
                text = "Better still, for less money: “{arm}” earns {more} more than “{than}”."
                if more > 0:
                    text = (
                        "If {cost} more can be spent, choose “{arm}”: with that deducted, it earns {more} more than "
                        "“{than}”."
                    )
                said.append(say(text, more=self.amount(self.lead(other, arm)), **put))
            elif more > 0:
                said.append(say("“{arm}” costs {cost} more to run and is not shown to earn more than “{than}”.", **put))
            else:
                said.append(say("Whether “{arm}” earns more or less than “{than}” can't be told yet.", **put))
        return _Beyond(said, tuple(certain))

    def earner(self, asked: Asked) -> str:
        """How far the arm that earns most is ahead, in profit, of the one that is best in what is asked."""
        best, earner = asked.best, self.all.best
        if best not in self.all.behind:
            text = "In profit over {span}, “{best}” and “{earner}” are too close to call."
            return self.voice.say(text, best=best, earner=earner, span=self.span)
        lead = self.lead(earner, best)
        put = {"best": best, "earner": earner, "more": self.amount(lead), "sum": self.earned(earner)}
        text = "“{earner}” earns {sum}, {more} more than “{best}”."
        if len(asked.leaders) > 1:
            text = "“{earner}” earns {sum}, {more} more than “{best}”, which earns most of those in front."
        return self.voice.say(text, **put)

    def worth(self, asked: Asked) -> list[str]:
        """What each of what is asked costs in profit with the arm that has most of it, where that is told."""
        less, more = self.lead(self.all.best, asked.best), asked.ahead(asked.best, self.all.best)
        if not (asked.counted and less.low > 0 and more.low > 0):
            return []
        each = self.voice.price(float(f"{less.middle / (more.middle * self.result.days):.2g}"))
        text = (
            "“{best}” has {more} more {what}, each at a cost of about {each} in profit: choose it only if each is "
            "worth that to you."
        )
        return [self.voice.say(text, more=self.voice.short(more.middle), what=asked.named, best=asked.best, each=each)]

    def _advice(self, text: str, **said: str) -> str:
        if self.same:
            said["sum"] = self.spent
        return self.voice.say("What to do, if the assumptions hold: {advice}.", advice=self.voice.say(text, **said))

    def _at_stake(self, stand: Standing) -> str:
        """That profit does not decide between arms, and what choosing wrongly can cost at most."""
        close = (stand.best, *stand.equal, *stand.open)
        most = max(
            abs(limit)
            for arm in close[1:]
            for lead in [self.lead(stand.best, arm, stand.shared)]
            for limit in (lead.low, lead.high)
        )
        said = {"arms": listed(close, self.voice), "sum": self.voice.money(most), "sure": f"{self.confidence * 100:g}%"}
        return self.voice.say("any of {arms} will do: the wrong one costs at most {sum} ({sure} sure)", **said)

    def of_one_replicate(self) -> Told:
        """What came out, which chance may have turned."""
        best = self.asked.best
        text = "“{best}” earns most in the only run: {sum} over {span}. One run decides nothing: it may be luck."
        headline = self.voice.say(text, best=best, sum=self.earned(best), span=self.span)
        return Told(headline, [self.voice.say("What to do: run more replicates (--replicates 16).")])


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
