"""Data of comparisons made by hand: every number in them is known before the code under test sees it."""

import json
import re
from functools import cache
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import xarray as xr

from cases import RESTAURANT, read
from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import COHORT_DAYS, LAST_COUNTS, METRICS, TOPS
from trafficsim.books.routes import ROUTES, TOUCHES
from trafficsim.engine.moves import OUTSIDE, first_days
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.results.levers import LeadReach, Lever, Levers, Surface
from trafficsim.results.uncertain import Belief, Condition, Hinge, Lead, Odds, OfArm, Rule, Uncertain
from trafficsim.scenario.claims import Claim
from trafficsim.study.claims import Verdict
from trafficsim.study.dataset import PEOPLE, WITHOUT_POOLS
from trafficsim.study.designs import design_points
from trafficsim.study.examine import Examined
from trafficsim.study.robust import Trial
from trafficsim.study.swept import SweepResult
from trafficsim.study.uncertain import Number
from trafficsim.study.varying import Axis, Span, described
from trafficsim.words.language import NOTHING

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


def zeros(arms=("nothing", "private"), replicates=3, days=4, hooks=("side_dish",), staff=(), regions=(), **attrs):
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
        "segment": list(SEGMENTS),
        "region": np.array(regions, dtype=str),
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
    variables |= {name: nought("arm", "replicate") for name in PEOPLE}
    variables |= {name: (("arm", "replicate"), np.zeros([sizes["arm"], replicates])) for name in WITHOUT_POOLS}
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
        "warnings": json.dumps({"en": [], "zh": []}),
        "notes": json.dumps(
            {"en": ["vip_group has neither staff nor tool costs in arm private"], "zh": ["vip_group 没有成本"]}
        ),
        "plans": plans(tuple(arms)),
        "claims": "{}",
        "leaning": "null",
        "changes": json.dumps({arm: CHANGES.get(arm, []) for arm in arms}),
        "routes_off": json.dumps({"paid": [[a, b] for a, b in PAIRS if a in arms and b in arms]}),
        "assumed": json.dumps([["posts.vip_group.open_rate", 0.35, [0.1, 0.5]], ["product.quality", 0.7, None]]),
        "sourced": json.dumps([["customers.count", 30000, "004: three kilometres, 30,000 people"]]),
        "kinds": json.dumps(dict(zip(PLACES, ("public", "store", "pool"), strict=True))),
        "has_pool": json.dumps({arm: arm not in {"nothing", "paid"} for arm in arms}),
        "without_pools": json.dumps({arm: _bare(arm, arms) for arm in arms if arm not in {"nothing", "paid"}}),
        "equal_budget": "null",
        "repeat": "trafficsim compare restaurant --replicates 3 --seed 1",
        "versions": json.dumps({"trafficsim": "0.1.0", "numpy": "2.4.6"}),
    }


def _bare(arm, arms):
    """The arm of the comparison that is another one without its pool, if any."""
    bare = {"private": "nothing", "both": "paid"}.get(arm)
    return bare if bare in arms else ""


@cache
def plans(arms):
    """The plans of the frozen restaurant for arms of its names; its arm with everything for others."""
    case = read(RESTAURANT)
    named = {arm: arm if arm in case.arms else "both" for arm in arms}
    dumped = {arm: [(0, case.plan(own).model_dump(mode="json"))] for arm, own in named.items()}
    return json.dumps(dumped, ensure_ascii=False)


def with_profit(daily, **attrs):
    """A comparison whose profit in cents is `daily`, (arm, replicate, day), all of it earned in the dining room."""
    daily = np.asarray(daily, np.int64)
    data = zeros(("nothing", "private", "paid", "both")[: len(daily)], daily.shape[1], daily.shape[2], **attrs)
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
        data["others"][i] = 900
        data["joiner_orders_without"][i] = 250
        data["orders_without"][i] = data["orders"][i].sum(["day", "place"]) - 60
    return Result(data)


def of_regions(arms=ARMS[:3], replicates=6, regions=("north", "south", "far_away")):
    """A comparison whose regions bring more from arm to arm, but for the last one, in which all lose."""
    data = zeros(arms, replicates, regions=regions)
    luck = np.random.default_rng(13).normal(1, 0.1, (len(arms), replicates))
    for number, region in enumerate(regions):
        data["customers_of_region"].loc[{"region": region}] = 300 + 100 * number
        for arm, name in enumerate(arms):
            each = -4_000 if region == regions[-1] else 20_000 * (1 + arm) / (1 + number)
            data["margin_of_region"].loc[{"arm": name, "region": region, "day": 2}] = (400 * each * luck[arm]).astype(
                int
            )
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
    return SweepResult(
        xr.Dataset(
            {"amount": (tuple(coords), values), "per": (tuple(coords), np.ones_like(values))}, coords, about | attrs
        )
    )


