"""The difference between two arms explained, as one HTML page that opens offline."""

from collections.abc import Mapping, Sequence

from markupsafe import escape

from trafficsim.plots.waterfall import waterfall
from trafficsim.report.attributed import attributed, channel_rows
from trafficsim.report.explained import explained
from trafficsim.report.figures import figure
from trafficsim.report.html_page import Table, document, paragraphs
from trafficsim.study.attributing import Channels
from trafficsim.study.explaining import Explanation
from trafficsim.words.called import called
from trafficsim.words.language import Language, words


def explained_page(found: Explanation, channels: Sequence[Channels], language: Language) -> str:
    """Sentences, the waterfall, and a table of channels for each arm that has any."""
    say = words(language)
    first, second = (called(arm, found.labels) for arm in (found.first, found.second))
    told = "Why “{second}” and “{first}” differ: {title}"
    shown = say("Why “{second}” and “{first}” differ", first=first, second=second)
    parts = [
        *paragraphs(explained(found, language)),
        figure(lambda: waterfall(found, language=language), "parts", shown),
        *channels_told(channels, found.labels, language),
    ]
    return document(say(told, first=first, second=second, title=found.scenario.title), language, parts)


def channels_told(channels: Sequence[Channels], labels: Mapping[str, str], language: Language) -> list[str]:
    """What channels bring, as HTML: of each arm a heading, sentences and a table."""
    say, parts = words(language), list[str]()
    for each in channels:
        heading = say("What the channels of “{arm}” bring", arm=called(each.arm, labels))
        parts += [
            f"<h2>{escape(heading)}</h2>",
            *paragraphs(attributed(each, language)),
            Table(*channel_rows(each, language)).__html__(),
        ]
    return parts
