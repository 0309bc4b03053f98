"""DESIGN.md as a map: each decision says why and whether it stands, and the index leads to each."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
ROOMS, NEWEST = PAGE.split("## Newest\n")
INDEX = ROOMS[: ROOMS.index("\n## ")]
pytestmark = pytest.mark.nojit


def anchor(heading):
    """What a heading is linked by, as Markdown renderers make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def entries():
    return {part.split("\n")[0]: part for part in re.split(r"^### ", ROOMS, flags=re.MULTILINE)[1:]}


def test_each_decision_says_why_and_whether_it_stands():
    for heading, entry in entries().items():
        assert "**Because**" in entry, heading
        assert len(re.findall(r"\*\*(?:Stands|Replaced)\*\*,? 2026-\d\d-\d\d", " ".join(entry.split()))) == 1, heading


def test_what_is_replaced_leads_to_what_replaced_it():
    replaced = [entry for entry in entries().values() if "**Replaced**" in entry]
    assert replaced
    assert all("](#" in entry[entry.index("**Replaced**") :] for entry in replaced)


def test_the_index_names_all_decisions_in_their_order_and_links_lead_somewhere():
    headings = re.findall(r"^##+ (.*)", PAGE, re.MULTILINE)
    assert re.findall(r"\]\(#([^)]*)\)", INDEX[INDEX.index("\n- ") :]) == [anchor(heading) for heading in headings]
    assert len(set(headings)) == len(headings)
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= {anchor(heading) for heading in headings}
