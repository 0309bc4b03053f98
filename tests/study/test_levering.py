"""levers: what arms come to where settings are moved, learned from some points and judged at others."""

import math

import numpy as np
import pytest
from scipy.stats import qmc

import trafficsim as ts
from comparisons import shop
from trafficsim.results import intervals
from trafficsim.results.labelled import labelled
from trafficsim.results.levers import Lever, Levers, Surface
from trafficsim.scenario import ScenarioError
from trafficsim.study import levering
from trafficsim.study.levering import LeversError, _judged, _Process, checked, levers

FEW = {"days": 15, "customers.count": 300}


@pytest.fixture(scope="module")
def case():
    return shop(FEW)


@pytest.fixture
def few_points(monkeypatch):
    """So few points that nothing is foretold well: what is tested is that it all fits together."""
    monkeypatch.setattr(levering, "UNSEEN", 4)
    monkeypatch.setattr(levering, "EACH", 2)
    monkeypatch.setattr(levering, "DOUBLINGS", 0)


def saturating(at):
    """Two channels with diminishing returns and a price with an optimum: what profits look like."""
    a, b, price = at.T
    return 900 * (1 - np.exp(-3 * a)) + 500 * b / (b + 0.4) - 2500 * (price - 0.55) ** 2 + 300 * a * price


def test_a_smooth_profit_is_foretold_where_it_was_not_run():
    seen, unseen = (qmc.Sobol(3, seed=n).random(64) for n in (1, 2))
    stand = np.array([0.2, 0.5, 0.5])
    started = saturating(stand[None])
    process = _Process(seen, (saturating(seen) - started)[:, None] * [1.0, 1.0], stand)
    fit, error = _judged(saturating(unseen) - started, process.at(unseen))
    assert fit > 0.999
    assert error < 0.02 * np.ptp(saturating(unseen))
    assert process.at(stand[None]) == pytest.approx(0.0, abs=1e-6)


def test_intervals_hold_at_other_settings_and_other_luck():
    """A profit whose luck moves its level and its slope, told from 16 replicates and learned from 4 of them."""
    random, held, trials = np.random.default_rng(5), 0, 60
    seen, unseen = (qmc.Sobol(1, seed=n).random(16) for n in (1, 2))
    elsewhere, stand = random.random((20, 1)), np.array([0.3])

    def profit(at, level, slope):
        return 500 * np.sin(2 * at[:, :1]) + level + slope * at[:, :1]

    for _ in range(trials):
        level, slope = random.normal(0, 40, (1, 16)), random.normal(0, 60, (1, 16))
        four = level[:, :4], slope[:, :4]
        changes, judged = (profit(at, *four) - profit(stand[None], *four) for at in (seen, unseen))
        process = _Process(seen, changes, stand)
        started = intervals.mean(profit(stand[None], level, slope)[0], levering.CONFIDENCE)
        surface = process.surface("a", "profit", started, _judged(judged.mean(axis=1), process.at(unseen)))
        lever = Lever("x", 0.0, 1.0, False, False, 0.3, "", "", "", "")
        at = tuple(map(tuple, seen))
        found = Levers((lever,), (), (), at, (surface,), (), 16, 4, 1, 1, levering._times(4))
        told = [found.foretold({"x": x})["a", "profit"] for x in elsewhere[:, 0]]
        truth = 500 * np.sin(2 * elsewhere[:, 0])
        held += np.mean([each.low <= t <= each.high for each, t in zip(told, truth, strict=True)])
    assert held / trials >= 0.95


def test_what_no_lever_moves_stays_as_it_is():
    at = qmc.Sobol(2, seed=1).random(8)
    process = _Process(at, np.zeros((8, 2)), at[0])
    assert (process.at(at) == 0.0).all()
    assert _judged(np.zeros(4), np.zeros(4)) == (1.0, 0.0)
    assert _judged(np.zeros(4), np.ones(4)) == (0.0, 1.0)


