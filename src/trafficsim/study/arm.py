"""One arm as a scenario of its own: the one that the company has followed."""

from trafficsim.scenario import Mistake, Scenario, ScenarioError
from trafficsim.scenario.errors import Where, did_you_mean

ARM_LABEL = "--arm"


def history_arm(scenario: Scenario, given: str | None = None) -> str:
    """The arm that own data are about: the one given, the only one, or the only one that changes nothing.

    Raises:
        ScenarioError: if there is no such arm, or none is meant for sure.
    """
    if given is not None:
        if given not in scenario.arms:
            raise ScenarioError([Mistake(Where(ARM_LABEL), given, f"no such arm{did_you_mean(given, scenario.arms)}")])
        return given
    unchanged = [arm for arm in scenario.arms if not _overrides(scenario, arm)]
    if len(scenario.arms) == 1 or len(unchanged) == 1:
        return (unchanged or scenario.arms)[0]
    says = f"which of these has the company followed? Give {ARM_LABEL} {'|'.join(scenario.arms)}"
    raise ScenarioError([Mistake(Where(ARM_LABEL), "", says)])


def _overrides(scenario: Scenario, arm: str) -> bool:
    node = scenario.node(f"arms.{arm}")
    return node is not None and bool(node.members)
