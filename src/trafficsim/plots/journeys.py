"""The picture of a journey: two lanes, one for each arm's world, with the same customer on the same days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from trafficsim.journeys import Journey, Track
from trafficsim.journeys.telling import label, who
from trafficsim.plots.dates import date_axis
from trafficsim.plots.sheet import Sheet, sheet
from trafficsim.plots.style import DARK, QUIET, colours, drawable_names
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words

LINES, HEAD, GAP, POOL = 1.7, 0.95, 0.35, 0.85
"""Heights in a lane, in rows: of trust and recall, of its heading, of the space below it, and of one pool."""


@dataclass(frozen=True)
class _Row:
    """Kinds of events that stand in one row of a lane, filled or hollow."""

    marker: str
    size: float
    filled: frozenset[str]
    hollow: frozenset[str] = frozenset()

    def name(self, say: Words) -> str:
        """What stands beside it."""
        return {
            ".": say("sees or reads"),
            "^": say("hears ▲ tells △"),
            "s": say("hook taken ■ not □"),
            "x": say("need, not here"),
            "o": say("orders"),
        }[self.marker]


ROWS = (
    _Row(".", 34, frozenset({"noticed", "read", "moments", "walked_in"})),
    _Row("^", 26, frozenset({"told", "invited"}), frozenset({"told_others", "invited_others", "acquaintance_joined"})),
    _Row(
        "s",
        20,
        frozenset({"took", "came_back"}),
        frozenset({"declined", "unheeded", "asked", "no_room", "stayed_away"}),
    ),
    _Row("x", 16, frozenset({"forgot", "rival", "made_ahead", "turned_away"})),
    _Row("o", 40, frozenset({"ordered"})),
)


def journey(found: Journey, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """The customer's days in both worlds: what was seen and heard, hooks, membership, needs, orders, trust and recall.

    Kinds of events that happened in neither world have no row. The dashed line is the day on which the worlds part.

    Args:
        found: from `trafficsim.journey`.
        axes: to draw on; a new figure of 6.8 inches unless given.
        language: of the words; the scenario's unless given.
    """
    pools = [pool for pool in found.scenario.names("places") if _was_inside(found, pool)]
    kinds = {event.kind for arm in found.arms for event in found.events(arm)}
    rows = [row for row in ROWS if kinds & (row.filled | row.hollow)]
    height = HEAD + LINES + len(rows) + POOL * len(pools) + GAP
    with sheet(axes, language or found.scenario.language, height=1.5 + 2 * height * 0.26) as drawn:
        drawn.axes.set_xlim(-0.01 * found.scenario.days, found.scenario.days * 1.005)
        drawn.axes.set_ylim(-2 * height, 0)
        ticks: list[tuple[float, str]] = []
        for number, arm in enumerate(found.arms):
            ticks += _Lane(drawn.axes, found, arm, -number * height, drawn.say).draw(rows, pools)
        _dress(drawn, found, ticks, height)
        drawn.note.append(who(found, drawn.say))
        drawn.note.append(drawn.say("One customer in one replicate: a story, not a measure."))
    return drawn.axes


def _drawn(found: Journey, name: str) -> str:
    """The label of a name as a picture shows it."""
    shown = label(found, name)
    return drawable_names([shown])[shown]


def _was_inside(found: Journey, pool: str) -> bool:
    return any(bool(found.tracks[arm].inside.get(pool, np.zeros(1)).any()) for arm in found.arms)


@dataclass(frozen=True)
class _Lane:
    """One arm's world, drawn downwards from `top`."""

    axes: Axes
    found: Journey
    arm: str
    top: float
    say: Words

    @property
    def colour(self) -> str:
        """Its colour in all pictures of the scenario."""
        return colours(self.found.scenario.arms, self.found.scenario.baseline)[self.arm]

    @property
    def track(self) -> Track:
        return self.found.tracks[self.arm]

    def draw(self, rows: Sequence[_Row], pools: Sequence[str]) -> list[tuple[float, str]]:
        """Draw everything; returns the heights of the rows and their names."""
        self._head()
        y = self.top - HEAD
        ticks = [(y - LINES / 2, self.say("trust (recall dotted)"))]
        self._lines(y)
        y -= LINES + 0.5
        for row in rows:
            self._events(y, row)
            ticks.append((y, row.name(self.say)))
            y -= 1
        for pool in pools:
            self._membership(y, pool)
            ticks.append((y, self._name(pool)))
            y -= POOL
        return ticks

    def _name(self, pool: str) -> str:
        shown = _drawn(self.found, pool)
        return self.say("in {pool}, left ✖", pool=shown) if self._gone(pool) else self.say("in {pool}", pool=shown)

    def _gone(self, pool: str) -> list[int]:
        return [e.day for e in self.track.events if e.kind in {"quit", "poached", "removed"} and e.place == pool]

    def _head(self) -> None:
        paid = rounding.money(self.found.paid(self.arm), self.found.scenario.currency, self.say.language)
        name = _drawn(self.found, self.arm)
        said = self.say("{arm}: {count} orders, {paid}", arm=name, count=self.found.orders(self.arm), paid=paid)
        free = {"facecolor": "white", "linewidth": 0, "pad": 1.5}  # the line of the parting day ends beside the words
        self.axes.text(
            0, self.top - HEAD / 2, said, color=self.colour, fontweight="bold", va="center", fontsize=10.5, bbox=free
        )

    def _lines(self, top: float) -> None:
        days, scale = np.arange(self.found.scenario.days), LINES - 0.2
        for height in (top - 0.1, top - 0.1 - scale):
            self.axes.axhline(height, color="#DDDDDD", linewidth=0.6, zorder=0.5)
        trust, recalled = (top - 0.1 - scale * (1.0 - line) for line in (self.track.trust, self.track.recall))
        self.axes.plot(days, recalled, color=QUIET, linewidth=0.9, linestyle=(0, (1, 1)))
        self.axes.plot(days, trust, color=self.colour, linewidth=1.4)
        for share, text in ((1.0, "1"), (0.0, "0")):
            at = (1.01, top - 0.1 - scale * (1.0 - share))
            self.axes.annotate(
                text,
                at,
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=8,
                color=QUIET,
                annotation_clip=False,
            )

    def _events(self, y: float, row: _Row) -> None:
        for kinds, face in ((row.hollow, "white"), (row.filled, self.colour)):
            events = [e for e in self.track.events if e.kind in kinds]
            days, many = [e.day for e in events], [min(e.count, 4) if row.marker == "o" else 1 for e in events]
            style: dict[str, Any] = {"facecolors": face, "edgecolors": self.colour}
            if row.marker == "x":
                style = {"color": QUIET}
            self.axes.scatter(
                days,
                [y] * len(days),
                s=[row.size * count for count in many],
                marker=row.marker,
                linewidths=0.9,
                zorder=3,
                **style,
            )

    def _membership(self, y: float, pool: str) -> None:
        inside = self.track.inside[pool]
        day = 0
        for member, span in groupby(inside.tolist()):
            days = len(list(span))
            if member:
                self.axes.barh(y, days, left=day, height=0.42, color=self.colour, alpha=0.55, linewidth=0)
            day += days
        gone = self._gone(pool)
        self.axes.scatter(gone, [y] * len(gone), marker="X", s=34, color=self.colour, zorder=3)


def _dress(drawn: Sheet, found: Journey, ticks: list[tuple[float, str]], height: float) -> None:
    axes, say = drawn.axes, drawn.say
    axes.set_yticks([y for y, _ in ticks], [name for _, name in ticks], fontsize=8.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.axhline(-height, color=QUIET, linewidth=0.8)
    date_axis(axes, found.scenario.start, found.scenario.days, say.language)
    drawn.title, drawn.key = (
        say("Customer {number} in two worlds", number=found.customer),
        14.0,
    )  # for the words of `_above`
    if found.parts_on is None:
        _above(axes, 0.0, say("the worlds never part"), "left")
        return
    axes.axvline(found.parts_on, color=DARK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    along = found.parts_on / found.scenario.days
    side = "left" if along < 0.4 else "right" if along > 0.6 else "center"
    _above(axes, found.parts_on, say("they part on day {day}", day=found.parts_on), side)


def _above(axes: Axes, day: float, text: str, side: str) -> None:
    axes.annotate(
        text, (day, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 5), textcoords="offset points", ha=side,
        va="bottom", color=DARK, fontsize=9.5, annotation_clip=False, in_layout=False,
    )  # fmt: skip
