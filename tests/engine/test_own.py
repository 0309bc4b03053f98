"""Mechanisms of one's own: declared, checked, run, counted, kept, and told apart."""

import dataclasses
import json
import pickle
from pathlib import Path

import numba
import numpy as np
import pytest

from comparisons import lively
from trafficsim import compare, sweep
from trafficsim.books.counters import COUNTERS
from trafficsim.cli.folder import claim
from trafficsim.engine.day import STEPS
from trafficsim.engine.extending import MechanismError, load_mechanisms, mechanism
from trafficsim.engine.journal import by_day
from trafficsim.engine.mesa_model import TrafficModel
from trafficsim.engine.world import start
from trafficsim.files.processes import processes
from trafficsim.kernel import rng
from trafficsim.kernel.columns import BACK, FOLDED, GONE, NEVER, QUIT
from trafficsim.market.quantities import Parameters, Probability, setting
from trafficsim.mechanisms.shared import own
from trafficsim.mechanisms.shared.memory import closer, faded
from trafficsim.mechanisms.shared.own import column, counter
from trafficsim.results import Result
from trafficsim.results.measures import profit_lines
from trafficsim.scenario import ScenarioError, json_schema, load_text
from trafficsim.study.examine import examine
from trafficsim.study.uncertain import numbers
from worlds import LIVELY, QUIET, everything

FILE = Path(__file__).parents[1] / "own_applause.py"


@pytest.fixture(scope="module")
def loaded():
    load_mechanisms([str(FILE)])
    found = own._known["applause"]
    own.forget("applause")
    return found


@pytest.fixture(autouse=True)
def applause(loaded):
    before = dict(own._known)
    own.register(loaded)
    yield loaded
    own._known.clear()
    own._known.update(before)


def idle(name="idle", after="purchasing"):
    @mechanism(name, after=after)
    class Idle:
        """Nothing at all."""

        def step(self, today):
            pass

    return own._known[name]


def thanked(changes=None, **more):
    """Three arms, of which one thanks its buyers."""
    return lively({"both:applause": {"step": 0.3, **more}, "days": 30, **(changes or {})})


@pytest.mark.parametrize("after", STEPS)
def test_one_that_does_nothing_changes_no_bit(after):
    plain = everything(start(lively(), "both").run())
    idle(after=after)
    for threads in (1, 2):
        with_it = everything(start(lively({"idle": {}}), "both").run(threads=threads))
        assert all(np.array_equal(array, with_it[name]) for name, array in plain.items())


def test_one_that_is_known_and_not_used_changes_nothing(applause):
    own.forget("applause")
    unknown = lively()
    own.register(applause)
    known = lively()
    assert known.digest == unknown.digest
    assert known.text == unknown.text
    assert known.own == ()
    assert start(known, "both").names.counters == COUNTERS


def test_an_arm_turns_it_on(applause):
    scenario = thanked()
    assert scenario.own == (applause,)
    worlds = {arm: start(scenario, arm).run() for arm in scenario.arms}
    thanks = {arm: world.counted("applause_thanks").sum() for arm, world in worlds.items()}
    assert thanks["both"] > 0
    assert thanks["paid"] == thanks["private"] == 0
    plain = start(lively({"days": 30}), "both").run()
    assert worlds["both"].columns.mind.trust.sum() > plain.columns.mind.trust.sum()
    assert worlds["both"].own["applause"].columns["thanked"].sum() == thanks["both"]


def test_an_event_changes_its_settings_and_turns_it_off():
    events = "events: {dear: {day: 10, set: {applause.costs: 3}}, off: {day: 25, set: {applause: off}}}"
    text = LIVELY.partition("events:")[0] + f"applause: {{costs: 2}}\n{events}\n"
    world = start(load_text(text, "dated"), "base").run()
    thanks, paid = world.counted("applause_thanks"), world.counted("applause_paid")
    assert thanks[:10].any()
    assert paid[:10].tolist() == (200 * thanks[:10]).tolist()
    assert thanks[10:25].any()
    assert paid[10:25].tolist() == (300 * thanks[10:25]).tolist()
    assert not thanks[25:].any()


