"""Sizes out of the usual per person are told: they turn verdicts without being seen."""

from pathlib import Path

import pytest

from trafficsim.scenario import load_text

CASES = Path(__file__).parents[1] / "data" / "cases"
SHOP = (CASES / "small_shop.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "usual", "odd", "told"),
    [  # 600 people; 20 a day at 50 for a thousand are 400 a day
        ("advertising.feed.budget_per_day", 42, 43, "pays for 10 advertisements a week for each of 600 people"),
        (
            "advertising.feed.budget_per_day",
            0.6,
            0.4,
            "pays for 0.8 advertisements for each of 600 people",
        ),
        ("places.shop.fixed_cost_per_day", 1100, 1120, "Fixed costs of 1,120 a day are 50 % of all that 600 people"),
    ],
)
def test_what_is_out_of_the_usual_per_person_is_told_and_what_is_not_isnt(path, usual, odd, told):
    case = load_text(SHOP, "f", CASES)
    said = {value: " ".join(case.replace({path: value}).notes()) for value in (usual, odd)}
    assert "people" not in said[usual].replace("their work", "")
    assert told in said[odd]


def test_staff_for_a_city_are_told():
    case = load_text(SHOP, "f", CASES).replace({"customers.each_stands_for": 1000, "staff.host.adds_per_day": 50})
    told = "can add 0.5 % of 600,000 people in the whole run"
    assert any(told in note for note in case.notes())
    assert any("0.5 %" in note and "人" in note for note in case.notes("zh"))
