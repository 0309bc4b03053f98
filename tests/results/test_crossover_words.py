"""The day of a lead in words: from the first day on, later, or perhaps never."""

import math

import pytest

from trafficsim.results.crossover import Crossover
from trafficsim.results.intervals import Interval


def crossover(day: float, low: float, high: float) -> Crossover:
    lead, ahead = Interval(1_000.0, 800.0, 1_200.0), Interval(1.0, 0.8, 1.0)
    days = {"day": day, "low": low, "high": high, "never": 0.0, "days": 365}
    return Crossover("private", "paid", "profit", **days, replicates=16, confidence=0.95, lead=lead, ahead=ahead)


@pytest.mark.parametrize(
    ("days", "en", "zh"),
    [
        ((0, 0, 0), "From the first day on, “private” stays ahead of “paid”", "自首日起"),
        ((0, 0, 23), "so that it has nothing to overtake", "不存在反超"),
        ((0, 0, math.inf), "or not within 365 days (95% sure).", "365 天内"),
        ((77, 36, 108), "from about day 77", "第 77 天"),
        ((77, 36, math.inf), "or not within 365 days (95% sure).", "365 天内"),
        ((math.inf, 77, math.inf), "does not get ahead", "365 天内"),
    ],
)
def test_a_lead_is_told_by_its_day_and_by_when_it_may_come(days: tuple[float, float, float], en: str, zh: str):
    said = crossover(*days).short()
    assert en in said
    assert "never" not in said
    assert zh in crossover(*days).short("zh")