def test_levers_begin_at_the_numbers_of_the_comparison(case, few_points, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(levering, "LEAST_FIT", -math.inf)
    vary = {"product.price": (60, 100), "private:posts.club.per_week": (1, 6)}
    result = ts.compare(case, 3, levers=vary)
    found = result.about.levers
    assert [(x.path, x.value, x.entry) for x in found.levers] == [
        ("product.price", 80.0, ""),
        ("private:posts.club.per_week", 3.0, "club"),
    ]
    assert len(found.at) == levering._design_size(2) == 4
    for (arm, name), told in found.foretold({}).items():
        assert told.middle == pytest.approx(result.estimate(name, arm).interval().middle, abs=1e-6)
        assert told.low < told.middle < told.high or name != "profit"
    beside = found.foretold({"product.price": 80.000001})["paid", "profit"]
    error = next(s.error for s in found.surfaces if (s.arm, s.metric) == ("paid", "profit"))
    assert beside.high - beside.middle >= error > 0  # nothing is foretold where the comparison was run
    lead = found.leading({})["paid", "private"].middle
    assert lead == pytest.approx(result.difference("profit", "paid", "private").amount.middle, abs=1e-6)
    assert found.foretold({"product.price": 100})["paid", "profit"] != found.foretold({})["paid", "profit"]
    assert ts.Result(result.data).about.levers == found
    with pytest.raises(ValueError, match="from 60 to 100"):
        found.foretold({"product.price": 101})
    with pytest.raises(KeyError, match="no lever"):
        found.foretold({"price": 90})
    named = result.saying(labels={"paid": "Ads", "club": "The club"})
    shown = labelled(named).about.levers
    assert {s.arm for s in shown.surfaces} == {"nothing", "Ads", "private"}
    assert shown.levers[1].entry == "The club"


def test_a_lever_that_spoils_the_fit_is_left_out_and_said_so(case, few_points, monkeypatch):  # noqa: ARG001
    """The surfaces are those that would come of it: price can't be foretold, the gift can."""

    def learned(_, axes, *__):
        fit = 0.5 if any(axis.name == "product.price" for axis in axes) else 0.99
        lengths = tuple(0.2 if axis.name == "product.price" else 3.0 for axis in axes)
        surface = Surface("paid", "profit", 0.0, 1.0, lengths, (), fit, 1.0)
        own = tuple(levering._lever(case, axis) for axis in axes)
        return levering.Levers(own, (), (), (), (surface,), (), 4, 2, 1, 1, 1.0)

    monkeypatch.setattr(levering, "_learned", learned)
    result = ts.compare(case, 2)
    both = {"product.price": (60, 100), "hooks.gift.worth": (5, 20)}
    found = levers(case, both, result).about.levers
    assert found.left_out == ("product.price",)
    assert found.worst_fit == 0.99
    assert [path for path, *_ in found.asked] == list(both)
    none = levers(case, {"product.price": (60, 100)}, result).about.levers
    assert (none.levers, none.left_out) == ((), ("product.price",))


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ({f"product.price{n}": (1, 2) for n in range(7)}, "7 levers: a report has 6 at most"),
        ({"product.price": (85, 100)}, "the scenario has 80, which 85:100 must hold"),
        ({"product.price": [70, 80]}, "give product.price=LOW:HIGH"),
        ({"product.prise": (70, 80)}, "did you mean 'product.price'"),
        ({"hooks.gift.reason": (70, 80)}, "--levers: hooks.gift.reason: is no number"),
        ({"product.price": (100, 70)}, "--levers: product.price: a span must rise"),
    ],
)
def test_what_no_lever_can_be_is_refused(case, vary, says):
    with pytest.raises((LeversError, ScenarioError)) as refused:
        checked(case, vary)
    assert says in str(refused.value)


def test_levers_of_a_part_or_a_past_are_refused(case, command, tmp_path):
    with pytest.raises(ValueError, match="levers is about all replicates"):
        ts.compare(case, range(2, 4), levers={"product.price": (60, 100)})
    file = tmp_path / "shop.yaml"
    file.write_text(case.yaml, "utf-8")
    same = "product.price=60:100"
    for more, says in (
        (["--replicates", "1"], "takes 2 replicates or more"),
        (["--replicates", "2:4"], "is about all replicates"),
        (["--levers", same], "is given twice"),
    ):
        status, told = command("compare", file, "--levers", same, *more)
        assert (status, says in " ".join(told.err.replace("│", " ").split())) == (2, True), told.err


@pytest.mark.slow
def test_profit_of_a_shop_is_foretold():
    result = ts.compare(shop(), 2)
    vary = {"product.price": (70, 90), "advertising.feed.budget_per_day": (20, 200)}
    found = levers(shop(), vary, result).about.levers
    assert found.left_out == ()
    assert found.worst_fit >= levering.LEAST_FIT
