"""The pictures of a report, each with its heading and what a screen reader says instead; selected, not all there are."""

import re
from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup
from matplotlib.axes import Axes

from trafficsim import plots
from trafficsim.report.voice import Voice
from trafficsim.results import Result


class Drawing(NamedTuple):
    """A picture as it stands in the page."""

    heading: str
    markup: Markup


class _Wanted(NamedTuple):
    heading: str
    says: str
    draw: Callable[[], Axes]


def drawings(result: Result, voice: Voice) -> tuple[list[Drawing], list[Drawing]]:
    """The pictures that answer, and those with details."""
    main, more = _main(result, voice), _more(result, voice)
    drawn = [_drawing(number, wanted) for number, wanted in enumerate([*main, *more], 1)]
    return drawn[: len(main)], drawn[len(main) :]


def _main(result: Result, voice: Voice) -> list[_Wanted]:
    say, language, pair = voice.say, voice.language, result.headline_pair()
    sentence = result.crossover("profit", *pair).sentence(language) if pair else ""
    found = [
        _Wanted(say("Contribution profit over time"), sentence or _by_arm("profit", result, voice), lambda: plots.profit(result, language=language))
    ]
    if pair:
        found.append(
            _Wanted(
                say("How far “{a}” is ahead of “{b}”", a=pair[0], b=pair[1]),
                _lead(result, pair, voice),
                lambda: plots.paired_difference(result, language=language),
            )
        )
    return found


def _more(result: Result, voice: Voice) -> list[_Wanted]:
    say, language = voice.say, voice.language
    found = [
        _Wanted(
            say("New customers over time"),
            _by_arm("new_customers", result, voice),
            lambda: plots.growth(result, language=language),
        )
    ]
    if result.uplifts():
        found.append(
            _Wanted(
                say("Members over time"),
                _by_arm("members", result, voice),
                lambda: plots.growth(result, "members", language=language),
            )
        )
    return found


def _lead(result: Result, pair: tuple[str, str], voice: Voice) -> str:
    lead = result.difference("profit", *pair).amount
    return voice.say(
        "On the last day “{a}” has earned {sum} ({limits}) more than “{b}”.",
        a=pair[0],
        b=pair[1],
        sum=voice.money(lead.middle),
        limits=voice.limits(lead, 0.95),
    )


def _by_arm(name: str, result: Result, voice: Voice) -> str:
    """What each line of a picture ends at."""
    means = result.values(name).mean("replicate")
    shown = voice.money if name == "profit" else voice.short
    ends = voice.listed(f"{arm} {shown(float(means.sel(arm=arm)))}" for arm in result.arms)
    return voice.say("By arm, on the last day: {ends}.", ends=ends)


def _drawing(number: int, wanted: _Wanted) -> Drawing:
    return Drawing(wanted.heading, inline(wanted.draw(), f"picture{number}", wanted.says))


def inline(picture: Axes, name: str, says: str) -> Markup:
    """A picture as SVG to stand in HTML: its identifiers begin with `name`, since those of a page must differ.

    `says` is what a screen reader reads out instead.
    """
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", plots.svg(picture))
    label = Markup('<svg role="img" aria-label="{}" ').format(says)
    return label + Markup(text.removeprefix("<svg "))  # noqa: S704 - drawn above, and matplotlib escapes what it writes
