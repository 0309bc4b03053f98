"""Levers: the numbers of a scenario that a marketing person would move, with a range to move them in.

Which settings have one is declared with them (`slider` of `quantities.setting`); every number of a mechanism of one's
own has one.
"""

import math
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from trafficsim.market.quantities import Slider
from trafficsim.scenario import Scenario
from trafficsim.scenario.settings import Setting
from trafficsim.words.called import called
from trafficsim.words.language import Words

SECTIONS = ("hooks", "posts", "advertising", "word_of_mouth", "places", "staff", "product")
"""The order in which levers are shown; other sections come after these."""
TIMES = 3.0
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

    `slider` is what the setting's declaration says, `name` what is put before its label. `keys` are what
    `Scenario.replace` takes to give it one value in all of its `arms`, whose labels are `shown_arms`; `path` is the
    setting, and `value` what the scenario says. It goes from `low` to `high` by `step`. `unit` as in `quantities`,
    `of_pool` whether it belongs to a pool.
    """

    slider: Slider
    name: str
    path: str
    keys: tuple[str, ...]
    arms: tuple[str, ...]
    shown_arms: tuple[str, ...]
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

    @property
    def pattern(self) -> str:
        """Its path with "*" for the entry's name: what levers of one kind have in common."""
        return _pattern(self.path)

    def label(self, say: Words, unit: str) -> str:
        """Its label, the arms where they are not all that have it, and the unit of money."""
        named = (self.slider.zh if say.language == "zh" else "") or self.slider.label
        named = say("{name}: {label}", name=self.name, label=named) if self.name else named
        if self.unit == "money":
            named = f"{named} ({unit})"
        return named if self.every_arm else f"{named} · {', '.join(self.shown_arms)}"


def find(scenario: Scenario) -> list[Lever]:
    """All levers of a scenario: by `SECTIONS`, then in the order of their declarations, pools before other places.

    Arms that have the same value share a lever; where arms differ, each value has its own.
    """
    known = {arm: scenario.settings(arm) for arm in scenario.arms}
    own = {mechanism.name for mechanism in scenario.own}
    sliders = {
        path: slider
        for settings in known.values()
        for path, setting in settings.items()
        if (slider := setting.slider or _own_slider(path, own)) and _acts(scenario, path, slider, known)
    }
    declared = {pattern: place for place, pattern in enumerate(dict.fromkeys(map(_pattern, sliders)))}
    paths = sorted(sliders, key=lambda path: (_place(path), declared[_pattern(path)], not _of_pool(scenario, path)))
    ranges = {p.path: p.range for p in scenario.provenance() if p.range is not None}
    return [lever for path in paths for lever in _levers(scenario, path, sliders[path], own, known, ranges.get(path))]


def _own_slider(path: str, own: Container[str]) -> Slider | None:
    """That of a setting which declares none, if it is one of a mechanism of one's own: called as it is."""
    section, _, name = path.partition(".")
    return Slider(name.replace("_", " ")) if name and section in own else None


def _place(path: str) -> int:
    section = path.partition(".")[0]
    return SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)


def _pattern(path: str) -> str:
    section, *below = path.split(".")
    return ".".join([section, *("*" for _ in below[:-1]), *below[-1:]])


def foremost(levers: Iterable[Lever]) -> list[Lever]:
    """The few to show at once: one of each kind that comes first."""
    best: dict[str, Lever] = {}
    for lever in levers:
        if lever.slider.first:
            held = best.setdefault(lever.pattern, lever)
            if _weight(lever) > _weight(held):
                best[lever.pattern] = lever
    return list(best.values())


def changes(moved: Mapping[Lever, float]) -> dict[str, Any]:
    """What `Scenario.replace` takes: the levers that no longer stand where the scenario has them."""
    return {key: value for lever, value in moved.items() if value != lever.value for key in lever.keys}


def _named(path: str, own: Container[str]) -> str:
    """What is put before a label: the mechanism of one's own, or the place, hook, ...; "" where there is only one."""
    section, *below = path.split(".")
    return section if section in own else below[0] if len(below) > 1 else ""


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


def _acts(scenario: Scenario, path: str, slider: Slider, known: Mapping[str, Mapping[str, Setting]]) -> bool:
    """Whether moving the setting can matter: a cadence by weekdays is no number, and some are for public places."""
    if slider.public_only and _of_pool(scenario, path):
        return False
    by_weekdays = path.rpartition(".")[0] + ".weekdays"
    return not (path.endswith(".per_week") and any(s[by_weekdays].value for s in known.values() if by_weekdays in s))


def _levers(
    scenario: Scenario,
    path: str,
    slider: Slider,
    own: Container[str],
    known: Mapping[str, Mapping[str, Setting]],
    plausible: tuple[float, float] | None,
) -> Iterator[Lever]:
    having = {arm: settings[path] for arm, settings in known.items() if path in settings and settings[path].is_number}
    groups: dict[float, list[str]] = {}
    for arm, setting in having.items():
        groups.setdefault(setting.value, []).append(arm)
    as_one = len(groups) == 1 and path in scenario.settings() and not scenario.overridden(path)
    name, of_pool = called(_named(path, own), scenario.labels), _of_pool(scenario, path)
    for value, arms in groups.items():
        setting = having[arms[0]]
        low, high, step = span(slider, setting, plausible, list(groups))
        least, most = _room(path, [known[arm] for arm in arms])
        low, high = max(low, least), min(high, most)
        if low >= high:  # the other posts of the week leave no room
            continue
        keys = (path,) if as_one else tuple(f"{arm}:{path}" for arm in arms)
        every, labels = len(groups) == 1, tuple(called(arm, scenario.labels) for arm in arms)
        ends = value, low, high, step, setting.unit
        yield Lever(slider, name, path, keys, tuple(arms), labels, every, *ends, of_pool=of_pool)


def span(
    slider: Slider, setting: Setting, plausible: tuple[float, float] | None, values: Iterable[float]
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
    ends = [*values, *(plausible or ()), *(slider.usual or ())]
    low, high = min(0.0, *ends), max(ends)
    if slider.usual is None:
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
