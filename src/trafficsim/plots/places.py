"""The map that people move on: where each place lies, and how ribbons run between them.

Places lie on an ellipse: public platforms and paid media on the left, stores at the top, pools on the right, outside at
the bottom. No line between two points of an ellipse runs through a third one, so no ribbon hides a place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trafficsim.plots.style import COLOURS, is_narrow
from trafficsim.results import Result
from trafficsim.results.intervals import Array

OUTSIDE_KIND = "outside"
KINDS = (OUTSIDE_KIND, "public", "paid", "store", "pool")
COLOUR_OF = dict(zip(KINDS, ("#7A7A7A", COLOURS[4], COLOURS[1], COLOURS[2], COLOURS[0]), strict=True))
HALF_WIDTH, HALF_HEIGHT = 1.75, 1.35
"""Half axes of the ellipse; a unit of the map is an inch of a picture of the report."""
NARROW_WIDTH, NARROW_HEIGHT = 1.05, 1.6
"""The same of a picture for phones."""
LARGEST_RADIUS, SMALLEST_RADIUS = 0.3, 0.045
WIDEST = 0.34
"""Of a ribbon at its beginning."""
TIP = 0.25
"""How wide a ribbon ends, as a share of how wide it begins: thick to thin is how directions are read best."""
INWARDS, APART = 0.45, 0.15
"""How far the middle of a ribbon is drawn towards that of the map, as a share of the way there, and to the left of its
direction, as a share of its length: so two ribbons between the same places lie side by side."""
SHORT = 1.6
"""Ribbons shorter than this are drawn as far to the left as if they were this long, or neighbours' would overlap."""
_SECTORS = {"public": (180.0, 112.0), "paid": (180.0, 112.0), "store": (90.0, 44.0), "pool": (0.0, 112.0)}
"""The middle of a kind's part of the ellipse, and the most that its places may take, in degrees."""
_STEP = 46.0
"""Degrees between two places where there are few."""


@dataclass(frozen=True)
class Place:
    """A place on the map. `code` is its number in `moved`, 0 is outside; `angle` is in degrees, 0 on the right."""

    code: int
    name: str
    kind: str
    angle: float

    @property
    def at(self) -> Array:
        """Where it lies, `(2,)`."""
        turn = math.radians(self.angle)
        wide, high = half_axes()
        return np.array([wide * math.cos(turn), high * math.sin(turn)])


def half_axes() -> tuple[float, float]:
    """Half axes of the ellipse in the picture that is drawn now."""
    return (NARROW_WIDTH, NARROW_HEIGHT) if is_narrow() else (HALF_WIDTH, HALF_HEIGHT)


def lay_out(result: Result) -> list[Place]:
    """All places at which anybody ever was, in any arm, and outside."""
    kinds = result.about.kinds
    moved = result.data["moved"]
    ever = (moved.sum([dim for dim in moved.dims if dim != "to_place"]) > 0).to_numpy()
    ever |= (moved.sum([dim for dim in moved.dims if dim != "from_place"]) > 0).to_numpy()
    named = [(code, str(name)) for code, name in enumerate(moved["to_place"].to_numpy()) if code and ever[code]]
    places = [Place(0, "", OUTSIDE_KIND, -90.0)]
    for group in (("public", "paid"), ("store",), ("pool",)):
        own = [(code, name) for kind in group for code, name in named if kinds[name] == kind]
        angles = _angles(len(own), *_SECTORS[group[0]])
        places += [Place(code, name, kinds[name], at) for (code, name), at in zip(own, angles, strict=True)]
    return places


def _angles(count: int, middle: float, most: float) -> list[float]:
    """Angles of so many places about the middle of their part, clockwise: from below on the left, from above else."""
    step = min(_STEP, most / max(count - 1, 1))
    return [middle - step * (k - (count - 1) / 2) for k in range(count)]


def radii(people: Array, most: float, places: Sequence[Place]) -> Array:
    """Radii of places by the people there, areas in proportion; `most` people take the largest that leaves gaps."""
    share = np.abs(people) / most if most else 0.0 * people
    return np.asarray(np.maximum(SMALLEST_RADIUS, largest_radius(places) * np.sqrt(share)))


def largest_radius(places: Sequence[Place]) -> float:
    """The radius of the largest place, so that neighbours don't touch."""
    return min(LARGEST_RADIUS, 0.42 * _nearest(places))


def _nearest(places: Sequence[Place]) -> float:
    """The distance between the two places that are nearest to each other."""
    at = np.array([place.at for place in places])
    apart = np.hypot(*(at[:, None] - at[None, :]).T)
    return float(np.min(apart[apart > 0], initial=2 * half_axes()[0]))


@dataclass(frozen=True)
class Curve:
    """The middle line of a ribbon: a quadratic Bezier curve from one place to another."""

    start: Array
    control: Array
    end: Array

    @classmethod
    def between(cls, a: Place, b: Place) -> "Curve":
        """The curve from place `a` to place `b`."""
        along = b.at - a.at
        left = np.array([-along[1], along[0]]) * max(1.0, SHORT / float(np.hypot(*along)))
        middle = (a.at + b.at) / 2
        return cls(a.at, middle * (1 - INWARDS) + APART * left, b.at)

    def points(self, t: Array) -> Array:
        """Points at shares `t` of the way, `(n,)` to `(n, 2)`."""
        t = t[:, None]
        return np.asarray((1 - t) ** 2 * self.start + 2 * t * (1 - t) * self.control + t**2 * self.end)

    def outline(self, width: float, radius_at_start: float, radius_at_end: float) -> NDArray[np.float64]:
        """The ribbon's outline, `(n, 2)`: from the rim of one place to that of the other, tapering off."""
        t = np.linspace(0, 1, 97)
        points = self.points(t)
        free = np.hypot(*(points - self.start).T) >= 0.85 * radius_at_start
        free &= np.hypot(*(points - self.end).T) >= radius_at_end + 0.015
        t, points = t[free], points[free]
        slope = 2 * (1 - t[:, None]) * (self.control - self.start) + 2 * t[:, None] * (self.end - self.control)
        normal = np.stack([-slope[:, 1], slope[:, 0]], axis=1) / np.hypot(*slope.T)[:, None]
        share = np.linspace(0, 1, len(t)) if len(t) else t
        half = tapered(width, share)[:, None] / 2
        return np.concatenate([points + half * normal, (points - half * normal)[::-1]])


def tapered(width: float, share: Array) -> Array:
    """How wide a ribbon that begins with a width is at shares of its way."""
    return width * (1 - (1 - TIP) * share)
