"""The pictures of a report, each with what a screen reader says instead: selected, not all that there are."""

from collections.abc import Callable
from typing import NamedTuple, cast

from markupsafe import Markup
from matplotlib.axes import Axes

from trafficsim import plots
from trafficsim.books.metrics import COHORT_DAYS, MetricName
from trafficsim.plots.cohorts import can_map
from trafficsim.plots.lines import CountName, lie_together
from trafficsim.report.asked_for import asked_for
from trafficsim.report.figures import drawn, inline
from trafficsim.report.leads import Leads
from trafficsim.report.standing import leads
from trafficsim.report.voice import Voice
from trafficsim.results import Result, intervals
from trafficsim.results.measures import SeriesName
from trafficsim.words import rounding
from trafficsim.words.language import Language


class Wanted(NamedTuple):
    """A picture to be drawn, and what it shows, in words."""

    says: str
    draw: Callable[[], Axes]


_CONFIDENCE = 0.95
HERE = 0.4
"""Share of the drawing that whoever writes the report does, who has other things to write meanwhile."""


def later_pictures(result: Result, language: Language | None = None) -> list[str]:
    """The later pictures, as SVG: more than half the work of writing a comparison, to be done beside the rest."""
    voice = Voice(language or result.language, result.currency)
    _, later = _shared([*_main(result, voice), *_more(result, voice)])
    return _drawn(later)


def drawings(
    result: Result, voice: Voice, later: Callable[[], list[str]] | None = None
) -> tuple[list[Markup], list[Markup]]:
    """The pictures that answer, and those with details, each wide and narrow.

    `later` gives what `later_pictures` does, where they are drawn elsewhere; the others are drawn meanwhile.
    """
    main, more = _main(result, voice), _more(result, voice)
    wanted = [*main, *more]
    here, there = _shared(wanted)
    svgs = [*_drawn(here), *(later() if later else _drawn(there))]
    letters: set[str] = set()
    found = [
        inline(wide, narrow, f"picture{number}", each.says, letters)
        for number, (each, wide, narrow) in enumerate(
            zip(wanted, svgs[: len(wanted)], svgs[len(wanted) :], strict=True), 1
        )
    ]
    return found[: len(main)], found[len(main) :]


def _shared(wanted: list[Wanted]) -> tuple[list[tuple[Wanted, bool]], list[tuple[Wanted, bool]]]:
    """What is drawn here and what elsewhere, narrow or not: all wide ones come first."""
    every = [(each, narrow) for narrow in (False, True) for each in wanted]
    here = round(HERE * len(every))
    return every[:here], every[here:]


def _drawn(pictures: list[tuple[Wanted, bool]]) -> list[str]:
    return [svg for each, narrow in pictures for svg in drawn([each.draw], narrow=narrow)]


def _main(result: Result, voice: Voice) -> list[Wanted]:
    say, language, pair = voice.say, voice.language, result.headline_pair()
    found, asks = [], cast("SeriesName | CountName", result.about.asks)
    if pair and asks != "profit":
        what = asked_for(result, _CONFIDENCE, voice).metric
        text = "What is asked for, over time ({what}): how far each arm is ahead of “{baseline}”."
        says = say(text, what=what, baseline=result.baseline)
        found.append(Wanted(says, lambda: plots.ahead_of_baseline(result, asks, language=language)))
    if pair:
        lead = lead_in_words(result, pair, voice)
        found.append(Wanted(lead, lambda: lead_over_time(result, voice)))
        bridge = say("What each line of money adds to the lead of “{a}” over “{b}”.", a=pair[0], b=pair[1])
        found.append(Wanted(bridge, lambda: money_of_lead(result, voice)))
    if result.uncertain and result.uncertain.hinges:
        says = say("How far uncertain numbers move the lead; the numbers stand under “What is not known”.")
        found.append(Wanted(says, lambda: plots.hinges(result, language=language)))
    if not pair or len(result.arms) > 2 or not lie_together(result):
        ends = say("Total profit over time.") + voice.gap + _by_arm("profit", result, voice)
        draw = plots.ahead_of_baseline if lie_together(result) else plots.profit
        found.append(Wanted(ends, lambda: draw(result, language=language)))
    arm = moving(result)
    flow = say("Who moved from which place to which in “{arm}”, over the whole run.", arm=arm)
    found.append(Wanted(flow, lambda: plots.flow_map(result, arm, language=language)))
    found.append(Wanted(_stages(result, voice), lambda: plots.funnel(result, language=language)))
    if (result.by_route()["new_customers"] > 0).any():
        says = say(
            "Cost and CLV by arm and route of the first contact; the numbers stand under “Where customers came from”."
        )
        found.append(Wanted(says, lambda: plots.cac_and_clv(result, language=language)))
    return found


