"""The few pieces of HTML of the page: what they show is escaped, what they look like stands here."""

import base64
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from trafficsim.report.answer import Answer
from trafficsim.report.figures import ONE_OF_BOTH
from trafficsim.report.html_page import narrow_rows
from trafficsim.report.tables import Block
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.words import rounding
from trafficsim.words.language import Words

Tone = Literal["good", "bad", "quiet"]

_DRAWING = re.compile(r'<svg (class="[^"]*").*?</svg>', re.DOTALL)

ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><circle cx='16' cy='21' r='9' fill='#0072B2'/>"
    "<circle cx='16' cy='6' r='4' fill='#D55E00'/></svg>"
)
"""People flow into a pool. Drawn here, because Streamlit fetches its own icons from outside."""

STYLE = (
    """<style>
.block-container {padding-top: 2.6rem; max-width: 1180px}
h1 {font-size: 1.75rem !important; line-height: 1.25 !important}
.ts-about {font-size: .875rem; color: #666; white-space: pre-line; margin: 0}
.ts-answer {border-left: 4px solid #0072B2; padding: .2rem 0 .2rem 1rem; margin: .2rem 0 .4rem}
.ts-answer p {margin: 0 0 .3rem; color: #1A1A1A; font-size: 1.04rem; line-height: 1.5}
.ts-answer p.ts-headline {font-size: 1.3rem; font-weight: 600; line-height: 1.35}
.ts-answer p.ts-asked {color: #555} .ts-answer p.ts-small {color: #555; font-size: .875rem}
.ts-answer p.ts-doubt {color: #8A4B00; font-weight: 600}
.ts-cards {display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .7rem}
.ts-card {border: 1px solid #DDD; border-radius: 8px; padding: .7rem .9rem}
.ts-card span {display: block; font-size: .83rem; color: #555}
.ts-card b {display: block; font-size: clamp(1.2rem, 5vw, 1.65rem); font-weight: 500; line-height: 1.35}
.ts-card small {font-size: .83rem; color: #555}
.ts-card small.ts-good {color: #006B4B}
.ts-card small.ts-bad {color: #A33E00}
.ts-gains {background: #F2F7FB; border-radius: 8px; padding: .55rem .9rem; font-size: .93rem; color: #222}
.ts-gains span {white-space: nowrap; margin-left: .9rem}
.ts-told {font-size: .9rem; line-height: 1.45} .ts-told ul {margin: .2rem 0 .4rem 1.1rem; padding: 0}
.ts-beside {font-size: .95rem; max-width: 47rem} .ts-beside img {width: 100%}
.ts-beside figure {margin: .5rem 0} .ts-beside h2 {font-size: 1.2rem !important}
.ts-beside .wide {overflow-x: auto}
.ts-beside .note {color: #555; font-size: .875rem} .ts-beside table {border-collapse: collapse; margin: .4rem 0}
.ts-beside td, .ts-beside th {text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #E8E8E8}
.ts-beside .claim {border-left: 4px solid #BBB; padding-left: .75rem; margin: .9rem 0} .ts-beside .claim p {margin: 0}
.ts-beside .verdict {font-weight: 700} .ts-beside .holds {border-color: #009E73}
.ts-beside .contradicted, .ts-beside .no_value {border-color: #D55E00}
.ts-wide {overflow-x: auto}
.ts-table {border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums}
.ts-table th {font-weight: 600; color: #555; text-align: right; vertical-align: bottom; padding: .35rem .35rem;
              border-bottom: 1px solid #BBB}
.ts-table th:first-child, .ts-table td:first-child {text-align: left; padding-left: 0}
.ts-table td {text-align: right; padding: .4rem .35rem; border-bottom: 1px solid #E8E8E8; white-space: nowrap}
.ts-table small {color: #666; font-size: .78rem; display: block}
.ts-table i {font-style: normal; color: #666; font-size: .82em}
@media screen and (max-width: 40rem) {
  [data-testid="stImage"] {overflow-x: auto; mask-image: linear-gradient(to left, transparent, #000 3rem)}
  [data-testid="stImage"] img {min-width: 34rem; max-width: none !important; padding-right: 3rem}
}
@media print {
  @page {margin: 12mm}
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stButtonGroup"], button {display: none !important}
  .block-container {max-width: none; padding: 0 !important}
  .ts-card, .ts-table tr, .ts-beside figure, .ts-beside .claim, [data-testid="stImage"] {break-inside: avoid}
  .ts-wide {overflow: visible} .ts-table {font-size: .7rem} .ts-table td {white-space: normal}
}
"""
    + (".ts-beside {" + narrow_rows() + "}")
    + ONE_OF_BOTH
    + "</style>"
)