def attributed(arms=ARMS[:4], replicates=6, days=30):
    """A comparison whose customers came on many routes, some of which cost money; luck moves all of it by a tenth."""
    data = zeros(arms, replicates, days)
    luck = np.random.default_rng(11).normal(1, 0.1, (len(arms), replicates))
    data["customers_aware"][..., -1] = 800
    data["joiners"][:] = [[90 * (arm in {"private", "both"})] for arm in arms]
    data["repeaters_of_segment"][..., 0] = (120 * luck).astype(int)
    paid = [arm in {"paid", "both"} for arm in arms]
    for number, route in enumerate(("organic", "paid", "store", "told", "start"), 1):
        came = np.array(paid if route == "paid" else [1] * len(arms))[:, None] * (40 + 20 * number) * luck
        data["first_orders"].loc[{"route": route, "day": 3}] = came.astype(int)
        data["first_orders_touched"].loc[{"touch": route, "day": 3}] = (came / number).astype(int)
        data["margin_of_new"].loc[{"route": route, "day": 3}] = (3000 * number * came).astype(int)
    spends = [[400_000 * spent] for spent in paid]
    data["advertising"].loc[{"place": "review_site", "day": 3}] = np.broadcast_to(spends, luck.shape)
    return Result(data)


def claim_of(**expect):
    """A claim that expects something."""
    return Claim.model_validate({"says": "it is so", "source": "somebody", "expect": expect}, strict=False)


def examined(base, ends, language="en", what=NOTHING, **expect):
    """A claim examined with trials made by hand.

    Args:
        base: the interval measured as assumed, and its status.
        ends: by path, the number (value, low, high) and what was measured at both ends, with a status each.
        language: of the scenario.
        what: of the verdict, a sentence.
        expect: what the claim expects.
    """
    claim = claim_of(**expect)
    trials = []
    for path, (number, *found) in ends.items():
        numbered = Number(path, (path,), *number)
        trials += [
            Trial(numbered, end, (Verdict("the_claim", claim, status, Interval(value, value, value), what),))
            for end, (value, status) in zip(numbered.ends, found, strict=True)
        ]
    verdict = Verdict("the_claim", claim, base[1], Interval(*base[0]), what)
    scenario = SimpleNamespace(language=language, title="A restaurant", name="restaurant", labels={})
    return Examined(scenario, (verdict,), 16, 1, tuple(trials))


def thousand_members(language="en"):
    """The claim of a thousand members on day 60, which one of three assumed numbers turns."""
    ends = {
        "product.price": ((90, 60, 150), (900.0, "contradicted"), (880.0, "contradicted")),
        "posts.vip_group.open_rate": ((0.35, 0.1, 0.5), (400.0, "contradicted"), (1100.0, "holds")),
        "customers.segments.deal_hunters.days_between_needs": ((30, 20, 30), (870.0, "contradicted")),
    }
    expect = {"metric": "members.vip_group", "arm": "private", "day": 60, "at_least": 1000}
    return examined(((890.0, 850.0, 930.0), "contradicted"), ends, language, **expect)


def cadence_sweep(replicates=5, **attrs):
    """A sweep over posts a week in which 4 is best for the second arm, and 2 and 8 can't be told from it."""
    result = swept({"posts.*.per_week": Span(1, 16, 5, log=True)}, lambda _: 0.0, replicates=replicates, **attrs)
    luck = np.arange(replicates) - (replicates - 1) / 2
    means = np.array([100.0, 190.0, 200.0, 198.0, 50.0])
    slopes = np.array([0.0, 60.0, 0.0, 30.0, 0.0])
    result.data["amount"].loc[{"arm": "private"}] = (means[:, None] + slopes[:, None] * luck)[:, None, :]
    return result


def with_moves(moves, arms=("nothing", "private"), replicates=2, days=56, places=PLACES, kinds=None, spread=0):
    """A comparison in which so many go from place to place, `{arm: {(window, from, to): people}}`, 0 is outside.

    Everybody begins outside; `spread` more move in each further replicate.
    """
    data = zeros(arms, replicates, days)
    kinds = kinds or dict(zip(PLACES, ("public", "store", "pool"), strict=True))
    names = ["outside", *places]
    windows = data.sizes["window"]
    moved = np.zeros((len(arms), replicates, windows, len(names), len(names)), np.int64)
    for a, arm in enumerate(arms):
        for r in range(replicates):
            there = np.array([1000, *[0] * len(places)])
            for w in range(windows):
                for (window, source, target), count in moves.get(arm, {}).items():
                    if window == w:
                        moved[a, r, w, source, target] = count + spread * r
                stay = there - moved[a, r, w].sum(axis=1)
                assert (stay >= 0).all()
                moved[a, r, w] += np.diag(stay)
                there = moved[a, r, w].sum(axis=0)
    data = data.drop_vars(["moved", "from_place", "to_place"])
    dims = ("arm", "replicate", "window", "from_place", "to_place")
    data = data.assign_coords(from_place=names, to_place=names)
    data["moved"] = (dims, moved)
    return Result(data.assign_attrs(kinds=json.dumps(kinds)))


