"""Answers of other commands in the report of a comparison: each a few sentences in the answer box, and a section."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from trafficsim.plots.facing import answers
from trafficsim.plots.planned import beside as ways_apart
from trafficsim.plots.powered import power_curves
from trafficsim.plots.waterfall import waterfall
from trafficsim.report.explained import explained
from trafficsim.report.explained_page import channels_told
from trafficsim.report.facing import facing_told, rival_name, whatever_told
from trafficsim.report.figures import Draw, figure
from trafficsim.report.html_page import paragraphs
from trafficsim.report.plan_page import more_pictures, tables
from trafficsim.report.planned import briefly, planned, rival_names
from trafficsim.report.powered import choice_told, powered
from trafficsim.report.voice import Voice
from trafficsim.study.attributing import Channels
from trafficsim.study.explaining import Explanation
from trafficsim.study.facing import Facing
from trafficsim.study.planned import Plan
from trafficsim.study.powered import Power
from trafficsim.words.called import called
from trafficsim.words.language import Language, words

BOX, SECTIONS = "beside-box", "beside-sections"
"""Places of a report, marked by comments, where such answers stand."""

ORDER = ("explain", "plan", "power", "against")
"""Of answers in a report: why, what to do, how to make sure, what may come."""


@dataclass(frozen=True)
class Beside:
    """An answer of another command to stand in a report.

    `key` is the command's name, of which a report holds the last answer; `title` and `told` stand in the answer box,
    `section` is HTML.
    """

    key: str
    title: str
    told: str
    section: str


def read_answer(kept: Mapping[str, Any]) -> Beside | None:
    """An answer as it was kept; None for what another version wrote."""
    names = [each.name for each in fields(Beside)]
    if kept.get("key") not in ORDER or not all(isinstance(kept.get(name), str) for name in names):
        return None
    return Beside(**{name: kept[name] for name in names})


def with_answers(report: str, found: Iterable[Beside]) -> str:
    """The text of a report with these answers in their places, instead of those that it held."""
    box, sections = "", ""
    for each in sorted(found, key=lambda answer: ORDER.index(answer.key)):
        anchor = f"answer-{each.key}"
        box += f'<p><a href="#{anchor}">{html.escape(each.title)}</a><br>{html.escape(each.told)}</p>\n'
        heading = f'<section id="{anchor}">\n<h2>{html.escape(each.title)}</h2>\n'
        sections += f"{heading}{each.section}\n</section>\n"
    return _placed(_placed(report, BOX, box), SECTIONS, sections)


def _placed(report: str, place: str, content: str) -> str:
    begin, end = f"<!-- {place} -->", f"<!-- end of {place} -->"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return found.sub(lambda _: f"{begin}\n{content}{end}", report, count=1)


def of_explanation(found: Explanation, channels: Sequence[Channels], language: Language) -> Beside:
    """Why two arms differ: the waterfall, and what channels bring if that was asked."""
    say, said = words(language), explained(found, language)
    first, second = (called(arm, found.labels) for arm in (found.first, found.second))
    title = say("Why “{second}” and “{first}” differ", first=first, second=second)
    more = [*paragraphs(said[2:]), *channels_told(channels, found.labels, language)]
    return _answer("explain", title, said[:2], lambda: waterfall(found, language=language), more, language)


def of_plan(found: Plan, language: Language) -> Beside:
    """What to do with a budget: the plan beside other ways; margins, ranges and the frontier below."""
    say, first = words(language), briefly(found, language)
    title = say("What to do with {budget}", budget=Voice(language, found.scenario.currency).money(found.budget))
    ways = rival_names(found, say)
    pictures = [figure(draw, f"plan-{n}", title) for n, draw in enumerate(more_pictures(found, language))]
    rest = [sentence for sentence in planned(found, language) if sentence not in first]
    more = [*paragraphs(rest), *tables(found, language), *pictures]
    return _answer("plan", title, first, lambda: ways_apart(found, ways, language=language), more, language)


def of_power(found: Power, language: Language) -> Beside:
    """Whether a split test would show the difference: power by size."""
    labels, first = found.scenario.labels, choice_told(found, language)
    control, treated = (called(arm, labels) for arm in (found.control, found.treated))
    title = words(language)("Would a test of “{treated}” against “{control}” decide?", treated=treated, control=control)
    rest = [sentence for sentence in powered(found, language) if sentence not in first]
    return _answer("power", title, first, lambda: power_curves(found, language=language), paragraphs(rest), language)


def of_facing(found: Facing, language: Language) -> Beside:
    """What to do whatever rivals do: the table of arms against theirs."""
    say, first = words(language), whatever_told(found, language)
    names = {rival: rival_name(found, rival, say) for rival in found.rivals}
    rest = [sentence for sentence in facing_told(found, language) if sentence not in first]
    title = say("What if rivals act?")
    return _answer(
        "against", title, first, lambda: answers(found, names, language=language), paragraphs(rest), language
    )


def _answer(key: str, title: str, first: Sequence[str], draw: Draw, more: Sequence[str], language: Language) -> Beside:
    """An answer of sentences that stand in the box too, of a picture, and of more HTML, folded away."""
    folded = f"<details>\n<summary>{html.escape(words(language)('All of it'))}</summary>\n{_lines(more)}</details>"
    section = f"{_lines(paragraphs(first))}{figure(draw, key, title)}\n{folded if more else ''}"
    return Beside(key, title, Voice(language).joined(first), section)


def _lines(parts: Iterable[str]) -> str:
    return "".join(f"{part}\n" for part in parts)
