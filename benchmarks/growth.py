"""Growth: one thing at a time is made larger, and everything else stays."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks.mechanisms import BARE
from benchmarks.sizes import Sizes
from benchmarks.tables import Table, Value
from benchmarks.timing import Prepare, medians
from trafficsim.engine.ensemble import run_replicates
from trafficsim.engine.running import Running
from trafficsim.engine.world import start
from trafficsim.scenario import Scenario, load_text

WORDS = """\
A world in which customers visit, meet posts, buy and talk, {customers:,} customers, {days} days, one thread, by the
processor's time; one thing at a time is made larger. Arms and replicates include building populations and ties."""
TALK = "word_of_mouth: {}\n"
TIES = (0, 5, 10, 20, 40)
PLACES = (1, 4, 16, 31)
POSTS = (0, 7, 14, 28)
POOLS = (1, 2, 4, 8)
ARMS = (1, 2, 4, 8)
REPLICATES = (1, 2, 4, 8)


def measure(sizes: Sizes) -> list[Table]:
    """A row for each thing and size."""
    customers, days = sizes.growth
    text = BARE.format(customers=customers, days=days) + TALK
    base = load_text(text, "growth")
    one_world: dict[str, Scenario] = {
        **{f"mean ties {n}": base.replace({"customers.ties.mean": n}) for n in TIES},
        **{f"places {n}": base.replace(_more_places(n)) for n in PLACES},
        **{f"posts a week {n}": base.replace({"posts.street.per_week": n}) for n in POSTS},
        **{f"pools {n}": base.replace(_more_pools(n)) for n in POOLS},
    }
    jobs: dict[str, Prepare] = {name: partial(_world, case) for name, case in one_world.items()}
    jobs |= {f"arms {n}": partial(_replicates, load_text(text + _arms(n), "growth"), 1) for n in ARMS}
    jobs |= {f"replicates {n}": partial(_replicates, base, n) for n in REPLICATES}
    _world(base)()  # compiled code is loaded
    taken = medians(jobs, sizes.repeats)
    rows: dict[str, dict[str, Value]] = {
        name: {"CPU s": t.cpu, "ns per customer-day": t.cpu / customers / days / _times(name) * 1e9}
        for name, t in taken.items()
    }
    return [Table("growth", "Growth, one thing at a time", WORDS.format(customers=customers, days=days), rows)]


def _arms(count: int) -> str:
    """So many arms that differ by the price."""
    return "arms:\n" + "".join(f"  arm{k}: {{product: {{price: {90 + k}}}}}\n" for k in range(count))


def _more_places(count: int) -> Mapping[str, Any]:
    """The street and further platforms that post as it does; `count` places in all."""
    names = [f"platform{k}" for k in range(1, count)]
    place = {"kind": "public", "visits_per_week": 1.0}
    return {
        "places": dict.fromkeys(names, place),
        "posts": {name: {"per_week": 7, "reach": 0.3} for name in names},
    }


def _more_pools(count: int) -> Mapping[str, Any]:
    """Pools with a fifth of the customers each, that post three times a week."""
    names = [f"pool{k}" for k in range(count)]
    return {
        "places": {name: {"kind": "pool", "form": "account", "open_rate": 0.2} for name in names},
        "posts": {name: {"per_week": 3} for name in names},
        "customers.at_start.members": dict.fromkeys(names, 0.2),
    }


def _world(case: Scenario) -> Callable[[], object]:
    return start(case, case.baseline).run


def _replicates(case: Scenario, count: int) -> Callable[[], object]:
    return partial(run_replicates, case, 1, range(count), Running(1))


def _times(name: str) -> int:
    """How many worlds a row's work contains."""
    thing, number = name.rsplit(" ", 1)
    return int(number) if thing in ("arms", "replicates") else 1
