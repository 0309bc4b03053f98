"""The flow map: places, and between them ribbons as wide as the people who moved."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from trafficsim.plots.labels import PEOPLE_IN_FULL, in_two_lines
from trafficsim.plots.moves import FEWER, MORE, Moves, of_pool, shown_name
from trafficsim.plots.places import COLOUR_OF, KINDS, WIDEST, Curve, Place, half_axes, largest_radius, radii
from trafficsim.plots.sheet import Sheet, by_rows, columns_of_key, sheet, variation
from trafficsim.plots.style import DARK, QUIET, drawable_names, is_narrow
from trafficsim.results import Result
from trafficsim.results.intervals import Array
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words

LABELLED = 5
"""So many of the widest ribbons carry their number, if the picture is no narrow one."""
CROWDED = 9
"""With more places than this there is no room for three lines beside each (assumed)."""
HAIR = 0.012, 0.02
"""The least width of a ribbon, and of one into or out of a pool."""
FAINT, STRONG = 0.35, 0.65
"""How opaque they are."""
_ALONG = np.arange(0.14, 0.88, 0.02)
"""Shares of the way at which a ribbon's number may stand."""
_HALO = [Stroke(linewidth=2.5, foreground="white"), Normal()]
INNER = 0.5
"""A number's box touches no other ribbon of its colour; this inner share of it, none at all."""
_GAP_TO_PLACES, _GAP_TO_NAMES = 4.0, 8.0
"""Points kept free around places and their names: a number would look like one more line of these."""
_MARGINS = {False: (1.55, 0.62), True: (0.85, 1.2)}
"""Beside and below the ellipse of places, for their names and the scale; narrow or not."""


