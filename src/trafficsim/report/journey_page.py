"""One customer's journey as HTML: a file of its own with the picture and the table, or a fragment for a notebook."""

from __future__ import annotations

from pathlib import Path

from trafficsim import plots
from trafficsim.files.templates import template
from trafficsim.files.whole import write_whole
from trafficsim.journeys import Journey
from trafficsim.journeys.telling import cells, label, outcome, parting, unseen, who
from trafficsim.report.figures import figure
from trafficsim.report.html_page import HTML_LANGUAGE, style
from trafficsim.words.language import Language, Words, words


def write(journey: Journey, path: str | Path, language: Language | None = None) -> None:
    """Write the page to `path`, whole or not at all; OSError if it can't be."""
    write_whole(Path(path), html(journey, language))


def html(journey: Journey, language: Language | None = None) -> str:
    """The page as HTML text: it opens offline, and is the same for the same journey."""
    spoken: Language = language or journey.scenario.language
    say = words(spoken)
    picture = figure(lambda: plots.journey(journey, language=spoken), "journey", parting(journey, say))
    return _rendered(journey, say, spoken, whole=True, picture=picture)


def fragment(journey: Journey, language: Language | None = None) -> str:
    """Sentences and the table alone, to stand in another page."""
    spoken: Language = language or journey.scenario.language
    return _rendered(journey, words(spoken), spoken, whole=False, picture=None)


def _rendered(journey: Journey, say: Words, language: Language, **more: object) -> str:
    return template("trafficsim.report", "journey.html.j2").render(
        journey=journey,
        arms=[label(journey, arm) for arm in journey.arms],
        say=say,
        style=style(),
        lang=HTML_LANGUAGE[language],
        sentences=[who(journey, say), parting(journey, say), *(outcome(journey, arm, say) for arm in journey.arms)],
        unseen=unseen(say),
        days=[(day, *(cells(journey, events, say) for events in day.events)) for day in journey.days()],
        **more,
    )
