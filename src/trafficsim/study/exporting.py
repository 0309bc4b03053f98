"""export_data: what a business would have on file of a simulated world, for other tools, with the truth beside it.

An order log, everybody's contacts and memberships, who knows whom, and what was spent and sold by day or week and
region in the columns of three tools for marketing-mix models; and what each channel truly brought in this very world,
found by running it once more without the channel, with the same customers and luck.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trafficsim.books.routes import ROUTES, TOUCHES
from trafficsim.compiled import code_version
from trafficsim.engine.event_log import NOBODY, EventLog, logged
from trafficsim.engine.running import Running
from trafficsim.engine.world import World, start
from trafficsim.files.whole import write_whole
from trafficsim.market.currencies import minor_units
from trafficsim.scenario import GivenScenario, Scenario, scenario_from
from trafficsim.study.attributing import AFTER_PURCHASING, campaigns
from trafficsim.study.dataset import versions
from trafficsim.study.equal_money import factors_for
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

EVERYWHERE = "all"
"""The region of a scenario without any."""
DAYS_OF: dict[str, int] = {"day": 1, "week": 7}
MANIFEST = "manifest.json"
MOST_LAG = 90
"""Days (assumed: later than that no sale is booked)."""
DIGITS = 12
"""Of numbers in files: what adding up cents leaves behind comes later."""
Array = NDArray[np.float64]


class ExportError(ValueError):
    """Data that can't be asked for: one plain line."""


@dataclass(frozen=True)
class Observation:
    """How what happened gets on file: by default as it was.

    Attributes:
        noise: standard deviation of what is measured of revenue and impressions, as a share of it (lognormal).
        lag: days by which sales are on file later than they were made; those of the last days are not there yet.
        missing: share of rows of orders and journeys that are lost, each by itself.
        last_touch: whether of the contacts before each order the last one alone is known.
    """

    noise: float = 0.0
    lag: int = 0
    missing: float = 0.0
    last_touch: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.noise <= 1.0:
            raise ExportError(f"noise must be a share from 0 to 1 (got {self.noise:g})")
        if not 0.0 <= self.missing < 1.0:
            raise ExportError(f"missing must be a share from 0 to below 1 (got {self.missing:g})")
        if not 0 <= self.lag <= MOST_LAG:
            raise ExportError(f"lag must be 0 to {MOST_LAG} days (got {self.lag})")


