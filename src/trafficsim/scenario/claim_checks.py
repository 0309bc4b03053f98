"""Whether a claim speaks of what a comparison will hold: its metrics, arms, places, hooks, segments and days.

A claim that names what isn't there could come out true for want of anything to contradict it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from trafficsim.books.counters import Counter
from trafficsim.books.metrics import COHORT_DAYS, TOPS, Quantity, quantities
from trafficsim.books.routes import ROUTES, TOUCHES
from trafficsim.scenario.claims import LIMITS, Crossing, Expectation, Measured, Tested, completed, measured
from trafficsim.scenario.errors import SET_LABEL, Mistake, did_you_mean, listed
from trafficsim.scenario.tree import Node
from trafficsim.words.language import Sentence

AnyTested = TypeVar("AnyTested", bound=Tested)
RATIOS = ("cac", "clv", "roas")
"""Metrics that add up over days but are no sums themselves."""

WITHOUT_POOLS = ("causal_uplift", "causal_uplift_share")
"""Metrics against the same arm without its pools."""
OF_JOINERS = ("joiners", "joiner_orders", "naive_uplift", "naive_uplift_share", *WITHOUT_POOLS)


def against_no_pools(claims: Iterable[Tested]) -> bool:
    """Whether any claim speaks of what a pool caused, so that its arm has to be run without it too."""
    return any(
        quantity.metric in WITHOUT_POOLS or quantity.per in WITHOUT_POOLS
        for claim in claims
        for quantity in (claim.expect, claim.expect.ratio_to, claim.expect.more_than)
        if quantity
    )


@dataclass(frozen=True)
class Known:
    """What claims may name: the settings of every arm as a tree, and the days of the run (None if unreadable).

    `own` are the counters of mechanisms of one's own.
    """

    arms: Mapping[str, Node]
    days: int | None
    own: tuple[Counter, ...] = ()

    def has_pool(self, arm: str) -> bool:
        """Whether anybody can be in a pool in this arm: by a hook, or a member from the start."""
        shares = [share.value for share in _members(self.arms[arm], "customers", "at_start", "members").values()]
        from_start = any(isinstance(share, int | float) and share > 0 for share in shares)
        return bool(self.entries("pool", arm)) and (from_start or bool(self.entries("hook", arm)))

    def entries(self, by: str, arm: str) -> tuple[str, ...]:
        """What a metric that is broken down by `by` can be asked for in an arm."""
        if by == "route":
            return ROUTES
        if by == "touch":
            return TOUCHES
        if by == "top":
            return tuple(TOPS)
        if by == "cohort":
            return tuple(str(first) for first in range(0, self.days or 0, COHORT_DAYS))
        return tuple(_named(self.arms[arm], by))


def _named(tree: Node, by: str) -> Iterator[str]:
    sections = {
        "hook": ("hooks",),
        "staff": ("staff",),
        "segment": ("customers", "segments"),
        "region": ("customers", "regions"),
    }
    if by in sections:
        yield from _members(tree, *sections[by])
        return
    for name, place in _members(tree, "places").items():
        if by == "place" or (by == "pool" and _kind(place) == "pool"):
            yield name
        if by == "slot":
            yield from (f"{name}.{slot}" for slot in _members(place, "slots"))


def _members(node: Node, *path: str) -> dict[str, Node]:
    return found.members if (found := node.at(path)) else {}


def _kind(place: Node) -> object:
    return place.members["kind"].value if "kind" in place.members else ""


def testable(
    root: Node, key: str, claims: Mapping[str, AnyTested], known: Known, mistakes: Iterable[Mistake]
) -> tuple[dict[str, AnyTested], list[Mistake], list[Sentence]]:
    """The claims (or facts, by the section's key) that a comparison can test, what is wrong with others, and notes.

    Claims with `mistakes` already are left out. A file's claims were checked when it was loaded: what no longer fits
    once settings were replaced by hand is noted instead of refused.
    """
    section = root.at((key,))
    if section is None or not isinstance(claims, dict):
        return {}, [], []
    wrong_paths = [f"{mistake.path}." for mistake in mistakes]
    readable = {name: claims[name] for name, node in section.members.items() if not _touched(node, wrong_paths)}
    wrong = {name: list(_mistakes(section.members[name], claim.expect, known)) for name, claim in readable.items()}
    good = {name: claim for name, claim in readable.items() if not wrong[name]}
    found = [mistake for several in wrong.values() for mistake in several]
    if any(leaf.where.file == SET_LABEL for _, leaf in root.leaves()):
        return good, [], [_untestable(mistake) for mistake in found]
    return good, found, []


def both_named(root: Node) -> Iterator[Mistake]:
    """Claims that have the name of a fact."""
    facts, claims = (found.members if (found := root.at((key,))) else {} for key in ("facts", "claims"))
    yield from (node.key_mistake("is a fact's name too; give it another") for n, node in claims.items() if n in facts)


def _touched(claim: Node, wrong_paths: Iterable[str]) -> bool:
    """Whether something in a claim is wrong already, so that it may lack what it ought to have."""
    path = ".".join((*claim.path, ""))
    return any(wrong.startswith(path) for wrong in wrong_paths)


def _untestable(mistake: Mistake) -> Sentence:
    return Sentence.say(
        "Claim '{claim}' can't be tested here: {path}: {says}.",
        claim=mistake.path.split(".")[1],
        path=mistake.path,
        says=mistake.says,
    )


def _mistakes(claim: Node, expect: Expectation, known: Known) -> Iterator[Mistake]:
    node = claim.at(("expect",)) or claim
    arms = list(_arms(node, expect, known))
    yield from arms
    if arms:
        return  # what an arm holds can't be looked up in one that isn't there
    for at, quantity in _quantities(node, expect, known):
        yield from _quantity(at, node, quantity, known)
    yield from _same(node, expect, known)
    if _is_day(expect.metric, known) and (expect.comparison not in LIMITS or expect.ratio_to or expect.per):
        says = f"'{expect.metric}' is a day; hold it against {listed(LIMITS)} alone"
        yield (node.at(("metric",)) or node).mistake(says)
    if expect.crossover is not None:
        yield from _crossover(node, expect, expect.crossover, known)


def _arms(node: Node, expect: Expectation, known: Known) -> Iterator[Mistake]:
    if expect.arm is None and not expect.arms and len(known.arms) > 1:
        yield node.key_mistake(f"missing: whose metric; must be {listed(known.arms)}", "arm")
    for path in (("arm",), ("ratio_to", "arm"), ("more_than", "arm"), ("crossover", "over")):
        named = node.at(path)
        if named is not None and named.value is not None:
            yield from _unknown_arm(named, known)
    for key in ("order", "interior_optimum"):
        listing = node.at((key,))
        names = listing.value if listing and isinstance(listing.value, list) else []
        for named in names:
            yield from _unknown_arm(named, known)
        if listing and len({str(named.value) for named in names}) < len(names):
            yield listing.mistake("names an arm twice")


def _unknown_arm(node: Node, known: Known) -> Iterator[Mistake]:
    if node.value not in known.arms:
        yield node.mistake(f"no arm is named '{node.value}'{did_you_mean(str(node.value), known.arms)}")


def _is_day(metric: str, known: Known) -> bool:
    """Whether a metric is a day of the run: a median over replicates, which may never come."""
    named = quantities(known.own)
    return metric in named and named[metric].unit == "day"


def _quantities(node: Node, expect: Expectation, known: Known) -> Iterator[tuple[Node, Measured]]:
    """Every quantity that has to be known, with the node that gives it."""
    only = next(iter(known.arms))
    crossed = (expect.crossover.over,) if expect.crossover else ()
    for arm in expect.arms or (expect.arm or only, *crossed):
        yield node, measured(expect, arm)
    own = measured(expect, expect.arm or only)
    for key in ("ratio_to", "more_than"):
        other = getattr(expect, key)
        if other is not None:
            yield node.at((key,)) or node, completed(other, own)


def _quantity(at: Node, of: Node, quantity: Measured, known: Known) -> Iterator[Mistake]:
    metrics = [
        _metric(_given(at, of, key), getattr(quantity, key), str(quantity.arm), known) for key in ("metric", "per")
    ]
    yield from (found for found in metrics if isinstance(found, Mistake))
    for metric in metrics:
        if isinstance(metric, Quantity):
            yield from _time(at, of, quantity, metric, known)


def _given(at: Node, of: Node, key: str) -> Node:
    """Where a key of a quantity stands: there itself, or in the expectation that it is taken from."""
    return at.at((key,)) or of.at((key,)) or at


def _metric(node: Node, text: str | None, arm: str, known: Known) -> Quantity | Mistake | None:
    if text is None:
        return None
    name, dot, entry = text.partition(".")
    metrics = quantities(known.own)
    if name not in metrics:
        return node.mistake(f"no metric is named '{name}'{did_you_mean(name, metrics)}")
    metric = metrics[name]
    if dot and not entry:
        return node.mistake(f"'{text}' ends in a dot; name an entry or leave out the dot")
    if dot and not metric.by:
        return node.mistake(f"'{name}' is one number, not broken down; leave out '.{entry}'")
    if metric.by == "top" and not dot:
        return node.mistake(f"of whom? {listed(f'{name}.{top}' for top in TOPS)}")
    problem = _no_entry(metric, entry, arm, known) if metric.by else _no_joiners(metric, arm, known)
    return node.mistake(problem) if problem else metric


def _no_joiners(metric: Quantity, arm: str, known: Known) -> str | None:
    """Why nothing can be said about those who joined a pool, if so."""
    if metric.name in OF_JOINERS and not (known.entries("hook", arm) and known.has_pool(arm)):
        return f"nobody joins a pool in arm '{arm}', so that '{metric.name}' has no value"
    return None


def _no_entry(metric: Quantity, entry: str, arm: str, known: Known) -> str | None:
    """What is wrong with an entry ("" for all together), if anything."""
    entries = known.entries(metric.by, arm)
    if metric.by == "cohort" and known.days is None:
        return None
    if not entries:
        return f"arm '{arm}' has no {metric.by}, so that '{metric.name}' is always 0"
    if not entry or entry in entries:
        return None
    if metric.by == "cohort":
        return f"no cohort begins on day {entry}; cohorts begin on every {COHORT_DAYS}th day of the run, from day 0"
    if metric.by in {"route", "touch", "top"}:
        return f"'{metric.name}' has no '{entry}'; there are {', '.join(entries)}{did_you_mean(entry, entries)}"
    return f"arm '{arm}' has no {metric.by} '{entry}'{did_you_mean(entry, entries)}"


def _time(at: Node, of: Node, quantity: Measured, metric: Quantity, known: Known) -> Iterator[Mistake]:
    day, window = quantity.day, quantity.window
    key = "day" if day is not None else "window"
    node = _given(at, of, key)
    if day is None and window is None:
        return
    if metric.over == "run":
        yield node.mistake(f"'{metric.name}' is known for the whole run only; leave out {key}")
    elif known.days is not None and day is not None and day >= known.days:
        yield node.mistake(f"must be < days, {known.days} (got {day})")
    elif known.days is not None and window is not None and window[1] > known.days:
        yield node.mistake(f"must end by day {known.days} (got {list(window)})")
    elif window is not None and window[0] == 0 and metric.over == "level" and metric.name != "customers":
        yield node.mistake(f"'{metric.name}' is a level; its change can begin on day 1 at the earliest")


def _same(node: Node, expect: Expectation, known: Known) -> Iterator[Mistake]:
    own = measured(expect, expect.arm or next(iter(known.arms)))
    for key in ("ratio_to", "more_than"):
        other = getattr(expect, key)
        if other is not None and completed(other, own) == own:
            yield (node.at((key,)) or node).key_mistake("compares the quantity with itself")


def _crossover(node: Node, expect: Expectation, crossing: Crossing, known: Known) -> Iterator[Mistake]:
    name = expect.metric.partition(".")[0]
    metric = quantities(known.own).get(name)
    if metric is not None and (metric.over == "run" or name in RATIOS):
        yield (node.at(("metric",)) or node).mistake(f"'{name}' doesn't add up day by day, so that nothing can cross")
    if (expect.arm or next(iter(known.arms))) == crossing.over:
        yield (node.at(("crossover", "over")) or node).mistake("an arm can't overtake itself")
    for key in ("before", "after"):
        day, at = getattr(crossing, key), node.at(("crossover", key))
        if at is not None and day is not None and known.days is not None and day >= known.days:
            yield at.mistake(f"must be < days, {known.days} (got {day})")
