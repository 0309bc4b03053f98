"""The picture of a journey: two lanes, one for each arm's world, with the same customer on the same days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from trafficsim import rounding
from trafficsim.journeys import Event, Journey, Track
from trafficsim.language import Language, Words, words
from trafficsim.plots.style import QUIET, colours, drawable_names, house_style, new_figure

LINES, HEAD, GAP, POOL = 1.7, 0.95, 0.35, 0.85
"""Heights in a lane, in rows: of trust and recall, of its heading, of the space below it, and of one pool."""


@dataclass(frozen=True)
class _Row:
    """One kind of event: filled where it wins the customer, hollow where it does not."""

    name: str
    marker: str
    filled: frozenset[str]
    hollow: frozenset[str] = frozenset()

    def holds(self, event: Event) -> bool:
        return event.kind in self.filled | self.hollow


def journey(found: Journey, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """The customer's days in both worlds: what was seen and heard, hooks, membership, needs, orders, trust and recall.

    Kinds of events that happened in neither world have no row. The dashed line is the day on which the worlds part.

    Args:
        found: from `trafficsim.journey`.
        axes: to draw on; a new figure of 6.8 inches unless given.
        language: of the words; the scenario's unless given.
    """
    say = words(language or found.scenario.language)
    with house_style(language or found.scenario.language):
        rows = [row for row in _rows(say) if any(row.holds(e) for arm in found.arms for e in found.events(arm))]
        pools = [pool for pool in found.tracks[found.arms[0]].inside if any(_ever(found, pool))]
        height = HEAD + LINES + len(rows) + POOL * len(pools) + GAP
        if axes is None:
            axes = new_figure(6.8, 1.1 + 2 * height * 0.27).subplots()
        axes.set_xlim(-0.01 * found.scenario.days, found.scenario.days * 1.005)
        axes.set_ylim(-2 * height, 0)
        ticks: list[tuple[float, str]] = []
        for number, arm in enumerate(found.arms):
            ticks += _Lane(axes, found, arm, -number * height, say).draw(rows, pools)
        _dress(axes, found, ticks, height, say)
        return axes


def _rows(say: Words) -> list[_Row]:
    return [
        _Row(say("sees or reads"), ".", frozenset({"noticed", "read", "moments", "walked_in"})),
        _Row(
            say("hears ▲ tells △"), "^", frozenset({"told", "invited"}),
            frozenset({"told_others", "invited_others", "acquaintance_joined"}),
        ),
        _Row(
            say("hook taken ■ not □"), "s", frozenset({"took", "came_back"}),
            frozenset({"declined", "unheeded", "asked", "no_room", "stayed_away"}),
        ),
        _Row(say("need, not here"), "x", frozenset({"forgot", "rival", "turned_away"})),
        _Row(say("orders"), "o", frozenset({"ordered"})),
    ]  # fmt: skip


def _ever(found: Journey, pool: str) -> list[bool]:
    return [bool(found.tracks[arm].inside[pool].any()) for arm in found.arms]


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
        return colours(self.found.arms, self.found.scenario.baseline if self._has_baseline() else "")[self.arm]

    def _has_baseline(self) -> bool:
        return self.found.scenario.baseline in self.found.arms

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
            ticks.append((y, row.name))
            y -= 1
        for pool in pools:
            self._membership(y, pool)
            ticks.append((y, self.say("in {pool}", pool=drawable_names([pool])[pool])))
            y -= POOL
        return ticks

    def _head(self) -> None:
        paid = rounding.money(self.found.paid(self.arm), self.found.scenario.currency)
        name = drawable_names(self.found.arms)[self.arm]
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
            days, sizes = [e.day for e in events], [_size(row, e) for e in events]
            style: dict[str, Any] = {"facecolors": face, "edgecolors": self.colour}
            if row.marker == "x":
                style = {"color": QUIET}
            self.axes.scatter(days, [y] * len(days), s=sizes, marker=row.marker, linewidths=0.9, zorder=3, **style)

    def _membership(self, y: float, pool: str) -> None:
        inside = self.track.inside[pool]
        day = 0
        for member, span in groupby(inside.tolist()):
            days = len(list(span))
            if member:
                self.axes.barh(y, days, left=day, height=0.42, color=self.colour, alpha=0.55, linewidth=0)
            day += days
        gone = [e.day for e in self.track.events if e.kind in {"quit", "poached"} and e.place == pool]
        self.axes.scatter(gone, [y] * len(gone), marker="X", s=34, color=self.colour, zorder=3)


def _size(row: _Row, event: Event) -> float:
    base = {".": 34.0, "^": 26.0, "s": 20.0, "x": 16.0, "o": 40.0}[row.marker]
    return base * (min(event.count, 4) if row.marker == "o" else 1)


def _dress(axes: Axes, found: Journey, ticks: list[tuple[float, str]], height: float, say: Words) -> None:
    axes.set_yticks([y for y, _ in ticks], [name for _, name in ticks], fontsize=8.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.axhline(-height, color=QUIET, linewidth=0.8)
    axes.set_xlabel(say("day (0 = {date})", date=found.scenario.start))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10], integer=True))
    axes.set_title(say("Customer {number} in two worlds", number=found.customer), pad=22)
    if found.parts_on is None:
        _above(axes, 0.0, say("the worlds never part"), "left")
        return
    axes.axvline(found.parts_on, color="#333333", linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    along = found.parts_on / found.scenario.days
    side = "left" if along < 0.4 else "right" if along > 0.6 else "center"
    _above(axes, found.parts_on, say("they part on day {day}", day=found.parts_on), side)


def _above(axes: Axes, day: float, text: str, side: str) -> None:
    axes.annotate(
        text, (day, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 5), textcoords="offset points", ha=side,
        va="bottom", color="#333333", fontsize=9.5, annotation_clip=False, in_layout=False,
    )  # fmt: skip