MOVES = {
    "nothing": {(0, 0, 1): 300},
    "private": {(0, 0, 1): 400, (0, 0, 2): 100, (1, 1, 3): 200, (1, 2, 3): 50, (1, 1, 2): 30},
}


def cohorts_of(orders, new=10, arms=("nothing", "private"), replicates=2, days=112, margin=5000):
    """Each four weeks bring `new` customers on their first day; a cohort places `orders[age]` orders a period."""
    data = zeros(arms, replicates, days)
    for cohort, first in enumerate(range(0, days, 28)):
        data["first_orders"][..., first, 0] = new
        for age, count in enumerate(orders):
            if first + 28 * age < days:
                data["orders_of_cohort"][..., first + 28 * age, cohort] = count
                data["margin_of_cohort"][..., first + 28 * age, cohort] = margin * count
    return Result(data)


def hinge(path, total=0.1, worth=0.0, chance=50.0):
    """An uncertain number and what hinges on it."""
    return Hinge(path, 90, (60, 150), (0.05, 0.0, 0.1), (total, 0.0, 0.2), (66, 140), (-100.0, 900.0), worth, chance)


def uncertain(**changes):
    """What plausible worlds came to."""
    values = {
        "best": "private",
        "other": "paid",
        "worlds": 256,
        "replicates": 2,
        "seed": 1,
        "stands_for": 3,
        "arms": (
            OfArm("nothing", 0.0, (0.0, 0.0, 0.0), 4000.0, 0.0, 0.0, 15_000.0),
            OfArm("paid", 0.2, (900.0, -2000.0, 5000.0), 1500.0, -4000.0, 9000.0, 12_000.0),
            OfArm("private", 0.8, (2000.0, -1000.0, 7000.0), 300.0, -3000.0, 15_000.0, 5000.0),
        ),
        "leads": (
            Lead("paid", (1100.0, -900.0, 4000.0), (1000.0, 800.0, 1200.0), 0.8, -5000.0, 9000.0),
            Lead("nothing", (2000.0, -1000.0, 7000.0), None, 0.9, -2000.0, 9000.0),
        ),
        "luck": 0.25,
        "evpi": 700.0,
        "fit": 0.8,
        "hinges": (hinge("product.price", 0.4, 120.0), hinge("leaving.hazard", 0.6)),
        "rules": (
            Rule((Condition("product.price", True, 120.04), Condition("open_rate", False, 0.151)), 0.9, 0.5, 40),
        ),
        "odds": Odds("paid", 0.2, 0.57),
        "beliefs": (
            Belief("product.price", 93.0, (64.0, 136.0), 120.4, "paid", 88.4, (112.6, 131.3)),
            Belief("leaving.hazard", 0.2, (0.12, 0.28), None, "", 0.0),
        ),
    }
    return Uncertain(**(values | changes))


def with_levers(result, points=64, number=3):
    """The comparison with levers whose surfaces are sums of random bells, flat for the baseline."""
    random = np.random.default_rng(3)
    kinds = [
        ("product.price", 60.0, 120.0, False, False, 90.0, "money", "", "price", "售价"),
             ("hooks.side_dish.worth", 2.0, 40.0, True, False, 12.0, "money", "side_dish", "worth", "价值"),
             ("private:posts.vip_group.per_week", 1.0, 7.0, False, True, 3.0, "per week", "vip_group", "posts", "帖数"),
             ("word_of_mouth.tell", 0.0, 1.0, False, False, 0.1, "probability", "", "", ""),
             ("staff.manager.wage_per_day", 0.0, 200.0, False, False, 50.0, "money", "manager", "wage a day", "日薪"),
             ("advertising.review_site.cpm", 20.0, 200.0, True, False, 60.0, "money", "site", "cpm", "")]  # fmt: skip
    levers = tuple(Lever(*kind) for kind in kinds[:number])
    surfaces = tuple(
        Surface(arm, name, 50_000.0 * n, 700.0, tuple(random.uniform(0.3, 3.0, number).tolist()),
                tuple(map(tuple, random.normal(0.0, 9e3, (4, points)) * (n > 0))), 0.987 + 0.001 * n, 2_000.0 + n)
        for name in ("profit", "members") for n, arm in enumerate(result.arms)
    )  # fmt: skip
    leads = tuple(LeadReach(a, b, 500.0, 400.0) for a, b in combinations(result.arms, 2))
    at = tuple(map(tuple, random.random((points, number)).tolist()))
    asked = tuple((each.path, each.low, each.high, each.log) for each in levers)
    found = Levers(levers, asked, ("product.quality",), at, surfaces, leads, 64, 4, 1, 3, 1.2)
    return result.saying(levers=found)


def unwrapped(page):
    """A page without what keeps its dates and sums from being broken."""
    return re.sub('<span class="whole">(.*?)</span>', r"\1", page)
