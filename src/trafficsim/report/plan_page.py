"""A plan as one HTML page that opens offline."""

import math
from collections.abc import Callable, Sequence

from trafficsim.books.metrics import metric
from trafficsim.plots.planned import beside, frontier, levers, margins, told_margins
from trafficsim.report.figures import Draw, figure
from trafficsim.report.html_page import Table, document, paragraphs
from trafficsim.report.planned import aim_name, lever_names, planned, rival_names, value_shown
from trafficsim.report.voice import Voice
from trafficsim.results.intervals import UNKNOWN, Interval
from trafficsim.study.planned import Plan, Rival
from trafficsim.words.language import Language, words


def plan_page(found: Plan, language: Language | None = None) -> str:
    """The sentences, a table of levers, one of the plan beside other ways, and pictures."""
    language = language or found.scenario.language
    voice = Voice(language, found.scenario.currency)
    say = voice.say
    ways, title = rival_names(found, say), say("A plan: {title}", title=found.scenario.title)
    pictures = [lambda: beside(found, ways, language=language), *more_pictures(found, language)]
    parts = [
        *paragraphs(planned(found, language)),
        *tables(found, language),
        *(figure(draw, f"plan-{number}", title) for number, draw in enumerate(pictures)),
    ]
    return document(title, language, parts)


def tables(found: Plan, language: Language) -> list[str]:
    """Levers, and the plan beside other ways, as HTML."""
    voice = Voice(language, found.scenario.currency)
    names, ways = lever_names(found, voice.say), rival_names(found, voice.say)
    return [Table(*told).__html__() for told in (_levers(found, names, voice), _ways(found, ways, voice))]


def more_pictures(found: Plan, language: Language) -> list[Draw]:
    """Of each lever how flat the top is; margins that can be told, and the frontier, if there are any."""
    names = lever_names(found, words(language))
    return [
        lambda: levers(found, names, language=language),
        *([lambda: margins(found, names, language=language)] if told_margins(found) else []),
        *([lambda: frontier(found, language=language)] if found.frontier else []),
    ]


def _levers(found: Plan, names: dict[str, str], voice: Voice) -> tuple[list[str], list[list[str]]]:
    say = voice.say
    heads = [
        say("lever"),
        say("as it stands"),
        say("plan"),
        say("as good from"),
        say("to"),
        say("a further 1,000 brings"),
    ]
    adds = _shown([margin.per_thousand for margin in found.margins], voice)
    shown = dict(zip((margin.lever for margin in found.margins), adds, strict=True))
    rows = []
    for lever in found.levers:
        ends = [value_shown(lever, end, voice) for end in lever.flat] if lever.flat else ["", ""]
        told = [value_shown(lever, value, voice) for value in (lever.today, lever.value)]
        rows.append([names[lever.name], *told, *ends, shown.get(lever.name, "")])
    return heads, rows


def _ways(found: Plan, ways: dict[str, str], voice: Voice) -> tuple[list[str], list[list[str]]]:
    say = voice.say
    columns: dict[str, Callable[[Rival], Interval]] = {
        aim_name(found, say): lambda rival: rival.aim,
        say("the plan is better by"): lambda rival: rival.behind,
        say("spend"): lambda rival: rival.spend,
    }
    columns.setdefault(say("contribution profit"), lambda rival: rival.profit)
    columns.setdefault(say(metric(found.growth).label), lambda rival: rival.growth)
    told = [_shown([column(rival) for rival in found.rivals], voice) for column in columns.values()]
    return ["", *columns], [list(row) for row in zip((ways[rival.kind] for rival in found.rivals), *told, strict=True)]


def _shown(column: Sequence[Interval], voice: Voice) -> list[str]:
    """A column on one scale; a dash where chance can't be told from a difference."""
    return voice.column([each if math.isfinite(each.low) else UNKNOWN for each in column])
