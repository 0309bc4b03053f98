"""Data of comparisons made by hand: every number in them is known before the code under test sees it."""

import json
from functools import cache

import numpy as np
import xarray as xr

from trafficsim.flows import OUTSIDE, first_days
from trafficsim.metrics import COUNTERS, LAST_COUNTS, METRICS, ROUTES, TOPS, TOUCHES
from trafficsim.results import Result
from trafficsim.scenario import load
from trafficsim.study.designs import design_points
from trafficsim.study.swept import SweepResult
from trafficsim.study.varying import (
    Axis,
    described,
)
from trafficsim.tally import COHORT_DAYS

PLACES = ("review_site", "dining_room", "vip_group")
SEGMENTS = ("neighbours", "hosts")
ARMS = ("nothing", "paid", "private", "both", "私域流量")
CHANGES = {
    "nothing": [["advertising", {"review_site": {}}, "off"], ["hooks", {"side_dish": {}}, "off"], ["posts", {}, "off"]],
    "paid": [["hooks", {"side_dish": {}}, "off"], ["posts", {}, "off"]],
    "private": [["advertising", {"review_site": {}}, "off"]],
}
PAIRS = [("paid", "nothing"), ("both", "private")]
"""Arms that differ only by paid media."""


def zeros(arms=("nothing", "private"), replicates=3, days=4, hooks=("side_dish",), staff=(), **attrs):
    """A comparison in which nothing happens."""
    coords = {
        "arm": list(arms),
        "replicate": np.arange(replicates),
        "day": np.arange(days),
        "place": list(PLACES),
        "hook": np.array(hooks, dtype=str),
        "staff": np.array(staff, dtype=str),
        "route": list(ROUTES),
        "touch": list(TOUCHES),
        "slot": np.array([], dtype=str),
        "cohort": [f"day {first}" for first in range(0, days, COHORT_DAYS)],
        "against": list(arms),
        "segment": list(SEGMENTS),
        "top": list(TOPS),
        "window": list(first_days(days)),
        "from_place": [OUTSIDE, *PLACES],
        "to_place": [OUTSIDE, *PLACES],
    }
    sizes = {name: len(values) for name, values in coords.items()}

    def nought(*dims):
        return (dims, np.zeros([sizes[dim] for dim in dims], np.int64))

    each_day = ("arm", "replicate", "day")
    variables = {c.name: nought(*each_day, *([c.by] if c.by else [])) for c in COUNTERS}
    variables |= {"members": nought(*each_day, "place"), "customers_aware": nought(*each_day)}
    variables |= {name: nought("arm", "replicate") for name in ("joiners", "joiner_orders", "other_orders")}
    variables["joiner_orders_in"] = nought("arm", "replicate", "against")
    variables |= {c.name: nought("arm", "replicate", c.by) for c in LAST_COUNTS}
    variables["moved"] = nought("arm", "replicate", "window", "from_place", "to_place")
    return xr.Dataset(variables, coords, _attributes(arms, days) | attrs)


def _attributes(arms, days):
    return {
        "title": "A restaurant gathers its regulars",
        "about": "Two months of a side dish, against a review site's ads.",
        "currency": "CNY",
        "language": "en",
        "start": "2024-01-01",
        "days": days,
        "baseline": arms[0],
        "seed": 1,
        "each_stands_for": 1,
        "scenario": "restaurant",
        "customers": 1000,
        "notes": json.dumps({"en": ["vip_group has neither staff nor tool costs in arm private"], "zh": ["vip_group 没有成本"]}),
        "plans": plans(tuple(arms)),
        "claims": "{}",
        "changes": json.dumps({arm: CHANGES.get(arm, []) for arm in arms}),
        "routes_off": json.dumps({"paid": [[a, b] for a, b in PAIRS if a in arms and b in arms]}),
        "assumed": json.dumps([["posts.vip_group.open_rate", 0.35, [0.1, 0.5]], ["product.quality", 0.7, None]]),
        "sourced": json.dumps([["customers.count", 30000, "004: three kilometres, 30,000 people"]]),
        "kinds": json.dumps(dict(zip(PLACES, ("public", "store", "pool"), strict=True))),
        "has_pool": json.dumps({arm: arm not in {"nothing", "paid"} for arm in arms}),
        "equal_budget": "null",
        "repeat": "trafficsim compare restaurant --replicates 3 --seed 1",
        "versions": json.dumps({"trafficsim": "0.1.0", "numpy": "2.4.6"}),
    }


