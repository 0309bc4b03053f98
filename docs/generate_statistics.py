"""Write docs/statistics.md: which intervals there are, and how often they hold where the right number is known.

    python docs/generate_statistics.py [--kept FOLDER]

An hour of processor time. In `--kept` lie the numbers of the simulations, for whoever changes words only.
"""

import argparse
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from trafficsim.engine.ensemble import run_replicates
from trafficsim.files.whole import write_whole
from trafficsim.results import Result, intervals
from trafficsim.results.crossover import first_lasting_day, median_day
from trafficsim.results.uplift import of_arm
from trafficsim.scenario import Scenario, load
from trafficsim.study.dataset import counted, described

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "data" / "cases"
SEED = 77
REPETITIONS, SIZES, LOOKS = 400, (8, 16, 32), range(16, 257, 8)
AT_A_TIME, SAMPLES = 320, 2_000
RUNS = 20_000
"""Sequential runs drawn, with replacement, from the replicates of a world, or from a distribution."""
Values = NDArray[np.float64]
Drawn = Callable[[np.random.Generator, tuple[int, int]], Values]

SPREADS = ((1, 0.0), (2, 0.0), (5, 0.0), (10, 0.0), (20, 0.0), (50, 0.0), (50, 0.2), (50, 0.4), (50, 0.48))
"""Standard deviations of a crossover's day, and in which share of replicates it never comes."""
RATIOS = (("normal", 0.2, "normal", 0.2), ("normal", 0.5, "normal", 0.2), ("lognormal", 0.3, "normal", 0.2),
          ("lognormal", 0.5, "normal", 0.2), ("lognormal", 0.5, "lognormal", 0.5), ("lognormal", 0.8, "lognormal", 0.2),
          ("normal", 0.2, "lognormal", 0.5))  # fmt: skip
"""What stands above and below, and by how much of its mean that varies."""
DISTRIBUTIONS: dict[str, tuple[Drawn, float]] = {
    "normal": (lambda draw, shape: draw.standard_normal(shape), 0.0),
    "gamma, skewness 1": (lambda draw, shape: draw.gamma(4.0, size=shape), 4.0),
    "exponential, skewness 2": (lambda draw, shape: draw.exponential(size=shape), 1.0),
    "lognormal, skewness 6": (lambda draw, shape: np.exp(draw.standard_normal(shape)), math.exp(0.5)),
    "Student's t with 5 degrees": (lambda draw, shape: draw.standard_t(5, shape), 0.0),
}


def student(values: Values, confidence: float) -> tuple[Values, Values]:
    """Limits of Student's interval, for comparison."""
    count = len(values)
    half = stats.t.ppf((1 + confidence) / 2, count - 1) * values.std(axis=0, ddof=1) / math.sqrt(count)
    return values.mean(axis=0) - half, values.mean(axis=0) + half


def hall(values: Values, confidence: float) -> tuple[Values, Values]:
    """Limits as the reports show them."""
    _, low, high = intervals.band(values, confidence)
    return low, high


# The worlds

QUANTITIES = ("profit, private less nothing", "profit, paid less nothing", "new customers, private less nothing",
              "true CAC of paid", "naive uplift of private", "causal uplift of private")  # fmt: skip


def limits_of(each: Values) -> list[tuple[float, float]]:
    """The limits of each of `QUANTITIES` as a report gives them, NaN where there are none."""
    private, paid, new, spent, won, orders, joiners, other_orders, others, without = each
    naive = intervals.linear(orders, joiners) - intervals.linear(other_orders, others)
    found = [
        *[intervals.mean(values) for values in (private, paid, new)],
        intervals.ratio(spent, won),
        intervals.mean(naive),
        intervals.ratio(orders - without, joiners),
    ]
    return [(one.low, one.high) for one in found]


def one_each(result: Result) -> Values:
    """By what the quantities are made of, and replicate."""
    profit, new, spend = (
        result.values(name).transpose("arm", "replicate") for name in ("profit", "new_customers", "spend")
    )
    apart = [
        values.sel(arm=arm) - values.sel(arm="nothing")
        for values, arm in ((profit, "private"), (profit, "paid"), (new, "private"), (spend, "paid"), (new, "paid"))
    ]
    own = of_arm(result.data, "private")
    people = [own[name] for name in ("joiner_orders", "joiners", "other_orders", "others", "joiner_orders_without")]
    return np.stack([np.asarray(one, float) for one in (*apart, *people)])