def test_days_may_be_split_forked_saved_and_restored(tmp_path):
    scenario = thanked(picture=1)
    whole = start(scenario, "both").run()
    part = start(scenario, "both").run(until=11)
    twin = part.fork().run(threads=2)
    part.save(tmp_path / "part.npz")
    restored = start(scenario, "both").restore(tmp_path / "part.npz").run()
    for other in (twin, restored, part.run()):
        assert all(np.array_equal(array, everything(other)[name]) for name, array in everything(whole).items())
        assert np.array_equal(whole.own["applause"].columns["thanked"], other.own["applause"].columns["thanked"])


def test_a_world_of_another_mechanism_is_not_restored(applause, tmp_path):
    start(thanked(), "both").save(tmp_path / "with.npz")
    with pytest.raises(ValueError, match="other mechanisms"):
        start(lively({"days": 30}), "both").restore(tmp_path / "with.npz")
    edited = dataclasses.replace(applause, digest="another")
    own.register(edited)
    with pytest.raises(ValueError, match="other mechanisms"):
        start(thanked(), "both").restore(tmp_path / "with.npz")


def test_watching_a_customer_changes_nothing_and_its_step_is_named():
    scenario = thanked()
    world, watched = start(scenario, "both").run(), start(scenario, "both")
    steps = [name for name, _ in watched.watch(7)]
    after = STEPS.index("purchasing") + 1
    assert steps[: len(STEPS) + 1] == [*STEPS[:after], "applause", *STEPS[after:]]
    assert np.array_equal(world.tallies, watched.tallies)
    assert list(start(scenario, "both").profiled()) == [*STEPS, "applause"]


def test_money_that_it_spends_and_brings_in_is_in_profit():
    result = compare(thanked(costs=1.25, picture=0.75), replicates=2, seed=3)
    lines = profit_lines(result.data)
    assert {"applause_paid", "applause_sold"} < set(lines)
    profit = sum(lines.values())
    assert np.array_equal(profit, np.rint(100 * result.values("profit")))
    free = compare(thanked(costs=0, picture=0), replicates=2, seed=3)
    paid = result.data["applause_paid"].sum("day")
    sold = result.data["applause_sold"].sum(["day", "place"])
    assert (paid.sel(arm="both") == 125 * result.data["applause_thanks"].sum("day").sel(arm="both")).all()
    assert sold.sel(arm="both").all()
    assert np.array_equal(profit - np.rint(100 * free.values("profit")), sold - paid)
    assert np.array_equal(np.rint(100 * (result.values("spend") - free.values("spend"))), paid)
    world = start(thanked(costs=1.25, picture=0.75), "both", 3, 0).run()
    days = by_day(world, thanked(costs=1.25, picture=0.75))
    assert days["total_profit"][-1] == pytest.approx(float(result.values("profit").sel(arm="both", replicate=0)))
    model = TrafficModel(thanked(costs=1.25, picture=0.75), "both", 3).run()
    assert model.datacollector.get_model_vars_dataframe()["profit"].sum() == pytest.approx(days["total_profit"][-1])
    assert model.last_day("applause_thanks") == world.counted("applause_thanks")[-1]


def test_what_it_counts_is_scaled_to_the_market():
    counted = compare(thanked({"customers.each_stands_for": 3}), replicates=1).data["applause_thanks"]
    assert (counted % 3 == 0).all()


def test_a_result_is_read_where_it_is_not_known(applause, tmp_path):
    result = compare(thanked(), replicates=2)
    result.save(tmp_path)
    own.forget("applause")
    read = Result.load(tmp_path)
    assert np.array_equal(read.values("profit"), result.values("profit"))
    assert read.data["applause_thanks"].attrs["long_name"] == "customers who were thanked"
    (told,) = read.about.own
    assert told.digest == applause.digest
    assert told.source == FILE.name


def test_draws_hang_on_their_name_day_and_customer_alone():
    drawn = {}

    def declare(name, wanted, after="visits"):
        @mechanism(name, after=after)
        class Drawing:
            """Draws."""

            def step(self, today):
                for draw, lasting in wanted:
                    drawn[name, draw, today.day, today.customers] = today.draws(draw, lasting=lasting)

    declare("a", [("one", False), ("two", False), ("taste", True)])
    start(lively({"a": {}}), "both", 5, 2).run(2)
    alone = dict(drawn)
    declare("a", [("two", False)], "leaving")
    declare("b", [("one", False)])
    start(lively({"a": {}, "b": {}, "customers.count": 301}), "paid", 5, 2).run(2)
    assert np.array_equal(drawn["a", "two", 1, 301][:-1], alone["a", "two", 1, 300])
    named = {key[:2]: drawn for key, drawn in alone.items() if key[2] == 1} | {("b", "one"): drawn["b", "one", 1, 301]}
    assert len({tuple(values[:5]) for values in named.values()}) == 4
    assert np.array_equal(alone["a", "taste", 0, 300], alone["a", "taste", 1, 300])
    assert not np.array_equal(alone["a", "one", 0, 300], alone["a", "one", 1, 300])
    with np.errstate(over="ignore"):
        key = np.uint64(rng.word(rng.stream(5, 2, "own", "a", "one"), 1))
        assert np.array_equal(alone["a", "one", 1, 300], rng.uniforms(key, 0, 300))