def heading(title: str, about: str) -> str:
    """Title and question as plain text: as Markdown an image in them would be fetched from outside."""
    below = f'<p class="ts-about">{escape(about)}</p>' if about else ""
    return f"<h1>{escape(title)}</h1>{below}"


def answer(told: Answer, voice: Voice, question: str) -> str:
    """The answer; `question` tells those who watch the page, such as tests, what has been answered."""
    parts = [("doubt", said) for said in told.doubts] + [("asked", told.question), ("headline", told.headline)]
    parts += [("said", said) for said in [*told.said, *told.more]] + [("small", voice.joined(told.small))]
    lines = [f'<p class="ts-{kind}">{escape(said)}</p>' for kind, said in parts if said]
    return f'<div class="ts-answer" role="status" data-question="{escape(question)}">{"".join(lines)}</div>'


@dataclass(frozen=True)
class Card:
    """One number of the headline, what it is, and what it is compared with."""

    label: str
    value: str
    note: str = ""
    tone: Tone = "quiet"


def cards(several: Sequence[Card]) -> str:
    """Numbers side by side, or below each other where the page is narrow."""
    return f'<div class="ts-cards">{"".join(map(_card, several))}</div>'


def _card(card: Card) -> str:
    note = f'<small class="ts-{card.tone}">{escape(card.note)}</small>' if card.note else ""
    return f'<div class="ts-card"><span>{escape(card.label)}</span><b>{escape(card.value)}</b>{note}</div>'


def gains(found: Mapping[str, Interval], voice: Voice) -> str:
    """What the levers did to the contribution profit of each arm."""
    told = "".join(f"<span><b>{escape(arm)}</b> {escape(_gain(gain, voice))}</span> " for arm, gain in found.items())
    heading = voice.say("Your changes move contribution profit ({unit}):", unit=voice.unit)
    return f'<div class="ts-gains">{escape(heading)}{told}</div>'


def _gain(gain: Interval, voice: Voice) -> str:
    if math.isnan(gain.middle):
        return rounding.UNDEFINED
    return voice.signed(gain)


def told(heading: str, sentences: Sequence[str]) -> str:
    """Sentences under a heading."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f'<div class="ts-told"><b>{escape(heading)}</b><ul>{items}</ul></div>'


def of_report(section: str, says: str, heading: str = "") -> str:
    """A piece of the report; Streamlit strips drawings of their letters, so that they become images.

    `says` is read out in their place.
    """
    above = f"<h2>{escape(heading)}</h2>" if heading else ""
    return f'<div class="ts-beside">{above}{_DRAWING.sub(lambda drawing: _image(drawing, says), section)}</div>'


def _image(drawing: re.Match[str], says: str) -> str:
    data = base64.b64encode(drawing[0].encode()).decode()
    return f'<img {drawing[1]} alt="{escape(says)}" src="data:image/svg+xml;base64,{data}">'


def table_of_arms(blocks: Sequence[Block], result: Result, say: Words) -> str:
    """One row for each arm, one column for each metric: mean, half its interval, and the difference to the baseline."""
    heads = "".join(map(_head, blocks))
    rows = "".join(_row(number, arm, blocks, result, say) for number, arm in enumerate(result.arms))
    return (
        f'<div class="ts-wide"><table class="ts-table"><thead><tr><th scope="col">{escape(say("arm"))}</th>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head(block: Block) -> str:
    remark = f"<small>{escape(block.leaves_out)}</small>" if block.leaves_out else ""
    return f'<th scope="col" title="{escape(block.meaning)}">{escape(block.heading)}{remark}</th>'


def _row(number: int, arm: str, blocks: Sequence[Block], result: Result, say: Words) -> str:
    remark = f"<small>{escape(say('baseline'))}</small>" if arm == result.baseline else ""
    cells = [f"<td><b>{escape(arm)}</b>{remark}</td>"]
    for block in blocks:
        row = block.rows[number]
        apart = f"<small>{escape(f'{row.difference} {row.difference_reach}'.strip())}</small>" if row.difference else ""
        cells.append(f"<td>{escape(row.mean)} <i>{escape(row.mean_reach)}</i>{apart}</td>")
    return f"<tr>{''.join(cells)}</tr>"
