"""What holds for every mechanism, without exception: its file, key, class, step and words agree."""

import ast
import inspect
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from trafficsim import mechanisms
from trafficsim.books.counters import COUNTERS
from trafficsim.engine import day
from trafficsim.kernel.columns import GROUPS
from trafficsim.market.quantities import Parameters
from trafficsim.scenario.schema import Plan
from worlds import LIVELY, after, different, everything, group_of, one_step, world_of

KEYS = sorted(path.stem for path in Path(mechanisms.__path__[0]).glob("[a-z]*.py"))
HERE = Path(__file__).parents[1]
every_mechanism = pytest.mark.parametrize("key", KEYS)


def parameters(key):
    """The parameter class of a scenario key: `Hook` of `dict[str, Hook] | "off"`."""
    waiting, found = [Plan.model_fields[key].annotation], []
    while waiting:
        annotation = waiting.pop()
        found += [annotation] if isinstance(annotation, type) and issubclass(annotation, Parameters) else []
        waiting += get_args(annotation)
    (cls,) = found
    return cls


def lines(key):
    """The lines of the day that belong to a mechanism."""
    return [line for line in day.DAY if line.name == key]


def plain(function):
    return getattr(function, "py_func", function)


def read_in(function, seen):
    """The attributes of frames that a function reads or writes, and those that it calls, found in their sources."""
    function = plain(function)
    if function in seen:
        return set()
    seen.add(function)
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(function))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "f":
            found.add(node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = plain(function.__globals__.get(node.func.id))
            found |= read_in(called, seen) if inspect.isfunction(called) else set()
    return found


@pytest.mark.nojit
@pytest.mark.parametrize("line", day.DAY, ids=lambda line: line.step.__name__)
def test_a_step_reads_what_its_line_says(line):
    assert read_in(line.step, set()) & {*GROUPS, "masks"} == set(line.reads.split())
    assert set(line.writes.split()) <= set(line.reads.split())


def written(key):
    """The column groups that the lines of a mechanism say it writes; masks are no columns."""
    return {name for line in lines(key) for name in line.writes.split()} - {"masks"}


@pytest.mark.nojit
def test_the_folder_holds_the_mechanisms_of_the_day():
    assert sorted(KEYS) == sorted(day.STEPS)


@pytest.mark.nojit
@every_mechanism
def test_key_file_class_step_and_tests_are_named_alike(key):
    cls = parameters(key)
    assert cls.__module__ == f"trafficsim.mechanisms.{key}"
    assert key.replace("_", "") in (cls.__name__.lower(), cls.__name__.lower() + "s")
    steps = [plain(line.step) for line in lines(key)]
    assert {step.__module__ for step in steps} == {cls.__module__}
    assert all(step.__doc__ for step in steps)
    assert (HERE / "mechanisms" / f"test_{key}.py").is_file()


@pytest.mark.nojit
def test_every_file_of_tests_has_its_mechanism():
    tested = {path.stem.removeprefix("test_") for path in (HERE / "mechanisms").glob("test_*.py")}
    assert set(KEYS) <= tested
    assert all(name.startswith((*KEYS, "dated_events")) for name in tested)


@pytest.mark.nojit
@every_mechanism
def test_settings_say_what_they_mean(key):
    for name, field in parameters(key).model_fields.items():
        assert field.description, name
        assert field.json_schema_extra["source"], name


def touched_by_each():
    """The column groups that each mechanism changed in some of the days of a lively world."""
    w = world_of(LIVELY)
    touched = {key: set() for key in KEYS}
    for today in range(14):
        for key in day.STEPS:
            before = {group: group_of(w, group) for group in GROUPS}
            one_step(w, key, today)
            now = {group: group_of(w, group) for group in GROUPS}
            touched[key] |= {g for g in GROUPS if any(before[g][c].tobytes() != now[g][c].tobytes() for c in before[g])}
    return touched


@pytest.mark.nojit
def test_mechanisms_write_the_columns_that_they_say_and_no_others():
    assert touched_by_each() == {key: written(key) for key in KEYS}


@every_mechanism
def test_a_step_on_ranges_of_customers_is_the_step_on_all(key):
    """Each of three blocks by itself, the last one first; steps that are serial are not cut."""
    serial = any(line.shares for line in lines(key))
    parts = [(0, 9000)] if serial else [(8192, 9000), (0, 4096), (4096, 8192)]
    whole = after(LIVELY, {"customers.count": 9000}, until=9)
    cut = whole.fork()
    for name in day.STEPS[: day.STEPS.index(key)]:
        one_step(whole, name, 9)
        one_step(cut, name, 9)
    tally = one_step(whole, key, 9)
    pieces = [one_step(cut, key, 9, between) for between in parts]
    assert different(whole, cut) == []
    assert np.array_equal(tally, sum(pieces))
    assert tally.any() == (key != "talking")  # the warmth of groups is counted nowhere


def test_one_two_and_five_threads_agree_to_the_bit():
    one = after(LIVELY, {"customers.count": 9000})
    assert one.counted("left").sum() > 0
    for threads in (2, 5):
        assert different(one, after(LIVELY, {"customers.count": 9000}, threads=threads)) == []


@pytest.mark.nojit
@pytest.mark.parametrize("kind", ["small_world", "scale_free", "random", "mixed"])
@pytest.mark.parametrize("customers", [1, 2])
def test_one_and_two_customers_live_a_month(customers, kind):
    w = after(LIVELY, {"customers.count": customers, "customers.ties.kind": kind, "days": 30})
    assert w.day == 30
    assert w.counted("wages").sum() == 30 * 2510


@pytest.mark.nojit
def test_empty_pools_live_a_month():
    w = after(LIVELY, {"customers.at_start": {"members": {"vip_group": 0, "manager": 0}}, "hooks": "off", "days": 30})
    assert not w.members.any()
    assert not w.counted("reads")[:, w.names.places.index("vip_group")].any()
    assert w.counted("posts")[:, w.names.places.index("vip_group")].sum() > 0


@pytest.mark.nojit
def test_a_world_without_pools_lives_a_month():
    text = LIVELY[: LIVELY.index("  vip_group:")] + "advertising: {review_site: {budget_per_day: 60, cpm: 60}}\n"
    text = text.replace(", members: {vip_group: 0.2, manager: 0.1}", "")
    w = after(text, {"days": 30})
    assert w.columns.member.joined_on.shape == (0, 300)
    assert w.counted("orders").sum() > 0


@pytest.mark.nojit
@every_mechanism
def test_a_mechanism_can_be_switched_off(key):
    """The step then leaves everything as it is, but for what it has to clear for the day."""
    w = after(LIVELY, {**overrides(key), key: "off", "days": 30, "customers.count": 100})
    cleared = {"visits": "member.read", "hooks": "today.", "joining": "today."}.get(key, "nothing")
    before = everything(w)
    tally = one_step(w, key, 29)
    now = everything(w)
    changed = [name for name in now if now[name].tobytes() != before[name].tobytes()]
    assert all(name.startswith(cleared) for name in changed)
    assert not tally.any()


def overrides(key):
    """What else has to change: dated events leave alone what is off; Moments are the staff's, not of `posts`, and whom
    the brand removes is not of `leaving`."""
    others = {
        "advertising": {"events.dearer.set.advertising.review_site.cpm": 60.0},
        "posts": {"staff.hosts.moments_per_week": 0},
        "leaving": {"places.vip_group.removes": None},
    }
    return others.get(key, {})


@pytest.mark.nojit
def test_everything_can_be_switched_off_at_once():
    w = after(LIVELY, {**dict.fromkeys(KEYS, "off"), **overrides("leaving"), "staff": "off", "days": 30})
    assert {c.name for c in COUNTERS if w.counted(c.name).any()} == {"tools", "perks", "fixed_costs"}
