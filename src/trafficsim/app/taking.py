"""What the reader takes along: the scenario, the report and the data, made when they are asked for."""

import io
import tempfile
import zipfile
from pathlib import Path

import streamlit as st

from trafficsim import report
from trafficsim.app.running import standing
from trafficsim.app.shown import Shown
from trafficsim.report.beside import with_answers
from trafficsim.report.page import html
from trafficsim.results import Result


def show(shown: Shown) -> None:
    """Buttons to take things along, and the command that does the same."""
    say, name = shown.say, shown.question.told.name
    st.write(say("All of it with your changes."))
    columns = [*st.columns(2), *st.columns(2)]  # two rows, so that a narrow page cuts no label
    columns[0].download_button(
        say("Scenario (YAML)"), shown.question.told.yaml, f"{name}.yaml", "application/yaml", width="stretch"
    )
    columns[1].download_button(
        say("Report (HTML)"),
        lambda: with_answers(html(shown.result, language=shown.language), standing(shown)),
        f"{name}.html",
        "text/html",
        on_click="ignore",
        width="stretch",
    )
    columns[2].download_button(
        say("Tables (CSV)"),
        lambda: tables(shown.result),
        f"{name}_tables.zip",
        "application/zip",
        on_click="ignore",
        width="stretch",
    )
    columns[3].download_button(
        say("All data (netCDF)"),
        lambda: data(shown.result),
        "results.nc",
        "application/x-netcdf",
        on_click="ignore",
        width="stretch",
    )
    st.write(say("The same on the command line:"))
    st.code(shown.question.command, language="sh", wrap_lines=True)
    with st.expander(say("The scenario")):
        st.code(shown.question.told.yaml, language="yaml")


def tables(result: Result) -> bytes:
    """All tables as CSV, in one ZIP file."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in report.to_csv(result, folder):
            archive.write(path, path.name)
    return packed.getvalue()


def data(result: Result) -> bytes:
    """Everything that was counted, as `results.nc`."""
    with tempfile.TemporaryDirectory() as folder:
        return Path(result.save(folder)).read_bytes()
