"""What events change along the way is told by dates: values, and what they switch off and on."""

from pathlib import Path

from trafficsim import compare
from trafficsim.report.differences import strategies
from trafficsim.report.voice import Voice
from trafficsim.scenario import load_text

CASES = Path(__file__).parents[1] / "data" / "cases"
SHOP = (CASES / "small_shop.yaml").read_text(encoding="utf-8").replace("count: 600", "count: 60")
EVENTS = """events:
  stop: {day: 20, days: 20, set: {hooks.gift: off, posts.club: off, product.price: 70}}
"""


def test_what_an_event_switches_off_and_on_again_is_told_with_its_date():
    result = compare(load_text(SHOP + EVENTS, "f", CASES), 1)
    changes = strategies(result, Voice("en", "CNY", result.about.start)).changes
    assert "From 21 Jan 2024 on, in private: No hook “gift”." in changes
    assert "From 21 Jan 2024 on, in private: No posts in “club”." in changes
    assert "From 21 Jan 2024 on: Price of the product is 70 instead of 60." in changes
    back = [change for change in changes if change.startswith("From 10 Feb 2024 on")]
    assert any("Hook “gift”: whoever" in change for change in back)
    assert any("Posts in “club”: 2 a week" in change for change in back)
    assert (
        "自2024年1月21日起，private：没有钩子“gift”。"
        in strategies(result, Voice("zh", "CNY", result.about.start)).changes
    )
