"""The pictures of a report, each with what a screen reader says instead: selected, not all that there are."""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, cast

from markupsafe import Markup
from matplotlib.axes import Axes

from trafficsim import plots
from trafficsim.books.metrics import COHORT_DAYS, MetricName
from trafficsim.plots.cohorts import can_map
from trafficsim.plots.lines import CountName, lie_together
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.measures import SeriesName
from trafficsim.words import rounding
from trafficsim.words.language import Language


class Wanted(NamedTuple):
    """A picture to be drawn, and what it shows, in words."""

    says: str
    draw: Callable[[], Axes]


SOONER = 4
"""Pictures that are not among the later ones: whoever writes the report has other things to write meanwhile."""


def later_pictures(result: Result, language: Language | None = None) -> list[str]:
    """The later pictures, as SVG: half the work of writing a comparison, which can be done beside the rest."""
    voice = Voice(language or result.language, result.currency)
    return _drawn([*_main(result, voice), *_more(result, voice)][SOONER:])


def drawings(
    result: Result, voice: Voice, later: Callable[[], list[str]] | None = None
) -> tuple[list[Markup], list[Markup]]:
    """The pictures that answer, and those with details.

    `later` gives what `later_pictures` does, where they are drawn elsewhere; the others are drawn meanwhile.
    """
    main, more = _main(result, voice), _more(result, voice)
    wanted = [*main, *more]
    svgs = [*_drawn(wanted[:SOONER]), *(later() if later else _drawn(wanted[SOONER:]))]
    letters: set[str] = set()
    drawn = [
        inline(svg, f"picture{number}", wanted.says, letters)
        for number, (wanted, svg) in enumerate(zip([*main, *more], svgs, strict=True), 1)
    ]
    return drawn[: len(main)], drawn[len(main) :]


def _drawn(pictures: list[Wanted]) -> list[str]:
    return [plots.svg(wanted.draw()) for wanted in pictures]


def _main(result: Result, voice: Voice) -> list[Wanted]:
    say, language, pair = voice.say, voice.language, result.headline_pair()
    found, asks = [], cast("SeriesName | CountName", result.about.asks)
    if pair and asks != "profit":
        says = say("What is asked for, over time: how far each arm is ahead of “{baseline}”.", baseline=result.baseline)
        found.append(Wanted(says, lambda: plots.ahead_of_baseline(result, asks, language=language)))
    if pair:
        lead = lead_in_words(result, pair, voice)
        found.append(Wanted(lead, lambda: plots.paired_difference(result, language=language)))
        bridge = say("What each line of money adds to the lead of “{a}” over “{b}”.", a=pair[0], b=pair[1])
        found.append(Wanted(bridge, lambda: plots.money_change(result, language=language)))
    if result.uncertain and result.uncertain.hinges:
        says = say("How far uncertain numbers move the lead; the numbers stand in the table of what is not known.")
        found.append(Wanted(says, lambda: plots.hinges(result, language=language)))
    if not pair or len(result.arms) > 2 or not lie_together(result):
        ends = say("Contribution profit over time.") + voice.gap + _by_arm("profit", result, voice)
        draw = plots.ahead_of_baseline if lie_together(result) else plots.profit
        found.append(Wanted(ends, lambda: draw(result, language=language)))
    arm = _moving(result)
    flow = say("Who moved from which place to which in “{arm}”, over the whole run.", arm=arm)
    found.append(Wanted(flow, lambda: plots.flow_map(result, arm, language=language)))
    found.append(Wanted(_stages(result, voice), lambda: plots.funnel(result, language=language)))
    if (result.by_route()["new_customers"] > 0).any():
        says = say("Cost and CLV by arm and route of the first contact; the numbers stand in the table of origins.")
        found.append(Wanted(says, lambda: plots.cac_and_clv(result, language=language)))
    return found


def _more(result: Result, voice: Voice) -> list[Wanted]:
    say, language, found = voice.say, voice.language, list[Wanted]()
    if any(result.about.cash_at_start.values()):
        cash = say("Cash over time; the least of each arm stands in the table of money in time.")
        found.append(Wanted(cash, lambda: plots.growth(result, "cash", language=language)))
    new = say("New customers over time.") + voice.gap + _by_arm("new_customers", result, voice)
    found.append(Wanted(new, lambda: plots.growth(result, language=language)))
    if result.with_pool:
        members = say("Members over time.") + voice.gap + _by_arm("members", result, voice)
        found.append(Wanted(members, lambda: plots.growth(result, "members", language=language)))
    if _has_cohorts(result):
        curves = say(
            "CLV of cohorts over the life of their customers, by arm; the numbers stand in the table of cohorts."
        )
        found.append(Wanted(curves, lambda: plots.cohort_curves(result, language=language)))
        if can_map(result):
            arm = _moving(result)
            shades = say(
                "Orders of each cohort in “{arm}” as a share of those in its period 1; see the table of cohorts.",
                arm=arm,
            )
            found.append(Wanted(shades, lambda: plots.cohort_map(result, arm, language=language)))
    if result.data.sizes["region"]:
        says = say("Order margin by region and arm; the numbers stand in the table of regions.")
        found.append(Wanted(says, lambda: plots.margin_by_region(result, language=language)))
    attribution = result.attribution()
    if len(attribution):
        says = say("CAC of the routes that cost money: by first touch, by last touch, and true.")
        found.append(Wanted(says, lambda: plots.last_touch_cac(result, language=language)))
    return found


