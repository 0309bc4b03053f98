"""The difference between two arms explained, as one HTML page that opens offline."""

import html
from collections.abc import Mapping, Sequence

from trafficsim.plots import ON_PHONES, svg
from trafficsim.plots.waterfall import waterfall
from trafficsim.report.attributed import attributed, channel_rows
from trafficsim.report.explained import explained
from trafficsim.study.attributing import Channels
from trafficsim.study.explaining import Explanation
from trafficsim.words.called import called
from trafficsim.words.language import Language, words

STYLE = (
    "body{font:16px/1.5 system-ui,'Noto Sans','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;"
    "max-width:60rem;margin:0 auto;padding:1.5rem 1rem;color:#1c1c1c}h1{font-size:1.5rem;line-height:1.2}"
    "h2{font-size:1.2rem;border-top:1px solid #ddd;padding-top:.75rem;margin-top:2rem}p{max-width:46rem}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "td,th{padding:.25rem .75rem .25rem 0;text-align:left;border-bottom:1px solid #eee;vertical-align:baseline}"
    "th{font-weight:500;color:#555}figure{margin:1rem 0}svg{max-width:100%;height:auto}" + ON_PHONES
)


def explained_page(found: Explanation, channels: Sequence[Channels], language: Language) -> str:
    """Sentences, the waterfall, and a table of channels for each arm that has any."""
    say = words(language)
    first, second = (called(arm, found.labels) for arm in (found.first, found.second))
    told = "Why “{second}” and “{first}” differ: {title}"
    title = html.escape(say(told, first=first, second=second, title=found.scenario.title))
    parts = [
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>',
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>",
        *(f"<p>{html.escape(sentence)}</p>" for sentence in explained(found, language)),
        f"<figure>{svg(waterfall(found, language=language))}</figure>",
    ]
    return "\n".join([*parts, *channels_told(channels, found.labels, language), "</body></html>\n"])


def channels_told(channels: Sequence[Channels], labels: Mapping[str, str], language: Language) -> list[str]:
    """What channels bring, as HTML: of each arm a heading, sentences and a table."""
    say, parts = words(language), list[str]()
    for each in channels:
        heads, rows = channel_rows(each, language)
        parts += [
            f"<h2>{html.escape(say('What the channels of “{arm}” bring', arm=called(each.arm, labels)))}</h2>",
            *(f"<p>{html.escape(sentence)}</p>" for sentence in attributed(each, language)),
            '<div class="wide"><table><tr>' + "".join(f"<th>{html.escape(head)}</th>" for head in heads) + "</tr>",
            *("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows),
            "</table></div>",
        ]
    return parts
