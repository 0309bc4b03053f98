"""Levers: the numbers of a scenario that a marketing person would move, with a range to move them in."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from trafficsim.scenario import Scenario
from trafficsim.scenario.settings import Setting
from trafficsim.words.language import Words

Naming = Callable[[Words, str], str]


@dataclass(frozen=True)
class Kind:
    """One kind of lever: the settings that it moves, its name, and how far it goes where nothing else tells.

    `usual` is a span that people would try; without one a lever goes from nothing to `TIMES` its value.
    """

    pattern: str
    naming: Naming
    usual: tuple[float, float] | None = None
    first: bool = False


KINDS = (
    Kind("hooks.*.worth", lambda say, name: say("{name}: worth of the hook", name=name), first=True),
    Kind("posts.*.per_week", lambda say, name: say("{name}: posts a week", name=name), (0, 14), first=True),
    Kind("advertising.*.budget_per_day", lambda say, name: say("{name}: ad budget a day", name=name), first=True),
    Kind(
        "advertising.*.cpm_growth_per_year",
        lambda say, name: say("{name}: ads grow dearer, a year", name=name),
        (0, 1),
        first=True,
    ),
    Kind("word_of_mouth.tell", lambda say, _: say("Talk: chance to tell an acquaintance"), first=True),
    Kind("places.*.perk", lambda say, name: say("{name}: perk for members", name=name), first=True),
    Kind("hooks.*.cost", lambda say, name: say("{name}: cost of the hook", name=name)),
    Kind("hooks.*.reward", lambda say, name: say("{name}: reward for inviting", name=name)),
    Kind("posts.*.offers_per_week", lambda say, name: say("{name}: offers a week", name=name), (0, 7)),
    Kind("posts.*.discount", lambda say, name: say("{name}: discount of an offer", name=name)),
    Kind("posts.*.quality", lambda say, name: say("{name}: quality of posts", name=name)),
    Kind("posts.*.reach", lambda say, name: say("{name}: organic reach of a post", name=name)),
    Kind("advertising.*.cpm", lambda say, name: say("{name}: price of a thousand impressions", name=name)),
    Kind("places.*.open_rate", lambda say, name: say("{name}: posts opened by members", name=name)),
    Kind(
        "places.*.perk_cost_per_member_month",
        lambda say, name: say("{name}: cost of the perk, a member and month", name=name),
    ),
    Kind("places.*.commission", lambda say, name: say("{name}: commission", name=name)),
    Kind("staff.*.wage_per_day", lambda say, name: say("{name}: wage a day", name=name)),
    Kind("product.price", lambda say, _: say("Price of the product")),
    Kind("product.unit_cost", lambda say, _: say("Cost of goods of one unit")),
    Kind("product.quality", lambda say, _: say("Quality of the product")),
)
"""In the order in which they are shown; `first` are the few that are shown at once."""

TIMES = 3.0
PUBLIC_ONLY = ("posts.*.reach",)
"""Settings without effect at a pool."""
OF_A_WEEK = ("per_week", "offers_per_week", "care_per_week")
PERCENTAGES = {"probability", "share", "share of the price", "per year"}
"""Units that people read as percentages."""
DECIMALS = 4
STEPS = 100
SMALL = 0.02
"""A share below this is moved up to ten times its value: on the whole span it could not be moved finely."""


@dataclass(frozen=True)
class Lever:
    """One number to move.

    `keys` are what `Scenario.replace` takes to give it one value in all of its `arms`, `path` the setting, and `value`
    what the scenario says. It goes from `low` to `high` by `step`. `unit` as in `quantities`, `of_pool` whether it
    belongs to a pool.
    """

    kind: Kind
    path: str
    keys: tuple[str, ...]
    arms: tuple[str, ...]
    every_arm: bool
    value: float
    low: float
    high: float
    step: float
    unit: str
    of_pool: bool

    @property
    def shown(self) -> str:
        """How the number is written: as a percentage, or with the decimals that it and its step need."""
        if self.unit in PERCENTAGES:
            return "percent"
        needed = [len(f"{number:.10g}".partition(".")[2]) for number in (self.value, self.step)]
        return f"%.{min(max(needed), DECIMALS)}f"

    @property
    def is_whole(self) -> bool:
        """Whether the setting counts in whole numbers."""
        return isinstance(self.value, int) and self.unit == "count"

    def label(self, say: Words, unit: str) -> str:
        """Its name, the arms where they are not all that have it, and the unit of money."""
        named = self.kind.naming(say, entry_of(self.path))
        if self.unit == "money":
            named = f"{named} ({unit})"
        return named if self.every_arm else f"{named} · {', '.join(self.arms)}"


def find(scenario: Scenario) -> list[Lever]:
    """All levers of a scenario, in the order of `KINDS`, pools before other places.

    Arms that have the same value share a lever; where arms differ, each value has its own.
    """
    known = {arm: scenario.settings(arm) for arm in scenario.arms}
    base = scenario.settings()
    ranges = {p.path: p.range for p in scenario.provenance() if p.range is not None}
    paths = list(dict.fromkeys(path for settings in known.values() for path in settings))
    found: list[Lever] = []
    for kind in (*KINDS, *_own_kinds(scenario, paths)):
        fitting = [
            path for path in paths if fnmatchcase(path, kind.pattern) and path.count(".") == kind.pattern.count(".")
        ]
        fitting.sort(key=lambda path: not _of_pool(scenario, path))
        make = partial(_levers, scenario, kind, base=base, known=known, ranges=ranges)
        found += [lever for path in fitting if _acts(scenario, path, known) for lever in make(path)]
    return found


def _own_kinds(scenario: Scenario, paths: Iterable[str]) -> list[Kind]:
    """A kind of lever for each setting of a mechanism of one's own, called as it is."""
    own = {mechanism.name for mechanism in scenario.own}
    named = [path for path in paths if "." in path and path.partition(".")[0] in own]
    return [Kind(path, partial(_as_it_is, path)) for path in named]