@dataclass(frozen=True, eq=False)
class ExportedData:
    """Tables of one world; money in currency units.

    Attributes:
        orders: a row for each customer, day and place: customer, date, place, route (of the first contact), hook (by
            which the customer last joined a pool), orders, list_price, discount, paid, margin.
        journeys: a row for each contact, order, joining and leaving: customer, date, event, route, place, hook, by (who
            told or invited), paid; in the order in which they happened to each.
        ties: who knows whom, each pair once: a, b.
        media: by date and region: revenue, orders, price, and of each channel spend and impressions.
        truth: of each channel: spend, incremental_revenue, roas.
        truth_by_date: date, channel, incremental_revenue: what would have been missing on those days.
        about: what the tables are of.
    """

    orders: pd.DataFrame
    journeys: pd.DataFrame
    ties: pd.DataFrame
    media: pd.DataFrame
    truth: pd.DataFrame
    truth_by_date: pd.DataFrame
    about: Mapping[str, Any]

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels."""
        return tuple(self.truth["channel"])

    def robyn(self) -> pd.DataFrame:
        """Media as Robyn takes them, without regions.

        Returns:
            One row for each date; columns DATE, revenue, and of each channel NAME_S (spend) and NAME_I (impressions).
        """
        found = self._national()
        named = {f"{c}_spend": f"{c}_S" for c in self.channels} | {f"{c}_impressions": f"{c}_I" for c in self.channels}
        return found.rename(columns={"date": "DATE", **named})

    def meridian(self) -> pd.DataFrame:
        """Media as Meridian takes them.

        Returns:
            One row for each region and date; columns geo, time, NAME_impression and NAME_spend of each channel,
            conversions, revenue_per_conversion, population and, as a control, price_control.
        """
        found = self.media.rename(columns={"region": "geo", "date": "time", "orders": "conversions"})
        found = found.rename(columns={f"{c}_impressions": f"{c}_impression" for c in self.channels})
        sold = found["conversions"].to_numpy(np.float64)
        each = np.divide(found["revenue"], sold, out=np.zeros(len(sold)), where=sold > 0)
        found["revenue_per_conversion"] = each
        return found.rename(columns={"price": "price_control"}).drop(columns="revenue")

    def pymc(self) -> pd.DataFrame:
        """Media for pymc-marketing: date, a column of spend for each channel, y (revenue), price and t; no regions."""
        found = self._national().rename(columns={f"{c}_spend": c for c in self.channels} | {"revenue": "y"})
        found["t"] = np.arange(len(found))
        return found[["date", *self.channels, "y", "price", "t"]]

    def write(self, folder: str | Path) -> list[str]:
        """Write all tables as CSV files and manifest.json into a new or empty folder; returns their names.

        Raises:
            ExportError: for a folder that holds something.
        """
        to = Path(folder)
        refuse_used(to)
        tables = {"orders": self.orders, "journeys": self.journeys, "ties": self.ties} if self.about["logs"] else {}
        tables |= {
            "media_robyn": self.robyn(),
            "media_meridian": self.meridian(),
            "media_pymc": self.pymc(),
            "truth": self.truth,
            "truth_by_date": self.truth_by_date,
        }
        for name, table in tables.items():
            # No mark of its bytes in front, as for spreadsheets: other tools take it for part of the first name.
            write_whole(to / f"{name}.csv", table.to_csv(index=False, float_format=f"%.{DIGITS}g"))
        files = [*(f"{name}.csv" for name in tables), MANIFEST]
        write_whole(to / MANIFEST, json.dumps({**self.about, "files": files}, indent=1, ensure_ascii=False))
        return files

    def _national(self) -> pd.DataFrame:
        price = self.media.groupby("date", as_index=False)["price"].first()
        found = self.media.drop(columns=["region", "population", "price"]).groupby("date", as_index=False).sum()
        return found.merge(price, on="date")


def refuse_used(folder: Path) -> None:
    """Refuse a folder that holds something, before anything is run."""
    if folder.is_file():
        raise ExportError(f"{folder} is a file; choose a folder with --out")
    if folder.is_dir() and any(folder.iterdir()):
        raise ExportError(f"{folder} holds files; choose another folder with --out")


def export_data(
    scenario: GivenScenario,
    arm: str,
    *,
    by: str = "week",
    seed: int = DEFAULT_SEED,
    replicate: int = 0,
    observation: Observation | None = None,
    logs: bool = True,
) -> ExportedData:
    """What a business would have on file of one arm of a scenario, and what its channels truly brought.

    Args:
        scenario: as for `compare`.
        arm: one of its arms.
        by: what media are added up by, "day" or "week"; weeks begin on day 0, days after the last whole one are left
            out.
        seed, replicate: together they decide the customers and all draws.
        observation: how it gets on file; by default as it was.
        logs: whether orders, journeys and ties are wanted, which take by far the longest; else they are empty.

    Returns:
        Tables by period, order and customer, as files would have them, beside the truth of each channel; money in
        currency units.

    Raises:
        ScenarioError: if there is no such scenario, or it has mistakes.
        KeyError: for an unknown arm.
        ExportError: for fewer days than a week, or another `by`.
    """
    scenario = scenario_from(scenario)
    asked.one_of("arm", arm, scenario.arms)
    asked.one_of("by", by, DAYS_OF)
    seed, seen = asked.seed(seed), observation or Observation()
    if scenario.days < DAYS_OF[by]:
        raise ExportError(f"{scenario.days} days are no {by}")
    factor = factors_for(scenario, seed, Running()).get(arm, 1.0)  # of equal money
    scenario = scenario.with_advertising(arm, factor) if factor != 1.0 else scenario
    names = campaigns(scenario, arm)
    world = start(scenario, arm, seed, replicate)
    log = logged(world) if logs else EventLog()
    world.run()
    random = np.random.default_rng([seed, replicate])
    truth = _truth(scenario, arm, world, names, (seed, replicate, by))
    about = {
        "scenario": scenario.name,
        "arm": arm,
        "seed": seed,
        "replicate": replicate,
        "by": by,
        "currency": scenario.currency,
        "each_customer_stands_for": scenario.base.customers.each_stands_for,
        "observation": asdict(seen),
        "logs": logs,
        "versions": versions(),
        "rules": code_version(),
        "scenario_text": json.loads(scenario.text),
    }
    return ExportedData(
        _lost(_orders(scenario, world, log), seen, random),
        _lost(_journeys(scenario, world, log, last_touch=seen.last_touch), seen, random),
        _ties(world) if logs else pd.DataFrame(columns=list(_TIES)),
        _media(scenario, arm, world, names, by, seen, random),
        *truth,
        about,
    )


def _dates(scenario: Scenario, days: Any) -> Any:
    return np.datetime64(scenario.start.isoformat(), "D") + np.asarray(days)


def _lost(table: pd.DataFrame, seen: Observation, random: np.random.Generator) -> pd.DataFrame:
    if seen.missing == 0.0:
        return table
    return table[random.random(len(table)) >= seen.missing].reset_index(drop=True)


def _orders(scenario: Scenario, world: World, log: EventLog) -> pd.DataFrame:
    minor, names = minor_units(scenario.currency), world.names
    hooks = _hooks(log)
    route = world.columns.story.route
    rows = [
        (
            o.customer,
            o.day,
            names.places[o.place],
            ROUTES[route[o.customer]],
            names.hooks[hook] if (hook := hooks(o.customer, o.day)) >= 0 else "",
            o.orders,
            *(cents / minor for cents in (o.list_price, o.discount, o.paid, o.margin)),
        )
        for o in log.orders
    ]
    columns = ["customer", "date", "place", "route", "hook", "orders", "list_price", "discount", "paid", "margin"]
    found = pd.DataFrame(rows, columns=columns)
    found["date"] = _dates(scenario, found["date"].to_numpy(np.int64))
    return found


def _hooks(log: EventLog) -> Any:
    """By which hook a customer last joined a pool in the run, before the orders of a day; -1 for none."""
    joined: dict[int, list[tuple[int, int]]] = {}
    for move in log.moves:
        if move.inside:
            joined.setdefault(move.customer, []).append((move.day, move.hook))

    def by(customer: int, day: int) -> int:
        return next((hook for on, hook in reversed(joined.get(customer, ())) if on <= day), -1)

    return by


def _journeys(scenario: Scenario, world: World, log: EventLog, *, last_touch: bool) -> pd.DataFrame:
    """Contacts, orders and moves of each customer in their order; what other people say comes after a day's orders."""
    minor, names = minor_units(scenario.currency), world.names
    rows: list[tuple[Any, ...]] = []
    for c in log.contacts:
        order = 2 if c.route in AFTER_PURCHASING else 0
        place = names.places[c.place] if c.place >= 0 else ""
        rows.append((c.customer, c.day, order, "contact", TOUCHES[c.route], place, "", c.by, np.nan))
    rows += [(o.customer, o.day, 1, "order", "", names.places[o.place], "", NOBODY, o.paid / minor) for o in log.orders]
    for m in log.moves:
        hook = names.hooks[m.hook] if m.hook >= 0 else ""
        event = "joined" if m.inside else "left"
        rows.append((m.customer, m.day, 1 if m.inside else 3, event, "", names.places[m.pool], hook, NOBODY, np.nan))
    columns = ["customer", "date", "within", "event", "route", "place", "hook", "by", "paid"]
    found = pd.DataFrame(rows, columns=columns).sort_values(["customer", "date", "within"], kind="stable")
    if last_touch:
        found = _last_touches(found)
    found["date"] = _dates(scenario, found["date"].to_numpy(np.int64))
    found["by"] = found["by"].where(found["by"] >= 0).astype("Int64")
    return found.drop(columns="within").reset_index(drop=True)


