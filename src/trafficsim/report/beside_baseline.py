"""What the baseline earns, and how far all other arms are from it, in one sentence."""

from trafficsim.report.leads import Leads
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.intervals import Interval


def beside_baseline(result: Result, confidence: float, voice: Voice) -> list[str]:
    """The sentence; none for one arm, one replicate, or arms that are all equal."""
    if len(result.arms) == 1 or result.replicates == 1:
        return []
    leads = Leads(result, confidence, voice)
    if not (leads.all.open or leads.all.behind):
        return []
    base = leads.base
    text = (
        "Profit over {span} (after goods, commission, delivery, promotion and the staff and fixed costs that the file "
        "gives): “{base}” {sum}; against it, {others}."
    )
    if not result.data["fixed_costs"].any():
        text = (
            "Profit over {span} (after goods, commission, delivery, promotion and the staff that the file gives; it "
            "gives no fixed costs, such as rent): “{base}” {sum}; against it, {others}."
        )
    others = voice.parts(_beside(leads, arm) for arm in result.ranking() if arm != base)
    return [voice.say(text, base=base, sum=leads.earned(base), others=others, span=leads.span)]


def _beside(leads: Leads, arm: str) -> str:
    say, lead = leads.voice.say, leads.lead(arm, leads.base)
    if lead.low == lead.high == 0:
        return say("“{arm}” the same", arm=arm)
    if lead.low <= 0 <= lead.high:
        text = "“{arm}” {middle} less, which may be chance (from {low} less to {high} more)"
        if lead.middle > 0:
            text = "“{arm}” {middle} more, which may be chance (from {low} less to {high} more)"
        around = Interval(abs(lead.middle), lead.low, lead.high)
        return say(text, arm=arm, **leads.voice.ends(around, leads.beside))
    sides = (lead.low, lead.high) if lead.low > 0 else (-lead.high, -lead.low)
    sum_ = leads.amount(Interval(abs(lead.middle), *sides))
    return say("“{arm}” {sum} more" if lead.low > 0 else "“{arm}” {sum} less", arm=arm, sum=sum_)
