"""A calibration as one HTML page that opens offline."""

import html

from trafficsim.plots import ON_PHONES, svg
from trafficsim.plots.fits import fits, numbers
from trafficsim.report.calibration_words import calibration_answer, number_rows, series_in_words
from trafficsim.scenario import Scenario
from trafficsim.study.calibrated import Calibration
from trafficsim.words.language import Language, words

STYLE = (  # of a plan's page as well
    ".wide{overflow-x:auto}"
    "body{font-family:sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;border-bottom:1px solid #ddd}"
    "figure{margin:1rem 0}svg{max-width:100%;height:auto}" + ON_PHONES
)


def calibration_page(scenario: Scenario, found: Calibration, language: Language) -> str:
    """Sentences, the table of numbers and two pictures."""
    say = words(language)
    said = [*(note.said(language) for note in found.observed.notes), *calibration_answer(found, language)]
    heads, rows = number_rows(found, language)
    series = {each.name: series_in_words(each.name, found, say) for each in found.observed.series}
    title = html.escape(say("Calibration of {title}", title=scenario.title))
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{STYLE}</style></head><body><h1>{title}</h1>",
            *(f"<p>{html.escape(sentence)}</p>" for sentence in said),
            '<div class="wide"><table><tr>' + "".join(f"<th>{html.escape(head)}</th>" for head in heads) + "</tr>",
            *("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows),
            "</table></div>",
            f"<figure>{svg(fits(found, language, series))}</figure>",
            f"<figure>{svg(numbers(found, language))}</figure>",
            "</body></html>\n",
        ]
    )