def _last_touches(found: pd.DataFrame) -> pd.DataFrame:
    """Of contacts those alone after which the customer's next contact or order is an order."""
    heard = found[found["event"].isin(["contact", "order"])]
    following = heard.groupby("customer")["event"].shift(-1)
    unknown = heard.index[(heard["event"] == "contact") & (following != "order")]
    return found.drop(index=unknown)


_TIES = ("a", "b")


def _ties(world: World) -> pd.DataFrame:
    ties = world.ties
    a = np.repeat(np.arange(len(ties.indptr) - 1), np.diff(ties.indptr))
    once = a < ties.indices
    return pd.DataFrame(dict(zip(_TIES, (a[once], np.asarray(ties.indices)[once]), strict=True)))


def _whole(days: int, by: str) -> int:
    """Days of whole weeks."""
    return days // DAYS_OF[by] * DAYS_OF[by]


def _by_period(values: Array, by: str) -> Array:
    """Daily values added up by day or week, first axis."""
    last, many = _whole(len(values), by), DAYS_OF[by]
    return np.asarray(values[:last].reshape(-1, many, *values.shape[1:]).sum(axis=1))


def _media(
    scenario: Scenario,
    arm: str,
    world: World,
    names: Sequence[str],
    by: str,
    seen: Observation,
    random: np.random.Generator,
) -> pd.DataFrame:
    minor, stands_for = minor_units(scenario.currency), scenario.base.customers.each_stands_for
    regions = world.names.regions
    sales = {
        name: stands_for * _late(np.asarray(world.counted(counter), np.float64), seen)
        for name, counter in (("revenue", "sales_of_region"), ("orders", "orders_of_region"))
    }
    if not regions:
        paid = world.counted("gross_sales") - world.counted("discounts")
        sales["revenue"] = stands_for * _late(paid.sum(axis=1)[:, None].astype(np.float64), seen)
        sales["orders"] = stands_for * _late(world.counted("orders").sum(axis=1)[:, None].astype(np.float64), seen)
    sales["revenue"] = sales["revenue"] / minor
    shown = _shares_of_regions(scenario, arm, names)
    people = scenario.base.customers.count * stands_for
    sizes = np.array(list(scenario.base.customers.regions.values()) or [1.0])
    dates = _dates(scenario, np.arange(0, _whole(world.days, by), DAYS_OF[by]))
    price = _by_period(_prices(scenario, arm, world.days), by) / DAYS_OF[by]
    tables = []
    for k, region in enumerate(regions or (EVERYWHERE,)):
        found: dict[str, Any] = {"date": dates, "region": region}
        found["population"] = round(people * sizes[k] / sizes.sum())
        found["revenue"] = _noisy(_by_period(sales["revenue"][:, k], by), seen, random)
        found["orders"] = _by_period(sales["orders"][:, k], by)
        found["price"] = price
        for name in names:
            place = world.names.places.index(name)
            spend = world.counted("advertising")[:, place] / minor * shown[name][k]
            impressions = world.counted("impressions")[:, place] * shown[name][k]
            found[f"{name}_spend"] = _by_period(spend, by)
            found[f"{name}_impressions"] = _noisy(_by_period(impressions.astype(np.float64), by), seen, random)
        tables.append(pd.DataFrame(found))
    return pd.concat(tables, ignore_index=True)


