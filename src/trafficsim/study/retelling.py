"""A result in another language than it was run in: no number changes, so nothing is simulated again."""

from trafficsim.results import Result
from trafficsim.scenario import Scenario
from trafficsim.study.dataset import described

TEXTS = ("title", "about", "language", "notes", "warnings", "labels", "facts", "claims", "assumed", "sourced")
"""What a result says of itself in words of its scenario."""


def retold(result: Result, scenario: Scenario) -> Result:
    """The same result with the texts of `scenario`: what was run, told in another language (`Scenario.in_language`)."""
    if scenario.language == result.language:
        return result
    equal = result.about.equal_budget
    for arm, factor in equal.factors.items() if equal else ():
        scenario = scenario.with_advertising(arm, factor)
    about = described(scenario, result.about.seed)
    return result.saying(**{name: getattr(about, name) for name in TEXTS})
