"""Answers of other commands in the report of a comparison: each a few sentences in the answer box, and a section."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from trafficsim.plots import svg
from trafficsim.plots.facing import answers
from trafficsim.plots.planned import beside as ways_apart
from trafficsim.plots.powered import power_curves
from trafficsim.plots.waterfall import waterfall
from trafficsim.report.drawings import alone
from trafficsim.report.explained import explained
from trafficsim.report.explained_page import channels_told
from trafficsim.report.facing import facing_told, rival_name, whatever_told
from trafficsim.report.plan_page import more_pictures, tables
from trafficsim.report.planned import planned, rival_names
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
    language: Language
    title: str
    told: str
    section: str


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
    drawn = [waterfall(found, language=language)]
    more = [*channels_told(channels, found.labels, language)]
    return _answer("explain", title, (said, 2), (drawn, more), language)


def of_plan(found: Plan, language: Language) -> Beside:
    """What to do with a budget: the plan beside other ways; margins, ranges and the frontier below."""
    say, voice = words(language), Voice(language, found.scenario.currency)
    title = say("What to do with {budget}", budget=voice.money(found.budget))
    drawn: list[Axes | Figure] = [ways_apart(found, rival_names(found, say), language=language)]
    more = [*tables(found, language), *_figures("plan-more", more_pictures(found, language), title)]
    return _answer("plan", title, (planned(found, language), 3), (drawn, more), language)


def of_power(found: Power, language: Language) -> Beside:
    """Whether a split test would show the difference: power by size."""
    say = words(language)
    labels = found.scenario.labels
    control, treated = (labels.get(arm, arm) for arm in (found.control, found.treated))
    title = say("Would a test of “{treated}” against “{control}” decide?", treated=treated, control=control)
    said = [*choice_told(found, language), *powered(found, language)]
    return _answer(
        "power", title, (list(dict.fromkeys(said)), 1), ([power_curves(found, language=language)], []), language
    )


def of_facing(found: Facing, language: Language) -> Beside:
    """What to do whatever rivals do: the table of arms against theirs."""
    say = words(language)
    names = {rival: rival_name(found, rival, say) for rival in found.rivals}
    said = [*whatever_told(found, language), *facing_told(found, language)]
    drawn = [answers(found, names, language=language)]
    return _answer("against", say("What if rivals act?"), (list(dict.fromkeys(said)), 1), (drawn, []), language)


def _answer(
    key: str,
    title: str,
    said: tuple[Sequence[str], int],
    shown: tuple[Sequence[Axes | Figure], Sequence[str]],
    language: Language,
) -> Beside:
    """An answer of sentences, the first of which stand in the box, of a picture, and of more, folded away."""
    (sentences, first), (drawn, more) = said, shown
    rest = [*_paragraphs(sentences[first:]), *more]
    folded = f"<details>\n<summary>{html.escape(words(language)('All of it'))}</summary>\n{_lines(rest)}</details>"
    section = f"{_lines(_paragraphs(sentences[:first]))}{_lines(_figures(key, drawn, title))}{folded if rest else ''}"
    return Beside(key, language, title, Voice(language).joined(sentences[:first]), section)


def _paragraphs(sentences: Iterable[str]) -> list[str]:
    return [f"<p>{html.escape(sentence)}</p>" for sentence in sentences]


def _figures(key: str, drawn: Sequence[Axes | Figure], says: str) -> list[str]:
    return [f"<figure>{alone(svg(each), f'{key}{n}', says)}</figure>" for n, each in enumerate(drawn)]


def _lines(parts: Iterable[str]) -> str:
    return "".join(f"{part}\n" for part in parts)
