"""Who wins: the arm with most contribution profit, if the replicates tell it from all others; else what is open."""

import math
from dataclasses import dataclass

from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.intervals import Interval


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


def standing(result: Result, confidence: float) -> Standing:
    """Sort all arms by how they stand to the one with the highest mean profit, in the order of their means."""
    best, *others = result.ranking()
    shared = 1.0 - (1.0 - confidence) / max(len(others), 1)
    leads = {arm: result.difference("profit", best, arm, shared).amount for arm in others}
    equal = tuple(arm for arm, lead in leads.items() if lead.low == lead.high == 0)
    behind = tuple(arm for arm, lead in leads.items() if lead.low > 0)
    rest = tuple(arm for arm in others if arm not in (*equal, *behind))
    return Standing(best, behind, rest, equal, shared)


def winner(result: Result, confidence: float, voice: Voice) -> list[str]:
    """Who wins and by how much, or between whom it is too close to call."""
    if len(result.arms) == 1:
        return [_earns(result, result.arms[0], voice) + voice.stop]
    stand = standing(result, confidence)
    if result.replicates == 1:
        return _one_replicate(result, stand, voice)
    if stand.equal and not stand.open and not stand.behind:
        return [_all_equal(result, stand, voice)]
    found = _won(result, stand, confidence, voice) if stand.won else _too_close(result, stand, confidence, voice)
    return [*found, *_equal(stand, voice)]


def _one_replicate(result: Result, stand: Standing, voice: Voice) -> list[str]:
    return [
        _earns(result, stand.best, voice) + voice.stop,
        voice.say("One replicate does not decide between “{a}” and “{b}”.", a=stand.best, b=result.ranking()[1]),
    ]


def _all_equal(result: Result, stand: Standing, voice: Voice) -> str:
    arms = listed(result.arms, voice)
    earned = float(result.values("profit").sel(arm=stand.best).mean())
    if earned == 0 and not result.values("orders").any():
        return voice.say("{arms} earn and lose nothing: nobody orders.", arms=arms)
    return voice.say(
        "{arms} are equal in every replicate: contribution profit {sum} over {span}.",
        arms=arms,
        sum=voice.money(earned),
        span=_span(result, voice),
    )


def _equal(stand: Standing, voice: Voice) -> list[str]:
    return [voice.say("“{a}” and “{b}” are equal in every replicate.", a=stand.best, b=arm) for arm in stand.equal]


def _won(result: Result, stand: Standing, confidence: float, voice: Voice) -> list[str]:
    best, baseline, next_ = stand.best, result.baseline, stand.behind[0]
    first = _earns(result, best, voice)
    if best == baseline:
        first += voice.say(", and is the baseline: no other arm beats it")
    elif baseline in stand.behind:
        lead_over = _over_the_baseline(result, best, confidence, voice)
        first += voice.say(", {sum} ({limits}) more than the baseline “{baseline}”", **lead_over)
    if next_ == baseline and best != baseline:
        return [first + voice.stop]
    lead = _lead(result, best, next_, confidence)
    said = {"next": next_, "best": best, "sum": voice.money(lead.middle), "limits": voice.limits(lead, confidence)}
    return [first + voice.stop, voice.say("Next is “{next}”; “{best}” earns {sum} ({limits}) more than it.", **said)]


def _too_close(result: Result, stand: Standing, confidence: float, voice: Voice) -> list[str]:
    best, earned = stand.best, float(result.values("profit").sel(arm=stand.best).mean())
    close = [_ahead_of(result, best, arm, stand.shared, voice) for arm in stand.open]
    said = [
        voice.say(
            "Too close to call: “{arm}” has the highest mean contribution profit, {sum} over {span}, but chance alone "
            "may have put it ahead of {others}.",
            arm=best,
            sum=voice.money(earned),
            span=_span(result, voice),
            others=voice.listed(close),
        )
    ]
    if result.baseline in stand.behind:
        lead = _over_the_baseline(result, best, confidence, voice)
        said.append(voice.say("It earns {sum} ({limits}) more than the baseline “{baseline}” for certain.", **lead))
    return said


def _ahead_of(result: Result, best: str, arm: str, confidence: float, voice: Voice) -> str:
    lead = _lead(result, best, arm, confidence)
    return voice.say(
        "“{arm}” by {sum} ({limits})", arm=arm, sum=voice.money(lead.middle), limits=voice.limits(lead, confidence)
    )


def _over_the_baseline(result: Result, best: str, confidence: float, voice: Voice) -> dict[str, str]:
    lead = _lead(result, best, result.baseline, confidence)
    sum_, limits = voice.money(lead.middle), voice.limits(lead, confidence)
    return {"sum": sum_, "limits": limits, "baseline": result.baseline}


def _lead(result: Result, a: str, b: str, confidence: float) -> Interval:
    return result.difference("profit", a, b, confidence).amount


def _earns(result: Result, best: str, voice: Voice) -> str:
    earned = float(result.values("profit").sel(arm=best).mean())
    said = {"arm": best, "sum": voice.money(math.fabs(earned)), "span": _span(result, voice)}
    if earned >= 0:
        return voice.say("“{arm}” earns the most contribution profit: {sum} over {span}", **said)
    return voice.say("“{arm}” loses the least contribution profit: a loss of {sum} over {span}", **said)


def _span(result: Result, voice: Voice) -> str:
    return voice.say("1 day") if result.days == 1 else voice.say("{days} days", days=f"{result.days:,}")


def listed(names: tuple[str, ...] | list[str], voice: Voice) -> str:
    """Names in quotation marks, with an "and" before the last."""
    *others, last = [f"“{name}”" for name in names]
    return voice.say("{names} and {last}", names=voice.listed(others), last=last) if others else last
