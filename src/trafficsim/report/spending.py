"""What arms spend, and how some were made to spend the same: said after the answer, in small print."""

from trafficsim.market.currencies import CENTS
from trafficsim.report.standing import listed, same_money, unequal
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.about import EqualBudget

TOLD_AT_ONCE = 0.2
"""From this share on a change of what an arm spends is told with the answer, not below it (assumed)."""
MANY_TIMES = 3.0
"""From here on a budget is said to be multiplied, not raised by so many percent."""


def changed(result: Result, voice: Voice) -> list[str]:
    """Whose spending was changed much so that all spend the same; nothing where it is much as planned.

    Where the question is not about profit, also what the options spend: it is part of what the answer costs.
    """
    equal, say = result.about.equal_budget, voice.say
    if equal is None and result.about.asks != "profit":
        return _unequal(result, voice)
    if equal is None or not same_money(result):
        return []
    found = []
    for arm, by in equal.factors.items():
        spent = result.estimate("spend", arm).interval().middle
        planned = _planned(result, arm, spent, by)
        if abs(spent - planned) > TOLD_AT_ONCE * planned:
            text = "“{arm}” was raised from the planned {planned} to {sum}"
            if spent < planned:
                text = "“{arm}” was cut from the planned {planned} to {sum}"
            found.append(say(text, arm=arm, planned=voice.money(planned), sum=voice.money(spent)))
    if not found:
        return []
    text = "To make spending equal, {changes}; the plan as written was not run, so nothing here is said of it."
    return [say(text, changes=voice.parts(found))]


def spending(result: Result, voice: Voice) -> list[str]:
    """Which arms spend the same and what was changed for it, and what the others spend; nothing if all do anyway."""
    spend = {arm: result.estimate("spend", arm).interval().middle for arm in result.arms}
    equal = result.about.equal_budget
    if equal is None:
        return _unequal(result, voice) if result.about.asks == "profit" else []
    others = {arm: sum_ for arm, sum_ in spend.items() if arm not in equal.arms}
    said = [] if changed(result, voice) else [_equalised(result, equal, spend, voice)]
    if unscaled := [arm for arm in others if result.data["advertising"].sel(arm=arm).any()]:
        said.append(voice.say("Ads of {arms} are as planned.", arms=listed(unscaled, voice)))
    if others and unequal([*spend.values()]):
        said.append(voice.say("The other options spend: {sums}.", sums=_sums(others, voice)))
    return said


def _unequal(result: Result, voice: Voice) -> list[str]:
    spend = {arm: result.estimate("spend", arm).interval().middle for arm in result.arms}
    if not unequal([*spend.values()]):
        return []
    return [voice.say("The options spend unequal sums: {sums}.", sums=_sums(spend, voice))]


def _equalised(result: Result, equal: EqualBudget, spend: dict[str, float], voice: Voice) -> str:
    same = {arm: spend[arm] for arm in equal.arms}
    if not same_money(result):
        scaled = voice.listed(scaled_budget(arm, by, voice) for arm, by in equal.factors.items())
        text = "The options spend unequal sums although budgets were changed ({scaled}): {sums}."
        return voice.say(text, scaled=scaled, sums=_sums(same, voice))
    planned = {arm: _planned(result, arm, spend[arm], by) for arm, by in equal.factors.items()}
    return voice.say(
        "For a fair comparison {arms} spend about {sum} each, not what was planned: {planned}.",
        arms=listed(equal.arms, voice),
        sum=voice.money(sum(same.values()) / len(same)),
        planned=_sums(planned, voice),
    )


def _planned(result: Result, arm: str, spent: float, by: float) -> float:
    """What an arm would spend if its advertisements had not been multiplied `by` a factor."""
    ads = float(result.data["advertising"].sel(arm=arm).sum(["day", "place"]).mean()) / CENTS
    return spent - ads * (1.0 - 1.0 / by)


def scaled_budget(arm: str, by: float, voice: Voice) -> str:
    """By how much the ad budget of an arm was changed; `arm` is what it is called."""
    if by >= MANY_TIMES:
        return voice.say("the ad budget of “{arm}” was multiplied by {factor}", arm=arm, factor=f"{by:.3g}")
    text = (
        "the ad budget of “{arm}” was raised by {share}" if by >= 1.0 else "the ad budget of “{arm}” was cut by {share}"
    )
    return voice.say(text, arm=arm, share=f"{float(f'{100 * abs(by - 1.0):.2g}'):g}%")


def _sums(spend: dict[str, float], voice: Voice) -> str:
    return voice.listed(voice.say("“{arm}” {sum}", arm=arm, sum=voice.money(total)) for arm, total in spend.items())