def right_ones(each: Values) -> list[float]:
    """The right number of each quantity: ratios are those of means."""
    private, paid, new, spent, won, orders, joiners, other_orders, others, without = each.mean(axis=1).tolist()
    return [private, paid, new, spent / won, orders / joiners - other_orders / others, (orders - without) / joiners]


def result_of(case: Scenario, numbers: range, *, without_pools: bool = True) -> Result:
    """A comparison of these replicates."""
    found = run_replicates(case, SEED, numbers, without_pools=without_pools)
    return Result(counted(case, found).assign_attrs(described(case, SEED).attributes()))


def small_shop() -> dict[str, Values]:
    """What the quantities are made of, `(parts, replicates)`."""
    case, many = load(CASES / "small_shop.yaml"), REPETITIONS * max(SIZES)
    parts = [one_each(result_of(case, range(first, first + AT_A_TIME))) for first in range(0, many, AT_A_TIME)]
    return {"each": np.concatenate(parts, axis=1)}


def crossing(name: str) -> dict[str, Values]:
    """By replicate the profit of the second arm less that of the first, and the day from which on the second leads."""
    case, apart, days = load(CASES / f"{name}.yaml"), [], []
    for first in range(0, REPETITIONS * max(SIZES), AT_A_TIME):
        result = result_of(case, range(first, first + AT_A_TIME), without_pools=False)
        profit = result.series("profit", cumulative=True).transpose("arm", "replicate", "day").to_numpy()
        ahead = np.round(100 * (profit[1] - profit[0]))
        apart.append(ahead[:, -1] / 100)
        days.append(first_lasting_day(ahead))
    return {"apart": np.concatenate(apart), "days": np.concatenate(days)}


def parts_of(values: Values, size: int) -> list[Values]:
    """All replicates in repetitions of `size`, `(..., size)` each: the fewer a repetition takes, the more there are."""
    return [values[..., first : first + size] for first in range(0, REPETITIONS * max(SIZES), size)]


# Tables


def percent(share: float) -> str:
    """A share with one digit behind the point."""
    return "–" if math.isnan(share) else f"{100 * share:.1f}"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def held(limits: Values, right: float) -> float:
    """The share of intervals, `(repetitions, 2)`, that hold the right number, of those that have limits."""
    known = limits[~np.isnan(limits).any(axis=1)]
    return float(((known[:, 0] <= right) & (right <= known[:, 1])).mean()) if len(known) else math.nan


def coverage_of_worlds(shop: dict[str, Values], same: dict[str, Values], later: dict[str, Values]) -> str:
    """How often the intervals of reports hold, over the repetitions, and over samples drawn from all replicates."""
    right, draw = right_ones(shop["each"]), np.random.default_rng(3)
    names = "day from which on a pool pays", "day from which on an arm stays ahead of one with the same rules"
    rows = [[name] for name in (*QUANTITIES, *names)]
    for size in SIZES:
        own, anew = (np.array([limits_of(part) for part in parts]) for parts in (
            parts_of(shop["each"], size), drawn_from(shop["each"], size, draw)))  # fmt: skip
        shares = [(held(own[:, row], at), held(anew[:, row], at)) for row, at in enumerate(right)]
        for days in (later["days"], same["days"]):
            found = (days_of(parts) for parts in (parts_of(days, size), drawn_from(days, size, draw)))
            own_share, anew_share = (held(limits, float(np.median(days))) for limits in found)
            shares.append((own_share, anew_share))
        for row, (share, share_anew) in zip(rows, shares, strict=True):
            row.append(f"{percent(share)} ({percent(share_anew)})")
    return table(["95 % interval of", *[f"{size} replicates" for size in SIZES]], rows)


def drawn_from(values: Values, size: int, draw: np.random.Generator) -> list[Values]:
    """`SAMPLES` samples of `size` replicates, `(..., size)`, drawn with replacement."""
    return [values[..., draw.integers(0, values.shape[-1], size)] for _ in range(SAMPLES)]


def days_of(parts: Iterable[Values]) -> Values:
    """The limits of the day of a crossover in each part, `(parts, 2)`."""
    found = [median_day(part, 0.95) for part in parts]
    return np.array([(one.low, one.high) for one in found])