def _more(result: Result, voice: Voice) -> list[Wanted]:
    say, language, found = voice.say, voice.language, list[Wanted]()
    if any(result.about.cash_at_start.values()):
        cash = say("Cash over time; the least of each arm stands under “Money in time”.")
        found.append(Wanted(cash, lambda: plots.growth(result, "cash", language=language)))
    new = say("New customers so far, over time.") + voice.gap + _by_arm("new_customers", result, voice)
    found.append(Wanted(new, lambda: plots.growth(result, language=language)))
    if result.with_pool:
        members = say("Memberships over time (one person in two pools counts twice).")
        members += voice.gap + _by_arm("members", result, voice)
        found.append(Wanted(members, lambda: plots.growth(result, "members", language=language)))
    if _has_cohorts(result):
        curves = say(
            "Customers who first ordered in the same {days} days are a cohort: CLV over the time since the first "
            "order, by arm.",
            days=COHORT_DAYS,
        )
        found.append(Wanted(curves, lambda: plots.cohort_curves(result, language=language)))
        if can_map(result):
            arm = moving(result)
            shades = say(
                "Customers of “{arm}” who first ordered in the same {days} days are a cohort: orders in each {days} "
                "days since, as a share of those in the first.",
                arm=arm,
                days=COHORT_DAYS,
            )
            found.append(Wanted(shades, lambda: plots.cohort_map(result, arm, language=language)))
    if result.data.sizes["region"]:
        says = say("Order margin by region and arm; the numbers stand under “Where customers came from”.")
        found.append(Wanted(says, lambda: plots.margin_by_region(result, language=language)))
    attribution = result.attribution()
    if len(attribution):
        says = say("CAC of the routes that cost money: by first touch, by last touch, and true.")
        found.append(Wanted(says, lambda: plots.last_touch_cac(result, language=language)))
    return found


def moving(result: Result) -> str:
    """The arm whose people are shown moving: the best one that has a pool, or the best."""
    has_pool, ranking = result.about.has_pool, result.ranking()
    return next((arm for arm in ranking if has_pool[arm]), ranking[0])


def _stages(result: Result, voice: Voice) -> str:
    """How many new customers each arm won, and how many of them came again."""
    table = result.by_stage()
    found = table[table["stage"] == "repeat"]
    shares = voice.listed(
        voice.say(
            "{arm}: {count} ({share} of new customers)",
            arm=arm,
            count=voice.short(count),
            share=rounding.percent(share),
        )
        for arm, count, share in zip(found["arm"], found["customers"], found["share"], strict=True)
    )
    return voice.say("From knowing the brand to ordering again. Ordered again: {shares}.", shares=shares)


def _has_cohorts(result: Result) -> bool:
    """Whether any cohort has lived through three periods, the first in which retention can be seen."""
    return result.days >= 3 * COHORT_DAYS and bool(result.by_cohort()["retention"].notna().any())


def lead_over_time(result: Result, voice: Voice, axes: Axes | None = None) -> Axes:
    """The headline pair's difference in profit, with the interval and on the scale of the answer."""
    told = Leads(result, _CONFIDENCE, voice).beside
    return plots.paired_difference(result, together=leads(result), beside=told, axes=axes, language=voice.language)


def money_of_lead(result: Result, voice: Voice, pair: tuple[str, str] | None = None, axes: Axes | None = None) -> Axes:
    """What each line of money adds to it, likewise; or to the difference of another pair."""
    told = Leads(result, _CONFIDENCE, voice).beside
    return plots.money_change(result, pair, together=leads(result), beside=told, axes=axes, language=voice.language)


def lead_in_words(result: Result, pair: tuple[str, str], voice: Voice) -> str:
    """By how much the first of the headline pair has earned more than the second on the last day, as in the answer."""
    lead = result.difference("profit", *pair, intervals.of_each(_CONFIDENCE, leads(result))).amount
    told = Leads(result, _CONFIDENCE, voice).beside
    return voice.say(
        "On the last day “{a}” has earned {sum} ({limits}) more than “{b}”.",
        a=pair[0],
        b=pair[1],
        sum=voice.mean_and_limits(lead, told, money=True)[0],
        limits=voice.limits(lead, _CONFIDENCE, told),
    )


def _by_arm(name: MetricName, result: Result, voice: Voice) -> str:
    """What each line of a picture ends at."""
    shown = voice.money if name == "profit" else voice.short
    of_arms = {arm: shown(result.estimate(name, arm).interval().middle) for arm in result.arms}
    ends = voice.listed(voice.say("“{arm}” {sum}", arm=arm, sum=end) for arm, end in of_arms.items())
    return voice.say("By arm, on the last day: {ends}.", ends=ends)