def flow_map(
    result: Result,
    arm: str,
    window: int | None = None,
    *,
    against: str | None = None,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """Who moved from which place to which, as ribbons between places, each as wide as the people who moved.

    Everybody is at one place (newest pool held, else where last met, else outside) and is looked at every 28 days; a
    ribbon sums who was at its thick end at one look and at its thin end at the next. Places are as large as the people
    there at the end. Sizes are alike for all arms of the comparison.

    Args:
        result: the comparison.
        arm: whose people.
        window: a day; the moves are those of the 28 days that it falls into. The whole run by default.
        against: another arm. Ribbons are then as wide as the difference, in blue where more moved than there.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.

    Raises:
        KeyError: if there is no such arm.
        ValueError: if the run has no such day, or `against` is the arm itself.
    """
    with sheet(axes, language or result.language, height=5.8 if is_narrow() else 5.5) as drawn:
        found = Moves.of(result, arm, window, against)
        _frame(drawn.axes)
        shapes = _draw(drawn, found)
        _scale(drawn.axes, found, drawn.say)
        _kinds(drawn, found)
        drawn.title = _title(result, found, drawn.say)
        drawn.note[:0] = _note(result, found, drawn.say)
        drawn.axes.add_artist(_KeepApart(*shapes))
    return drawn.axes


def _frame(axes: Axes) -> None:
    """An empty map, whose unit is an inch in a picture of the report."""
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    wide, high = half_axes()
    beside, below = _MARGINS[is_narrow()]
    axes.set_xlim(-wide - beside, wide + beside, auto=True)  # the aspect may widen them
    axes.set_ylim(-high - below, high + 0.7, auto=True)
    axes.set_aspect("equal", adjustable="datalim")


def _draw(drawn: Sheet, found: Moves) -> tuple[list[Circle], list[Text], list["_Ribbon"], list["_Number"]]:
    """Places with their names, ribbons, and the numbers of the widest ones."""
    shapes: dict[str, _Ribbon] = {}
    sizes = radii(found.there, found.most_there, found.places)
    ribbons, rims = found.ribbons(), sizes.copy()
    for a, b in ribbons:
        rims[a.code] = max(rims[a.code], _width(a, b, found) / 2)
    for a, b in ribbons:
        at, pool = (a.code, b.code), of_pool(a, b)
        outline = Curve.between(a, b).outline(_width(a, b, found), rims[a.code], rims[b.code])
        style: dict[str, Any] = {"alpha": STRONG if pool else FAINT, "linewidth": 0, "zorder": 2 + 0.5 * pool}
        colour = found.colour(found.low[at], found.high[at], b.kind)
        shapes[_id(a, b)] = _Ribbon(outline, facecolor=colour, gid=_id(a, b), **style)
        drawn.axes.add_patch(shapes[_id(a, b)])
    circles, names, ring = list[Circle](), list[Text](), ""
    for place in found.places:
        size, rim = float(sizes[place.code]), float(rims[place.code])
        if rim > size:  # or ribbons would be wider than the place where they begin
            circles.append(_circle(drawn.axes, place, rim, found, filled=False))
            ring = drawn.say("A ring: the ribbons of a place are wider than the dot of the people there.")
        circles.append(_circle(drawn.axes, place, size, found, filled=bool(found.there[place.code])))
        names.append(_name(drawn, place, rim, found))
    drawn.note.append(ring)
    labelled = [] if is_narrow() else ribbons[:LABELLED]  # there, few would find room, and each near another ribbon
    numbers = [_Number.on(drawn, shapes[_id(a, b)], a, b, found) for a, b in labelled]
    return circles, names, list(shapes.values()), numbers


def _widest(found: Moves) -> float:
    """How wide the widest ribbon of all arms is: no wider than the largest place."""
    return min(WIDEST, 2 * largest_radius(found.places))


def _width(a: Place, b: Place, found: Moves) -> float:
    return max(HAIR[of_pool(a, b)], _widest(found) * found.size(a, b) / found.most_moved)


def _circle(axes: Axes, place: Place, radius: float, found: Moves, *, filled: bool) -> Circle:
    colour = found.colour(found.there_low[place.code], found.there_high[place.code], place.kind)
    style: dict[str, Any] = {"facecolor": colour if filled else "white", "edgecolor": colour, "lw": 1.2, "zorder": 4}
    circle = Circle((place.at[0], place.at[1]), radius, **style)
    axes.add_patch(circle)
    return circle


def _id(a: Place, b: Place) -> str:
    """What a ribbon and its number are called, to be found again."""
    return f"{a.code}>{b.code}"


def _name(drawn: Sheet, place: Place, radius: float, found: Moves) -> Text:
    """The name and the people there, on the side away from the middle of the map."""
    held = found.people(float(found.there[place.code]), drawn.say, sign=found.against is not None)
    called = in_two_lines(shown_name(place, drawn.say), 14)
    across, up = place.at / half_axes()
    upright = abs(up) > 0.9
    side = "center" if abs(across) < 0.12 else "left" if across > 0 else "right"
    gap = radius + 0.07
    x, y = (0.0, np.sign(up) * gap) if upright else (np.sign(across) * gap, 0.35 * up * gap)
    return drawn.axes.text(
        place.at[0] + x,
        place.at[1] + y,
        f"{called}  {held}" if "\n" in called and len(found.places) > CROWDED else f"{called}\n{held}",
        ha=side,
        va="center" if not upright else "bottom" if up > 0 else "top",
        color=DARK,
        fontsize=9.5,
        linespacing=1.15,
        zorder=6,
        clip_on=False,
        path_effects=_HALO,
    )


class _Ribbon(Polygon):
    """A ribbon that knows where its middle runs."""

    def middle(self) -> tuple[Array, Array]:
        """Points along its middle line, `(n, 2)`, and half its width at each, `(n,)`, in pixels."""
        outline = np.asarray(self.get_transform().transform(self.get_xy()[:-1]))
        left, right = outline[: len(outline) // 2], outline[len(outline) // 2 :][::-1]
        return (left + right) / 2, np.hypot(*(left - right).T) / 2


class _Number(Text):
    """How many moved along a ribbon, in its colour, on its middle line."""

    def __init__(self, text: str, ribbon: _Ribbon, curve: Curve) -> None:
        super().__init__(float(curve.start[0]), float(curve.start[1]), text, ha="center", va="center", zorder=5)
        self.set(color=ribbon.get_facecolor()[:3], fontsize=9, fontweight="bold")
        self.set_bbox({"facecolor": "white", "linewidth": 0, "pad": 0.5})  # or its ribbon would look like a minus sign
        self.ribbon, self._ways = ribbon, curve.points(_ALONG)

    def stand(self, taken: Sequence[Bbox], ribbons: Sequence[_Ribbon], renderer: RendererBase) -> Bbox | None:
        """Stand where it is farthest from boxes and from other ribbons, or not at all; returns what it takes."""
        self.set_visible(True)
        half = _half(self._box(renderer))
        places = np.asarray(self.get_transform().transform(self._ways))
        room = np.full(len(places), np.inf)
        for box in taken:
            middle = np.array([[box.x0 + box.x1, box.y0 + box.y1]]) / 2
            room = np.minimum(room, _apart(places, middle, half + _half(box)))
        for ribbon in ribbons:
            alike = to_rgb(ribbon.get_facecolor()) == self.get_color()
            middle, width = ribbon.middle()
            room = np.minimum(room, _apart(places, middle, (1.0 if alike else INNER) * half + width[:, None]))
        self.set_position(self._ways[room.argmax()])
        if room.max() >= 1.0:
            return self._box(renderer)
        self.set_visible(False)
        return None

    def _box(self, renderer: RendererBase) -> Bbox:
        return self.get_window_extent(renderer)

    @classmethod
    def on(cls, drawn: Sheet, ribbon: _Ribbon, a: Place, b: Place, found: Moves) -> "_Number":
        moved = found.people(float(found.moved[a.code, b.code]), drawn.say, sign=found.against is not None)
        number = cls(moved, ribbon, Curve.between(a, b))
        number.set_gid(_id(a, b))
        drawn.axes.add_artist(number)
        return number


def _half(box: Bbox) -> Array:
    return np.array([box.width, box.height]) / 2


def _apart(places: Array, others: Array, half: Array) -> Array:
    """How far the nearest of other points is from each place: 1 at the edge of the box around it, `half` its size."""
    return np.asarray((np.abs(places[:, None] - others) / half).max(2).min(1, initial=np.inf))


def _pixels(points: float, renderer: RendererBase) -> float:
    return float(cast("float", renderer.points_to_pixels(points)))


class _KeepApart(Artist):
    """Before anything is written, puts each number where its own ribbon is farthest from other ribbons and from names.

    The numbers of wide ribbons choose first; one that would touch something else is left out. It asks anew whenever the
    picture is drawn, so that a picture of another size keeps apart too.
    """

    def __init__(
        self, circles: Sequence[Circle], names: Sequence[Text], ribbons: Sequence[_Ribbon], numbers: Sequence[_Number]
    ) -> None:
        super().__init__()
        self.set_zorder(1)
        self.set_in_layout(False)
        self._circles, self._names, self._ribbons, self._numbers = circles, names, ribbons, numbers

    def draw(self, renderer: RendererBase) -> None:
        """Find the places; nothing is drawn."""
        around, free = _pixels(_GAP_TO_PLACES, renderer), _pixels(_GAP_TO_NAMES, renderer)
        taken = [name.get_window_extent(renderer).padded(free) for name in self._names]
        taken += [circle.get_window_extent(renderer).padded(around) for circle in self._circles]
        for number in self._numbers:
            others = [ribbon for ribbon in self._ribbons if ribbon is not number.ribbon]
            box = number.stand(taken, others, renderer)
            if box is not None:
                taken.append(box)


def _scale(axes: Axes, found: Moves, say: Words) -> None:
    """A ribbon of a round number of people in the lower left corner."""
    if not found.most_moved:
        return
    people = round_number(found.most_moved)
    (wide, high), (beside, below) = half_axes(), _MARGINS[is_narrow()]
    x, y, long = -wide - beside + 0.05, -high - below + 0.2, 0.6
    half = _widest(found) * people / found.most_moved / 2
    ends = [(x, y + half), (x + long, y + half * 0.25), (x + long, y - half * 0.25), (x, y - half)]
    axes.add_patch(Polygon(ends, facecolor=QUIET, alpha=0.5, linewidth=0, zorder=2, gid="scale"))
    in_full = people < PEOPLE_IN_FULL
    count = found.people(people, say, sign=False) if in_full else rounding.short(people, language=say.language)
    text = say("{count} people\nmoved this way", count=count)
    axes.text(x + long + 0.08, y, text, va="center", color=DARK, fontsize=8.5)


def round_number(near: float, *, up: bool = False) -> float:
    """The largest of 1, 2 or 5 times a power of ten that is no more than `near`, or the least that is no less."""
    ten = 10.0 ** np.floor(np.log10(near))
    steps = [step * ten for step in (1, 2, 5, 10)]
    if up:
        return float(next(step for step in steps if step >= near * (1 - 1e-9)))
    return float(max(step for step in steps if step <= near * (1 + 1e-9)))


def _kinds(drawn: Sheet, found: Moves) -> None:
    """What the colours mean, above the map."""
    say = drawn.say
    if found.against is None:
        entries = kinds_in_words(found.places, say)
    else:
        entries = [
            (MORE, say("more than in “{arm}”", arm=found.against)),
            (FEWER, say("fewer")),
            (QUIET, say("undecided")),
        ]
    columns = columns_of_key([text for _, text in entries], len(entries), 9.0)
    drawn.key = 17.0 * -(-len(entries) // columns)
    entries = by_rows(entries, columns)
    dots = [Line2D([], [], marker="o", linestyle="", color=colour, markersize=7) for colour, _ in entries]
    drawn.axes.legend(
        dots, [text for _, text in entries], loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns,
        frameon=False, fontsize=9, handletextpad=0.1, columnspacing=1.2, borderaxespad=0,
    )  # fmt: skip


def kinds_in_words(places: Sequence[Place], say: Words) -> list[tuple[str, str]]:
    """Colour and name of the kinds of places that a map has."""
    words_of = {
        "public": say("public platform"),
        "paid": say("paid media"),
        "store": say("store"),
        "pool": say("private traffic pool"),
        "outside": say("outside"),
    }
    there = {place.kind for place in places}
    return [(COLOUR_OF[kind], words_of[kind]) for kind in (*KINDS[1:], KINDS[0]) if kind in there]


def _title(result: Result, found: Moves, say: Words) -> str:
    names = drawable_names(result.arms)
    days = say("days {first} to {last}", first=found.first_day, last=found.last_day)
    if found.against is None:
        return say("Who moved where: “{arm}”, {days}", arm=names[found.arm], days=days)
    return say("Who moved where: “{a}” minus “{b}”, {days}", a=names[found.arm], b=names[found.against], days=days)


def _note(result: Result, found: Moves, say: Words) -> list[str]:
    start = result.about.start
    when = [(start + timedelta(days=day)).isoformat() for day in (found.first_day, found.last_day)]
    note = [
        say("{first} to {last}.", first=when[0], last=when[1]),
        say(
            "Ribbons run from their thick to their thin end, as wide as the people who moved between two looks, "
            "28 days apart."
        ),
        say("Outside: not met at any place yet, or left the last pool."),
    ]
    if found.against is not None:
        note.append(say("Differences are taken replicate by replicate; grey where the 95% interval includes 0."))
    if found.ribbons():
        carried = say("The widest ribbons carry their numbers, in their colour, where there is room.")
        note.append(say("Their numbers are in the table “Who moved where”.") if is_narrow() else carried)
    return [*note, variation(result, say, "")[0]]