def students(shop: dict[str, Values]) -> str:
    """How often Student's interval holds the difference in profit of paid from as few replicates as there are."""
    paid = np.array(parts_of(shop["each"][1], min(SIZES))).T
    return percent(held(np.array(student(paid, 0.95)).T, float(shop["each"][1].mean())))


def coverage_of_days() -> str:
    """How often the interval of a day holds, by how much days differ and how often the day never comes."""
    draw, trials, rows = np.random.default_rng(4), 10_000, []
    for apart, never in SPREADS:
        row = [f"{apart}", f"{never:.0%}".replace("%", " %")]
        for size in SIZES:
            middle = draw.uniform(199.5, 200.5, (trials, 1))  # anywhere between two whole days
            days = np.round(middle + apart * draw.standard_normal((trials, size)))
            days[draw.random(days.shape) < never] = np.inf
            right = np.round(middle + apart * stats.norm.ppf(0.5 / (1 - never)))
            limits = days_of(days)
            row.append(percent(float(((limits[:, :1] <= right) & (right <= limits[:, 1:])).mean())))
        rows.append(row)
    return table(["standard deviation of the day", "never", *[f"{size} replicates" for size in SIZES]], rows)


def coverage_of_distributions() -> str:
    """How often Student's interval and ours hold the mean."""
    draw, trials, rows = np.random.default_rng(1), 40_000, []
    for name, (sample, right) in DISTRIBUTIONS.items():
        row = [name]
        for size in SIZES:
            values = sample(draw, (size, trials))
            row += [percent(held(np.stack(method(values, 0.95), axis=1), right)) for method in (student, hall)]
        rows.append(row)
    return table(["values are", *[f"{size}: {how}" for size in SIZES for how in ("Student", "Hall")]], rows)


def fieller(above: Values, below: Values) -> tuple[Values, Values]:
    """Limits of a ratio as the reports show them."""
    _, low, high = intervals.ratio_band(above, below)
    return low, high


def linearised(above: Values, below: Values) -> tuple[Values, Values]:
    """Limits of a ratio as sums and differences of ratios take it (`intervals.linear`)."""
    bottom = below.mean(axis=0)
    middle = above.mean(axis=0) / bottom
    return hall(middle + (above - middle * below) / bottom, 0.95)


def jackknife(above: Values, below: Values) -> tuple[Values, Values]:
    """Limits by leaving out one replicate at a time, for comparison."""
    count, middle = len(above), above.mean(axis=0) / below.mean(axis=0)
    without = (above.sum(axis=0) - above) / (below.sum(axis=0) - below)
    error = without.std(axis=0) * math.sqrt(count - 1)
    half = stats.t.ppf(0.975, count - 1) * error
    return middle - half, middle + half


def normal(draw: np.random.Generator, shape: tuple[int, int], varies: float) -> Values:
    """Normal values of mean 1 that vary by so much."""
    return 1 + varies * draw.standard_normal(shape)


def lognormal(draw: np.random.Generator, shape: tuple[int, int], varies: float) -> Values:
    """Lognormal values of mean 1 that vary by so much."""
    width = math.sqrt(math.log1p(varies**2))
    return np.exp(width * draw.standard_normal(shape) - width**2 / 2)


def coverage_of_ratios() -> str:
    """How often three intervals of a ratio hold, where the values above and below are skewed."""
    draw, trials, rows = np.random.default_rng(6), 40_000, []
    kinds = {"normal": normal, "lognormal": lognormal}
    for above, above_varies, below, below_varies in RATIOS:
        row = [f"{above}, {above_varies}", f"{below}, {below_varies}"]
        for size in SIZES:
            pair = (kinds[kind](draw, (size, trials), varies)
                    for kind, varies in ((above, above_varies), (below, below_varies)))  # fmt: skip
            values = tuple(pair)
            row += [
                percent(held(np.stack(method(*values), axis=1), 1.0)) for method in (fieller, linearised, jackknife)
            ]
        rows.append(row)
    heads = [f"{size}: {how}" for size in SIZES for how in ("Fieller", "linearised", "jackknife")]
    return table(["above varies", "below varies", *heads], rows)


def looked(values: Values, right: float, method: Callable[..., tuple[Values, Values]], *, paid: bool) -> float:
    """In which share of runs, `(replicates, runs)`, an interval of any look leaves the right number out."""
    missed = np.zeros(values.shape[1], bool)
    for count in LOOKS:
        level = intervals.at_every_look(0.95, count) if paid else 0.95
        low, high = method(values[:count], level)
        missed |= (low > right) | (high < right)
    return float(missed.mean())