def test_a_section_is_checked_with_positions():
    text = LIVELY + "applause: {step: 1.5, cots: 1}\n"
    with pytest.raises(ScenarioError) as raised:
        load_text(text, "wrong")
    line = text.count("\n")
    step, cots = raised.value.mistakes
    assert str(step).startswith(f"wrong.yaml:{line}:18: applause.step: must be ")
    assert "1.5" in str(step)
    assert str(cots) == f"wrong.yaml:{line}:23: applause.cots: unknown key; did you mean 'costs'?"


def test_a_section_of_one_that_is_not_loaded_says_how_to_load_it():
    own.forget("applause")
    with pytest.raises(ScenarioError, match=r"applause: unknown key; .*--mechanism FILE\.py"):
        load_text(LIVELY + "applause: {step: 0.5}\n", "missing")


def test_its_settings_are_settings_like_any():
    scenario = lively({"applause": {"step": 0.3}}).replace({"both:applause.costs": 2})
    assert scenario.settings("both")["applause.costs"].value == 2
    assert scenario.settings("paid")["applause.costs"].unit == "money"
    assert ("applause.costs", 0.5, 2) in [tuple(change) for change in scenario.changes()["both"]]
    assert "applause.costs" in {p.path for p in scenario.defaults()}
    assert load_text(scenario.text, "again").digest == load_text(scenario.yaml, "again").digest == scenario.digest
    for again in (load_text(scenario.text, "again"), pickle.loads(pickle.dumps(scenario))):
        assert again.digest == scenario.digest
        assert again.plan("both") == scenario.plan("both")
    section = json_schema()["properties"]["applause"]
    assert "costs" in json.dumps(json_schema()["$defs"][section["anyOf"][0]["$ref"].rpartition("/")[2]])


def test_sweeps_claims_and_trials_of_numbers_find_it():
    found = sweep(thanked(), {"both:applause.costs": [0, 10]}, arms=("both", "paid"), replicates=2)
    free, dear = found.table()["both"]
    assert dear < free
    claims = """
claims:
  thanks: {says: somebody is thanked, source: a test, expect: {arm: both, metric: applause_thanks, at_least: 1}}
sources:
  arms.both.applause.step: {assumed: true, range: [0.1, 0.5]}
"""
    few = QUIET.replace("purchasing: off\n", "").replace("days: 30", "days: 21")  # numbers, each of which is tried
    text = few + "arms: {plain: {}, both: {applause: {step: 0.2}}}" + claims
    scenario = load_text(text, "claimed").replace({"customers.at_start.aware": 1, "customers.at_start.bought": 0.5})
    assert "arms.both.applause.step" in [number.path for number in numbers(scenario)]
    examined = examine(scenario, 6, 1, robust=True, workers=1)
    assert examined.verdicts[0].status == "holds"
    with pytest.raises(ScenarioError, match="no metric is named 'applause_thankz'; did you mean 'applause_thanks'"):
        load_text(text.replace("metric: applause_thanks", "metric: applause_thankz"), "claimed")


def test_its_source_is_part_of_a_runs_identity(applause, tmp_path):
    before = thanked().digest
    folder = claim(tmp_path / "run", thanked(), 1, resume=False)
    own.register(dataclasses.replace(applause, digest="edited"))
    assert thanked().digest != before
    with pytest.raises(ValueError, match="holds another run"):
        claim(tmp_path / "run", thanked(), 1, resume=True)
    assert folder.identity["digest"] == before