def _as_it_is(path: str, _say: Words, _name: str) -> str:
    return path.replace(".", ": ", 1).replace("_", " ")


def foremost(levers: Iterable[Lever]) -> list[Lever]:
    """The few to show at once: one of each kind that comes first."""
    best: dict[str, Lever] = {}
    for lever in levers:
        if lever.kind.first:
            held = best.setdefault(lever.kind.pattern, lever)
            if _weight(lever) > _weight(held):
                best[lever.kind.pattern] = lever
    return list(best.values())


def changes(moved: Mapping[Lever, float]) -> dict[str, Any]:
    """What `Scenario.replace` takes: the levers that no longer stand where the scenario has them."""
    return {key: value for lever, value in moved.items() if value != lever.value for key in lever.keys}


def entry_of(path: str) -> str:
    """The name of the place, hook, ... that a setting belongs to; "" where there is only one."""
    parts = path.split(".")
    return parts[1] if len(parts) > 2 else ""


def nice(value: float) -> float:
    """The next number up of the form 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= value * (1 - 1e-9))


def _weight(lever: Lever) -> tuple[bool, bool, int]:
    """What is in use before what is not, pools before other places, then what moves most arms."""
    return lever.value > 0, lever.of_pool, len(lever.arms)


def _of_pool(scenario: Scenario, path: str) -> bool:
    section, *below = path.split(".")
    return section in {"posts", "places"} and scenario.kind(below[0]) == "pool"


def _acts(scenario: Scenario, path: str, known: Mapping[str, Mapping[str, Setting]]) -> bool:
    """Whether moving the setting can matter: a cadence by weekdays is no number, and reach is for public places."""
    if any(fnmatchcase(path, pattern) for pattern in PUBLIC_ONLY) and _of_pool(scenario, path):
        return False
    by_weekdays = path.rpartition(".")[0] + ".weekdays"
    return not (path.endswith(".per_week") and any(s[by_weekdays].value for s in known.values() if by_weekdays in s))


def _levers(
    scenario: Scenario,
    kind: Kind,
    path: str,
    *,
    base: Mapping[str, Setting],
    known: Mapping[str, Mapping[str, Setting]],
    ranges: Mapping[str, tuple[float, float]],
) -> list[Lever]:
    having = {arm: settings[path] for arm, settings in known.items() if path in settings and settings[path].is_number}
    groups: dict[float, list[str]] = {}
    for arm, setting in having.items():
        groups.setdefault(setting.value, []).append(arm)
    as_one = len(groups) == 1 and path in base and not scenario.overridden(path)
    found, of_pool = [], _of_pool(scenario, path)
    for value, arms in groups.items():
        setting = having[arms[0]]
        low, high, step = span(kind, setting, ranges.get(path), list(groups))
        least, most = _room(path, [known[arm] for arm in arms])
        low, high = max(low, least), min(high, most)
        if low >= high:  # the other posts of the week leave no room
            continue
        keys = (path,) if as_one else tuple(f"{arm}:{path}" for arm in arms)
        found.append(
            Lever(kind, path, keys, tuple(arms), len(groups) == 1, value, low, high, step, setting.unit, of_pool)
        )
    return found


def span(
    kind: Kind, setting: Setting, plausible: tuple[float, float] | None, values: Iterable[float]
) -> tuple[float, float, float]:
    """Lowest, highest and step of a lever.

    From the narrow bounds of a setting (a probability), else from what people would try, the plausible range that the
    scenario's sources give and the values of all arms; never beyond what the setting may be.
    """
    least, most = setting.bounds
    if most - least <= 1.0:
        largest = max(*values, *(plausible or (0.0,)))
        high = nice(10 * largest) if 0.0 < largest < SMALL * most else most
        return least, min(high, most), nice((high - least) / STEPS)
    ends = [*values, *(plausible or ()), *(kind.usual or ())]
    low, high = min(0.0, *ends), max(ends)
    if kind.usual is None:
        high = max(high, TIMES * max(values)) or STEPS
    step = nice((high - low) / STEPS)
    step = max(1.0, step) if isinstance(setting.value, int) else step
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return max(low, least + step * (least > 0 or setting.above)), min(high, most), step


def _room(path: str, arms: Iterable[Mapping[str, Setting]]) -> tuple[float, float]:
    """The least and the most that the other settings of the posts of a place leave: offers and care are posts too."""
    posts, _, name = path.rpartition(".")
    if not fnmatchcase(path, "posts.*.*_per_week") and not fnmatchcase(path, "posts.*.per_week"):
        return -math.inf, math.inf
    weeks = [{what: arm[f"{posts}.{what}"].value for what in OF_A_WEEK} for arm in arms]
    if name == "per_week":
        return max(week["offers_per_week"] + week["care_per_week"] for week in weeks), math.inf
    return 0.0, min(max(week["per_week"], week[name]) - _others(week, name) for week in weeks)


def _others(week: Mapping[str, float], name: str) -> float:
    return sum(amount for what, amount in week.items() if what not in {"per_week", name})