def stopped(values: Values, right: float) -> tuple[float, float]:
    """Stopping once the sign is clear: the share of last intervals that hold `right`; replicates run on average."""
    runs = values.shape[1]
    low, high, count = np.full(runs, np.nan), np.full(runs, np.nan), np.zeros(runs)
    going = np.ones(runs, bool)
    for replicates in LOOKS:
        below, above = hall(values[:replicates], intervals.at_every_look(0.95, replicates))
        low[going], high[going], count[going] = below[going], above[going], replicates
        going &= ~((below > 0) | (above < 0))
    return float(((low <= right) & (right <= high)).mean()), float(count.mean())


def looks(shop: dict[str, Values], same: dict[str, Values]) -> str:
    """False alarms over all looks, and the last interval."""
    draw = np.random.default_rng(2)
    worlds = {
        "arms with the same rules": same["apart"] - same["apart"].mean(),
        "small shop, private less nothing": shop["each"][0],
        "small shop, paid less nothing": shop["each"][1],
    }
    drawn = {name: (values[draw.integers(0, len(values), (LOOKS[-1], RUNS))], float(values.mean()))
             for name, values in worlds.items()}  # fmt: skip
    made = {name: (sample(draw, (LOOKS[-1], RUNS)) - right, 0.0) for name, (sample, right) in DISTRIBUTIONS.items()}
    rows = []
    for name, (values, right) in (made | drawn).items():
        last, count = stopped(values, right)
        shares = [looked(values, right, student, paid=False), looked(values, right, student, paid=True),
                  looked(values, right, hall, paid=True), last]  # fmt: skip
        rows.append([name, *[percent(share) for share in shares], f"{count:.0f}"])
    heads = ["differences are", "looks not paid for", "paid for, Student", "as reported", "last interval holds"]
    return table([*heads, "replicates"], rows)


def false_leads(same: dict[str, Values]) -> str:
    """How often a lead is told between arms with the same rules."""
    found = [[intervals.mean(part) for part in parts_of(same["apart"], size)] for size in SIZES]
    shares = [sum(one.low > 0 or one.high < 0 for one in parts) / len(parts) for parts in found]
    return ", ".join(f"{percent(share)} % at {size}" for size, share in zip(SIZES, shares, strict=True))


def whole_runs(same: dict[str, Values]) -> tuple[int, int]:
    """Of so many runs of 256 new replicates each, in how many an interval of any look leaves 0 out."""
    runs = len(same["apart"]) // LOOKS[-1]
    values = same["apart"][: runs * LOOKS[-1]].reshape(runs, LOOKS[-1]).T
    return round(looked(values, 0.0, hall, paid=True) * runs), runs


def page(shop: dict[str, Values], same: dict[str, Values], later: dict[str, Values]) -> str:
    """The whole page."""
    alarms, runs = whole_runs(same)
    return (HERE / "statistics.md.in").read_text(encoding="utf-8").format(
        repetitions=", ".join(f"{REPETITIONS * max(SIZES) // size:,}" for size in SIZES),
        student=students(shop),
        samples=f"{SAMPLES:,}",
        drawn=f"{RUNS:,}",
        replicates=f"{REPETITIONS * max(SIZES):,}",
        worlds=coverage_of_worlds(shop, same, later),
        ratios=coverage_of_ratios(),
        days=coverage_of_days(),
        never=f"{np.isinf(later['days']).mean():.0%}".replace("%", " %"),
        distributions=coverage_of_distributions(),
        looks=looks(shop, same),
        leads=false_leads(same),
        alarms=alarms,
        runs=runs,
    )  # fmt: skip


def kept(folder: Path | None, name: str, make: Callable[[], dict[str, Values]]) -> dict[str, Values]:
    """What was made before, if it was kept."""
    path = folder / f"{name}.npz" if folder else None
    if path and path.exists():
        return dict(np.load(path))
    made = make()
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, allow_pickle=False, **made)
    return made


def main() -> None:
    """Measure, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=Path)
    folder = parser.parse_args().kept
    same = kept(folder, "same_rules", lambda: crossing("same_rules"))
    later = kept(folder, "costs_first", lambda: crossing("costs_first"))
    write_whole(HERE / "statistics.md", page(kept(folder, "small_shop", small_shop), same, later))


if __name__ == "__main__":
    main()
