"""Write docs/own_mechanisms.md: how to write a mechanism of one's own, and what the shipped three do, measured.

    python docs/generate_own.py

Some minutes.
"""

import json
from pathlib import Path

from ruamel.yaml import YAML

from trafficsim import compare
from trafficsim.books.metrics import MetricName
from trafficsim.engine.extending import load_mechanisms, shipped_mechanisms
from trafficsim.files.whole import write_whole
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.scenario import Scenario, load, load_text

HERE = Path(__file__).parent
REPLICATES, SEED = 32, 15
CUSTOMERS, EACH = 10_000, 3
METRICS: tuple[MetricName, ...] = ("orders", "revenue", "spend", "profit", "members")
PAIRS = (
    ("loyalty points", "loyalty", "private"),
    ("weekly live-stream sale", "live_sale", "private"),
    ("rival's pool, no pool of one's own", "nothing_rival", "nothing"),
    ("rival's pool, with a pool of one's own", "private_rival", "private"),
)
"""What is measured, the arm with it, and the arm without."""


def scenario() -> Scenario:
    """The restaurant without and with its pool, each arm also with what is measured in it."""
    file = YAML(typ="safe").load(load("restaurant").path.read_text(encoding="utf-8"))
    for section in ("claims", "sources", "equal_budget"):
        del file[section]
    nothing = file["arms"]["nothing"]
    private = {"advertising": "off"}
    file["arms"] = {
        "nothing": nothing,
        "private": private,
        "loyalty": {**private, "loyalty": {}},
        "live_sale": {**private, "live_sale": {"at": "vip_group"}},
        "nothing_rival": {**nothing, "rival_pool": {}},
        "private_rival": {**private, "rival_pool": {}},
    }
    text = json.dumps(
        {**file, "customers": {**file["customers"], "count": CUSTOMERS, "each_stands_for": EACH}}, default=str
    )
    return load_text(text, "restaurant")


def effects(result: Result) -> list[str]:
    """A row of the table for each mechanism."""
    rows = []
    for name, arm, without in PAIRS:
        cells = [_told(result.difference(metric, arm, without).amount) for metric in METRICS]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def counted(result: Result) -> list[str]:
    """What the mechanisms counted themselves."""
    found = result.by_own()
    rows = []
    for _, row in found[found["total"] != 0].iterrows():
        total = _told(Interval(row["total"], row["total_low"], row["total_high"]), sign="")
        rows.append(
            f"| {row['arm']} | `{row['counter']}` | {total} {'CNY' if row['unit'] == 'money' else row['unit']} |"
        )
    return rows


def pool_leads(result: Result) -> list[str]:
    """What the pool is worth without a rival, with one, and the difference of the two."""
    profit = {arm: result.estimate("profit", arm) for arm in result.arms}
    alone = profit["private"].less(profit["nothing"])
    contested = profit["private_rival"].less(profit["nothing_rival"])
    return [_told(found.interval()) for found in (alone, contested, contested.less(alone))]


def _told(interval: Interval, sign: str = "+") -> str:
    return f"{interval.middle:{sign},.0f} ({interval.low:{sign},.0f} to {interval.high:{sign},.0f})"


def main() -> None:
    """Measure, and write the page."""
    load_mechanisms(shipped_mechanisms())
    result = compare(scenario(), replicates=REPLICATES, seed=SEED)
    alone, contested, apart = pool_leads(result)
    page = (HERE / "own_mechanisms.md.in").read_text(encoding="utf-8")
    put_in = {
        "REPLICATES": str(REPLICATES),
        "SEED": str(SEED),
        "CUSTOMERS": f"{CUSTOMERS * EACH:,}",
        "EFFECTS": "\n".join(effects(result)),
        "COUNTED": "\n".join(counted(result)),
        "ALONE": alone,
        "CONTESTED": contested,
        "APART": apart,
    }
    for name, text in put_in.items():
        page = page.replace(f"@{name}@", text)
    write_whole(HERE / "own_mechanisms.md", page)


if __name__ == "__main__":
    main()