def test_processes_load_its_file_and_those_of_a_notebook_stay_here(applause):
    here = compare(thanked(), replicates=2)
    with processes(1) as executor:
        elsewhere = compare(thanked(), replicates=2, executor=executor)
        assert np.array_equal(here.data["applause_paid"], elsewhere.data["applause_paid"])
        own.forget("applause")
        own.register(dataclasses.replace(applause, origin=own.HERE))
        with pytest.warns(RuntimeWarning, match="applause: defined in a notebook or program"):
            stayed = compare(thanked(), replicates=2, executor=executor)
    assert np.array_equal(here.data["applause_paid"], stayed.data["applause_paid"])


def stepping(step, after="posts", day=12):
    """A world of 300 people at the end of a day on which it had a step of one's own."""

    @mechanism("mine", after=after)
    class Mine:
        """Mine."""

        found = counter("customers", "x")

        def step(self, today):
            if today.day == day:
                step(today)

    return start(lively({"mine": {}}), "both").run(until=day + 1)


def test_a_contact_is_remembered_as_the_model_remembers_one():
    """To the precision of the columns, 32 bits."""
    seen = {}

    def step(today):
        mind, story, memory = today.columns.mind, today.columns.story, today.plan.customers.memory
        who = np.arange(today.customers) % 3 == 0
        before = {name: getattr(mind, name).astype(float) for name in ("salience", "acquaintance")}
        days, new = today.day - mind.memory_on.astype(float), who & (story.aware_on == NEVER)
        counted = today.counted("aware").copy()
        today.contact(who, 0.4, "store")
        for i in np.flatnonzero(who):
            fast = faded(before["salience"][i], days[i], memory.salience_half_life_days)
            slow = faded(before["acquaintance"][i], days[i], memory.acquaintance_half_life_days)
            assert mind.salience[i] == pytest.approx(closer(fast, 1.0, 0.4), rel=1e-6)
            assert mind.acquaintance[i] == pytest.approx(
                closer(slow, 1.0, 0.4 * memory.acquaintance_per_contact), rel=1e-6
            )
        assert (mind.memory_on[who] == 0).all()
        assert np.array_equal(mind.salience[~who], before["salience"][~who].astype(np.float32))
        assert (story.aware_on[new] == 0).all()
        grown = today.counted("aware") - counted
        assert grown.tolist() == [0, 0, new.sum(), 0, 0, 0, 0]
        seen["new"] = int(new.sum())

    stepping(step, "visits", day=0)
    assert seen["new"] > 0


def test_needs_are_opened_decided_on_the_day_and_taken_from_later():
    needs = {}

    def open_(today):
        debt = today.columns.roll.need_debt.astype(int)
        today.open_needs(np.ones(today.customers, bool), 0.25)
        assert np.array_equal(today.columns.roll.need_debt, debt + 250)

    after = stepping(open_)
    assert after.counted("needs")[12] >= after.customers

    def take(today):
        needs["open"] = int(today.columns.roll.open_needs.sum())
        today.count("found", today.take_needs(np.ones(today.customers, bool)))

    after = stepping(take)
    assert after.counted("mine_found")[12] == needs["open"] > 0


def test_who_leaves_a_pool_is_counted_and_found_in_the_newest_left():
    def leave(today):
        today.count("found", today.leave("vip_group", np.arange(today.customers) % 2 == 0))

    after, plain = stepping(leave, "leaving"), start(lively(), "both").run(until=13)
    pool, place = plain.names.pools.index("vip_group"), plain.names.places.index("vip_group")
    gone = (plain.columns.member.status[pool] % 2 == 1) & (np.arange(300) % 2 == 0)
    assert after.counted("mine_found")[12] == gone.sum() > 0
    assert (
        after.columns.member.status[pool, gone]
        == np.where(plain.columns.member.status[pool, gone] % FOLDED == BACK, GONE, QUIT)
    ).all()
    left = after.counted("left")[12] - plain.counted("left")[12]
    assert left[place] == left.sum() == gone.sum()
    assert after.members[13, place] == after.count_members(pool)
    other = plain.names.pools.index("manager")
    still = gone & (plain.columns.member.status[other] % 2 == 1)
    assert (after.columns.story.place[still] == plain.names.places.index("manager") + 1).all()
    assert (after.columns.story.place[gone & ~still] == 0).all()
    assert np.array_equal(after.columns.story.place[~gone], plain.columns.story.place[~gone])


def test_membership_is_not_changed_behind_the_back_of_the_books():
    def step(today):
        with pytest.raises(ValueError, match="read-only"):
            today.columns.member.status[0, 5] = QUIT

    stepping(step)


