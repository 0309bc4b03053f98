"""A comparison or a sweep told: sentences, tables for a terminal, files for other programs and one HTML report."""

from trafficsim.data.tables import MissingExcelError
from trafficsim.report.answer import answer
from trafficsim.report.claims import claims_table, summed_up
from trafficsim.report.claims import to_json as claims_json
from trafficsim.report.drawings import later_pictures
from trafficsim.report.export import to_csv, to_json
from trafficsim.report.page import write
from trafficsim.report.sweep_words import sweep_answer, sweep_table
from trafficsim.report.terminal import terminal_table
from trafficsim.report.workbook import require_excel, write_workbook
from trafficsim.report.writing import write_report

__all__ = [
    "MissingExcelError",
    "answer",
    "claims_json",
    "claims_table",
    "later_pictures",
    "require_excel",
    "summed_up",
    "sweep_answer",
    "sweep_table",
    "terminal_table",
    "to_csv",
    "to_json",
    "write",
    "write_report",
    "write_workbook",
]