@cache
def plans(arms):
    """The plans of the shipped restaurant for arms of its names; its arm with everything for others."""
    case = load("restaurant")
    named = {arm: arm if arm in case.arms else "both" for arm in arms}
    dumped = {arm: [(0, case.plan(own).model_dump(mode="json"))] for arm, own in named.items()}
    return json.dumps(dumped, ensure_ascii=False)


def with_profit(daily, **attrs):
    """A comparison whose profit in cents is `daily`, (arm, replicate, day), all of it earned in the dining room."""
    daily = np.asarray(daily, np.int64)
    data = zeros(("nothing", "private", "paid")[: len(daily)], daily.shape[1], daily.shape[2], **attrs)
    data["gross_sales"][..., 1] = daily
    return Result(data)


def story(arms=ARMS[:4], days=365, replicates=16, **attrs):
    """A comparison that looks like a real one: growth that saturates, costs first, luck that the arms share."""
    draws = np.random.default_rng(7)
    data = zeros(arms, replicates, days, staff=("hosts",), **attrs)
    shared = draws.normal(size=(replicates, days))
    for i in range(len(arms)):
        own = draws.normal(size=(replicates, days))
        new = (30 + 12 * i) * np.exp(-np.arange(days) * 3 / days) * np.exp(0.1 * shared + 0.05 * own)
        orders = np.cumsum(new, axis=1) * (0.03 + 0.004 * i) * np.exp(0.05 * shared)
        data["first_orders"][i, ..., 0] = new.astype(int)
        data["orders"][i, ..., 1] = orders.astype(int)
        data["gross_sales"][i, ..., 1] = 9000 * orders.astype(int)
        data["cost_of_goods"][i, ..., 1] = 4000 * orders.astype(int)
        data["margin_of_new"][i, ..., 0] = 5000 * orders.astype(int)
        data["advertising"][i, ..., 0] = 30000 * i
        data["members"][i, ..., 2] = np.cumsum(new, axis=1).astype(int) // 2 * (i > 1)
        data["customers_aware"][i] = np.cumsum(new, axis=1).astype(int) * 2
        data["joiners"][i] = 100 * (i > 1)
        data["joiner_orders"][i] = 300 + 10 * i + np.arange(replicates)
        data["other_orders"][i] = 1800
        data["joiner_orders_in"][i] = 250
    return Result(data)


def swept(spans, difference, arms=("nothing", "private"), replicates=3, **attrs):
    """A grid sweep over spans by name, in which the second arm is ahead by `difference` of the values at each point."""
    axes = [Axis(name, (name,), tuple(span.levels()), span, whole=False, unit="") for name, span in spans.items()]
    at = design_points(axes, "grid", None, 1)
    values = np.zeros((len(at), len(METRICS), len(arms), replicates))
    values[:, :, 1] += np.array([difference(*point.values()) for point in at])[:, None, None]
    coords = {
        "point": np.arange(len(at)),
        "metric": [entry.name for entry in METRICS],
        "arm": list(arms),
        "replicate": np.arange(replicates),
    }
    about = {
        **_attributes(arms, 30),
        "arms": "null",
        "compared": "profit",
        "design": "grid",
        "axes": json.dumps(described(axes)),
        "followers": "[]",
        "settings": json.dumps([list(point.values()) for point in at]),
    }
    return SweepResult(xr.Dataset({"values": (tuple(coords), values)}, coords, about | attrs))