def test_a_step_may_be_compiled_by_its_author_and_draw_as_the_model_does():
    @numba.njit
    def thank(key, trust, share):
        thanked = 0
        for i in range(trust.size):
            if rng.uniform(key, i) < share:
                trust[i] += np.float32(0.5) * (np.float32(1.0) - trust[i])
                thanked += 1
        return thanked

    compiled = stepping(lambda today: today.count("found", thank(today.key("thanks"), today.columns.mind.trust, 0.3)))

    def in_numpy(today):
        who, trust = today.draws("thanks") < 0.3, today.columns.mind.trust
        trust[who] += np.float32(0.5) * (np.float32(1.0) - trust[who])
        today.count("found", np.count_nonzero(who))

    plain = stepping(in_numpy)
    assert plain.counted("mine_found")[12] > 50
    assert all(np.array_equal(array, everything(compiled)[name]) for name, array in everything(plain).items())


def test_another_file_may_not_take_its_name(tmp_path):
    copied = tmp_path / "copy.py"
    copied.write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(MechanismError, match="two mechanisms are named 'applause'"):
        load_mechanisms([str(copied)])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("import nothing_of_this_name", "bad.py:1: ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("x = 1\ny = (", r"bad.py:2: .*never closed"),
        ("x = 1", "bad.py: defines no mechanism"),
    ],
)
def test_a_file_that_fails_is_told_in_a_line(tmp_path, text, says):
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")
    with pytest.raises(MechanismError, match=says):
        load_mechanisms([str(tmp_path / "bad.py")])


def test_what_is_not_there_is_told_in_a_line():
    with pytest.raises(MechanismError, match=r"nowhere\.py: no such file"):
        load_mechanisms(["nowhere.py"])
    with pytest.raises(MechanismError, match=r"nowhere\.else: must be a file\.py"):
        load_mechanisms(["nowhere.else"])


def step(_self, _today):
    pass


@pytest.mark.parametrize(
    ("name", "after", "body", "says"),
    [
        ("two words", "visits", {}, "'two words': a name is made of letters"),
        ("hooks", "visits", {}, "'hooks' is a section of every scenario already"),
        ("mine", "purchase", {}, "no step of the day is named 'purchase'; did you mean 'purchasing'"),
        ("mine", "visits", {"__doc__": None}, "a docstring must say"),
        ("mine", "visits", {"step": None}, r"a method step\(self, today\)"),
        ("mine", "visits", {"Parameters": dict}, "Parameters must be a subclass"),
        ("mine", "visits", {"c": column("text", "", "x")}, "column 'c' must hold numbers"),
        ("mine", "visits", {"c": counter("points", "x", adds="cost")}, "counter 'c' adds to profit, so it must be of"),
        ("orders", "visits", {"from": counter("orders", "x")}, "something else is counted as 'orders_from'"),
    ],
)
def test_what_cannot_be_declared_is_refused(name, after, body, says):
    cls = type("Mine", (), {"__doc__": "Mine.", "step": step, "__module__": __name__, **body})
    with pytest.raises(MechanismError, match=says):
        mechanism(name, after=after)(cls)


def test_without_a_source_runs_could_not_be_told_apart():
    scope = {"mechanism": mechanism}
    with pytest.raises(MechanismError, match="its source can't be read"):
        exec('@mechanism("typed", after="visits")\nclass T:\n "T."\n def step(self, today): pass', scope)


@pytest.mark.parametrize(
    ("amount", "entry", "error", "says"),
    [
        (1.5, "", TypeError, "whole numbers, not float64"),
        (1, "", KeyError, "broken down by place"),
        (1, "moon", KeyError, "no entry 'moon'; there are "),
    ],
)
def test_what_cannot_be_counted_is_refused_and_told_where(amount, entry, error, says):
    @mechanism("mine", after="visits")
    class Mine:
        """Mine."""

        Parameters = type("P", (Parameters,), {"__annotations__": {"p": Probability}, "p": setting("p", default=0.5)})
        found = counter("customers", "x", by="place")

        def step(self, today):
            today.count("found", amount, entry)

    with pytest.raises(error, match=says) as raised:
        start(lively({"mine": {}}), "both").run()
    assert raised.value.__notes__ == ["in the step of mechanism 'mine', on day 0"]
