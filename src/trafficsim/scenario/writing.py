"""A scenario written out, for the record and for loading it again."""

import io
import json
from typing import Any

from ruamel.yaml import YAML

from trafficsim.scenario.history import as_written
from trafficsim.scenario.resolving import Resolved
from trafficsim.scenario.tree import Node


def written_out(resolved: Resolved) -> str:
    """The whole scenario as JSON (which is YAML too), every default spelled out, dates of events as day numbers.

    An event whose settings are all switched off sets nothing, and is left out with its sources.
    """
    past = {name: found.written() for name, found in resolved.history.items()}
    base = as_written(resolved.base.as_json(), past[""])
    plans = {arm: as_written(plan.as_json(), past[arm]) for arm, plan in resolved.undated.items()}
    events = {
        arm: {event.name: event.as_written() for event in dated if event.paths}
        for arm, dated in resolved.events.items()
    }
    arms = {arm: difference(base, plan) for arm, plan in plans.items()}
    for arm, override in arms.items():
        if events[arm] != events[""]:
            override["events"] = difference(events[""], events[arm])
    sources = {path: source.model_dump(mode="json") for path, source in resolved.sources.items()}
    idle = tuple(f"events.{event.name}." for event in resolved.events[""] if not event.paths)
    frame: dict[str, Any] = {
        "events": events[""],
        "arms": arms,
        "baseline": resolved.baseline,
        "equal_budget": list(resolved.equal_budget),
        "facts": {name: fact.model_dump(mode="json", exclude_none=True) for name, fact in resolved.facts.items()},
        "claims": {name: claim.model_dump(mode="json", exclude_none=True) for name, claim in resolved.claims.items()},
        "labels": resolved.labels,
        "sources": {path: source for path, source in sources.items() if not path.startswith(idle)},
    }
    if resolved.equal_sum is not None:
        frame["equal_sum"] = resolved.equal_sum
    if resolved.asks != "profit":
        frame["asks"] = resolved.asks
    if resolved.plausible:
        frame["plausible"] = resolved.plausible
    if resolved.against:
        frame["against"] = resolved.against
    if resolved.translations:
        frame["translations"] = {
            name: found.model_dump(mode="json", exclude_defaults=True) for name, found in resolved.translations.items()
        }
    return json.dumps(base | frame, ensure_ascii=False, indent=1)


def as_yaml(root: Node) -> str:
    """A file's tree as YAML: a section a line where it fits, keys in their order."""
    writer = YAML(typ="rt")
    writer.default_flow_style = None
    writer.width = 120
    writer.allow_unicode = True
    writer.representer.ignore_aliases = lambda *_: True  # the format knows no references
    text = io.StringIO()
    writer.dump(root.plain(), text)
    return text.getvalue()


def difference(base: Any, other: Any) -> Any:
    """What has to be laid over `base` (built-in types) to get `other`: the override that an arm would be written as."""
    if not (isinstance(base, dict) and isinstance(other, dict)):
        return other
    changed = {
        name: difference(base[name], value) for name, value in other.items() if name in base and base[name] != value
    }
    new = {name: value for name, value in other.items() if name not in base}
    return changed | new | {name: "off" for name in base if name not in other}
