"""What a check of a scenario says, for other programs, and where its numbers come from."""

from collections.abc import Iterable
from typing import Any

from trafficsim.scenario import Scenario, ScenarioError
from trafficsim.scenario.needs import Needs
from trafficsim.scenario.provenance import Provenance
from trafficsim.words.language import Language


def as_plain(
    name: str, case: Scenario, needs: Needs, worlds: Needs | None = None, language: Language | None = None
) -> dict[str, Any]:
    """A scenario without mistakes in built-in types: its frame, notes, what it takes, and all its numbers."""
    return {
        "name": name,
        "mistakes": [],
        "title": case.title,
        "arms": list(case.arms),
        "baseline": case.baseline,
        "days": case.days,
        "currency": case.currency,
        "labels": dict(case.labels),
        "notes": [{"where": str(where), "says": note} for where, note in case.notes_at(language or case.language)],
        "needs": _needs(needs),
        "worlds": None if worlds is None else _needs(worlds),
        **marked(case),
        "defaults": _by_origin(case.defaults()),
    }


def mistaken(name: str, error: ScenarioError) -> dict[str, Any]:
    """A scenario with mistakes, a line for each."""
    return {"name": name, "mistakes": str(error).splitlines()}


def marked(case: Scenario) -> dict[str, list[list[Any]]]:
    """Every number of the file: assumed (path, value, plausible range or null), or sourced (path, value, source)."""
    return _by_origin(case.provenance())


def _by_origin(numbers: Iterable[Provenance]) -> dict[str, list[list[Any]]]:
    found: dict[str, list[list[Any]]] = {"assumed": [], "sourced": []}
    for each in numbers:
        if each.assumed:
            found["assumed"].append([each.path, each.value, each.range and list(each.range)])
        else:
            found["sourced"].append([each.path, each.value, each.source])
    return found


def _needs(needs: Needs) -> dict[str, float]:
    return {name: getattr(needs, name) for name in ("memory_bytes", "seconds_low", "seconds_high")}