def _late(daily: Array, seen: Observation) -> Array:
    """What is on file by day, where sales come so many days later."""
    if seen.lag == 0:
        return daily
    found = np.zeros_like(daily)
    found[seen.lag :] = daily[: -seen.lag]
    return found


def _noisy(values: Array, seen: Observation, random: np.random.Generator) -> Array:
    """Measured with a lognormal error of mean 1."""
    if seen.noise == 0.0:
        return values
    spread = np.sqrt(np.log1p(seen.noise**2))
    return np.asarray(values * random.lognormal(-0.5 * spread**2, spread, values.shape))


def _shares_of_regions(scenario: Scenario, arm: str, names: Sequence[str]) -> dict[str, Array]:
    """What share of a campaign's money each region gets: by how many people live where it is shown."""
    sizes = scenario.base.customers.regions or {EVERYWHERE: 1.0}
    found = {}
    for name in names:
        where = next(
            plan.advertising[name].regions
            for _, plan in scenario.periods(arm)
            if plan.advertising != "off" and name in plan.advertising
        )
        own = np.array([size if not where or region in where else 0.0 for region, size in sizes.items()])
        found[name] = own / own.sum()
    return found


def _prices(scenario: Scenario, arm: str, days: int) -> Array:
    """The price on each day."""
    found = np.empty(days)
    for day, plan in scenario.periods(arm):
        found[day:] = plan.product.price
    return found


def _truth(
    scenario: Scenario, arm: str, world: World, names: Sequence[str], which: tuple[int, int, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What each channel brought: the same world without it."""
    seed, replicate, by = which
    minor, stands_for = minor_units(scenario.currency), scenario.base.customers.each_stands_for
    revenue, rows, tables = _revenue(world), [], []
    dates = _dates(scenario, np.arange(0, _whole(world.days, by), DAYS_OF[by]))
    for name in names:
        without = start(scenario.with_advertising(arm, 0.0, name), arm, seed, replicate).run()
        missing = stands_for * (revenue - _revenue(without)) / minor
        spend = float(world.counted("advertising")[:, world.names.places.index(name)].sum()) / minor
        brought = float(missing.sum())
        rows.append((name, spend, brought, brought / spend if spend else np.nan))
        tables.append(pd.DataFrame({"date": dates, "channel": name, "incremental_revenue": _by_period(missing, by)}))
    columns = ["date", "channel", "incremental_revenue"]
    by_date = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    return pd.DataFrame(rows, columns=["channel", "spend", "incremental_revenue", "roas"]), by_date


def _revenue(world: World) -> Array:
    """Of each day, in the smallest unit of money, of the simulated customers."""
    return np.asarray((world.counted("gross_sales") - world.counted("discounts")).sum(axis=1), np.float64)