def _moving(result: Result) -> str:
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


def lead_in_words(result: Result, pair: tuple[str, str], voice: Voice) -> str:
    """By how much the first of a pair has earned more than the second on the last day."""
    lead = result.difference("profit", *pair).amount
    return voice.say(
        "On the last day “{a}” has earned {sum} ({limits}) more than “{b}”.",
        a=pair[0],
        b=pair[1],
        sum=voice.money(lead.middle),
        limits=voice.limits(lead, 0.95),
    )


def _by_arm(name: MetricName, result: Result, voice: Voice) -> str:
    """What each line of a picture ends at."""
    shown = voice.money if name == "profit" else voice.short
    of_arms = {arm: shown(result.estimate(name, arm).interval().middle) for arm in result.arms}
    ends = voice.listed(voice.say("“{arm}” {sum}", arm=arm, sum=end) for arm, end in of_arms.items())
    return voice.say("By arm, on the last day: {ends}.", ends=ends)


def inline(svg: str, name: str, says: str, drawn: set[str]) -> Markup:
    """A picture that `plots.svg` gave, to stand in HTML.

    Its identifiers begin with `name`, since those of a page must differ.
    Letters are drawn once in a page: those in `drawn` stand in an earlier picture, and the new ones are added to it.
    `says` is what a screen reader reads out instead.
    """
    text = _LETTER.sub(lambda found: _once(found, drawn), _light(svg))
    text = _IDENTIFIER.sub(lambda found: found.group() if found[2] in drawn else f"{found[1]}{name}-{found[2]}", text)
    label = Markup('<svg role="img" aria-label="{}" ').format(says)
    return label + Markup(text.removeprefix("<svg "))  # noqa: S704 - drawn above, and matplotlib escapes what it writes


def alone(svg: str, name: str, says: str) -> Markup:
    """The same for a picture that brings its own letters, so that it can be put into any page."""
    text = _IDENTIFIER.sub(lambda found: f"{found[1]}{name}-{found[2]}", _light(svg))
    label = Markup('<svg role="img" aria-label="{}" ').format(says)
    return label + Markup(text.removeprefix("<svg "))  # noqa: S704 - as above


_LETTER = re.compile(r'<path id="([^"]+)" d="[^"]*" transform="scale\(0\.015625\)"/>')
_IDENTIFIER = re.compile(r'(\bid="|href="#|url\(#)([^")]+)')


def _once(letter: re.Match[str], drawn: set[str]) -> str:
    if letter[1] in drawn:
        return ""
    drawn.add(letter[1])
    return letter.group()


def _light(svg: str) -> str:
    """The same picture in a third of the bytes: paths in steps of a tenth of a point, no comments, no line ends."""
    svg = re.sub(r"<!--.*?-->\s*|<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = _PATH.sub(lambda found: f' d="{_in_steps(found[1])}"', svg)
    svg = _COORDINATES.sub(lambda found: _DECIMALS.sub(_rounded, found.group()), svg)
    return re.sub(r">\s+<", "><", svg)


_PATH = re.compile(r'\sd="([^"]*)"')
_STEP = re.compile(r"([MLQCz])([^MLQCz]*)")
_COORDINATES = re.compile(r'\b(?:x|y|x1|y1|x2|y2|cx|cy)="[^"]*"|translate\([^)]*\)')
_DECIMALS = re.compile(r"-?\d+\.\d{3,}")
_TENTHS = 10


def _in_steps(path: str) -> str:
    """A path of absolute points as steps from each point to the next; rounding does not add up along it."""
    said, at, start = [], (0, 0), (0, 0)
    for command, text in _STEP.findall(path):
        numbers = [round(_TENTHS * float(number)) for number in text.split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        steps = " ".join(_short(to - since) for point in points for to, since in zip(point, at, strict=True))
        said.append(f"{command.lower()}{steps}")
        at = points[-1] if points else start
        start = at if command == "M" else start
    return "".join(said)


@cache
def _short(tenths: int) -> str:
    """Tenths as a decimal number without what can be left out: 0.5 is .5, 3.0 is 3."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{tenths / _TENTHS:g}")


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}"
