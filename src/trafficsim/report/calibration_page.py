"""A calibration as one HTML page that opens offline."""

from trafficsim.plots.fits import fits, numbers
from trafficsim.report.calibration_words import calibration_answer, number_rows, series_in_words
from trafficsim.report.figures import figure
from trafficsim.report.html_page import Table, document, paragraphs
from trafficsim.scenario import Scenario
from trafficsim.study.calibrated import Calibration
from trafficsim.words.language import Language, words


def calibration_page(scenario: Scenario, found: Calibration, language: Language) -> str:
    """Sentences, the table of numbers and two pictures."""
    say = words(language)
    said = [*(note.said(language) for note in found.observed.notes), *calibration_answer(found, language)]
    series = {each.name: series_in_words(each.name, found, say) for each in found.observed.series}
    title = say("Calibration of {title}", title=scenario.title)
    parts = [
        *paragraphs(said),
        Table(*number_rows(found, language)).__html__(),
        figure(lambda: fits(found, language, series), "counts", title),
        figure(lambda: numbers(found, language), "numbers", title),
    ]
    return document(title, language, parts)
