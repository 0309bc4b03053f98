"""The flow map in motion, as HTML: people travel as dots along the ribbons, four weeks after four weeks.

The player needs no other file and no network. The JavaScript in its template only draws; every number that it shows is
worked out here.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from trafficsim.books.metrics import COHORT_DAYS
from trafficsim.files.templates import template
from trafficsim.files.whole import write_whole
from trafficsim.plots.flows import kinds_in_words, round_number
from trafficsim.plots.labels import in_two_lines
from trafficsim.plots.moves import known_arm, shown_name
from trafficsim.plots.places import (
    COLOUR_OF,
    HALF_HEIGHT,
    HALF_WIDTH,
    SMALLEST_RADIUS,
    TIP,
    WIDEST,
    Curve,
    Place,
    largest_radius,
    lay_out,
)
from trafficsim.results import Result
from trafficsim.results.intervals import Array
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words, words

UNIT = 100
"""Pixels of the drawing in a unit of the map."""
BESIDE, ABOVE = 1.7, 0.85
"""Room for names beside and above the map."""
USUAL_DOTS, MOST_DOTS = 120, 500
"""Dots that travel in four weeks, in the mean of the busiest arm and at most: more can't be told apart."""


def animate_flow(
    result: Result, path: str | Path, arm: str | Sequence[str] | None = None, *, language: Language | None = None
) -> Path:
    """Write the flow map in motion as a page of its own, whole or not at all; returns its path.

    Args:
        result: the comparison.
        path: of the file, such as `flow.html`.
        arm: whose people; two arms stand side by side. The arm with most profit and the baseline by default.
        language: of the built-in words, instead of the scenario's.

    Raises:
        KeyError: if there is no such arm.
        OSError: if the file can't be written.
    """
    language = language or result.language
    page = template("trafficsim.plots", "flow_page.html.j2").render(
        {"language": language, "title": result.title, "player": Markup(flow_player(result, arm, language=language))},  # noqa: S704 - made by our template, which escapes
    )
    write_whole(Path(path), page)
    return Path(path)


def flow_player(result: Result, arm: str | Sequence[str] | None = None, *, language: Language | None = None) -> str:
    """The same as a piece of HTML to stand in any page; arguments are those of `animate_flow`."""
    language = language or result.language
    say = words(language)
    places = lay_out(result)
    data = _data(result, _arms(result, arm), places, say)
    kinds = [{"colour": colour, "name": name} for colour, name in kinds_in_words(places, say)]
    about = {"data": {**data, "language": language}, "kinds": kinds, "note": _note(result, data, say)}
    return template("trafficsim.plots", "flow_player.html.j2").render({**about, "say": say, "tip": TIP})


def _arms(result: Result, arm: str | Sequence[str] | None) -> list[str]:
    """The arms to show; by default those of the headline, in the scenario's order."""
    if arm is None:
        pair = result.headline_pair() or result.arms[:1]
        return [name for name in result.arms if name in pair]
    return [known_arm(result, name) for name in ([arm] if isinstance(arm, str) else arm)]


def _data(result: Result, arms: Sequence[str], places: Sequence[Place], say: Words) -> dict[str, Any]:
    """All that is drawn. Places are numbered as they come here; means over replicates, moves without those who stay."""
    codes = [place.code for place in places]
    moved, there = _means(result, arms, codes)
    totals = moved.sum(axis=(2, 3))
    usual, most = float(totals.mean(axis=1).max()) / USUAL_DOTS, float(totals.max()) / MOST_DOTS
    per_dot = round_number(max(1.0, usual, most), up=True)
    pools = [place.kind == "pool" for place in places]
    return {
        "windows": moved.shape[1],
        "window_days": COHORT_DAYS,
        "days": result.days,
        "start": result.about.start.isoformat(),
        "box": _box(),
        "most_moved": float(moved.max()) or 1.0,
        "most_there": float(there.max()) or 1.0,
        "largest": round(UNIT * largest_radius(places), 1),
        "smallest": UNIT * SMALLEST_RADIUS,
        "widest": UNIT * WIDEST,
        "per_dot": per_dot,
        "places": [_place(place, say) for place in places],
        "curves": _curves(places, moved.sum(axis=(0, 1))),
        "arms": [_arm(arm, moved[k], there[k], per_dot, pools, say) for k, arm in enumerate(arms)],
        "says": {
            "play": say("Play"),
            "pause": say("Pause"),
            "day": say("day {day} · {date}", day="DAY", date="DATE"),
        },
    }


def _means(result: Result, arms: Sequence[str], codes: Sequence[int]) -> tuple[Array, Array]:
    """Moves `(arms, windows, from, to)` and who is where at each look `(arms, windows + 1, places)`."""
    data = result.data["moved"].sel(arm=list(arms)).isel(from_place=list(codes), to_place=list(codes))
    every = data.mean("replicate").transpose("arm", "window", "from_place", "to_place").to_numpy()
    there = np.concatenate([every[:, :1].sum(axis=3), every.sum(axis=2)], axis=1)
    own = np.arange(len(codes))
    moved = every.copy()
    moved[:, :, own, own] = 0.0
    return moved, there


def _box() -> list[int]:
    """Left, top, width and height of the drawing."""
    across, down = UNIT * (HALF_WIDTH + BESIDE), UNIT * (HALF_HEIGHT + ABOVE)
    return [round(-across), round(-down), round(2 * across), round(2 * down)]


def _place(place: Place, say: Words) -> dict[str, Any]:
    """Where a place lies, downwards positive, and to which side of it its name stands."""
    across, up = place.at[0] / HALF_WIDTH, place.at[1] / HALF_HEIGHT
    upright = abs(up) > 0.9
    anchor = "middle" if abs(across) < 0.12 else "start" if across > 0 else "end"
    return {
        "name": in_two_lines(shown_name(place, say), 14).split("\n"),
        "colour": COLOUR_OF[place.kind],
        "x": round(UNIT * float(place.at[0]), 1),
        "y": round(-UNIT * float(place.at[1]), 1),
        "anchor": anchor,
        "across": 0 if upright else int(np.sign(across)),
        "up": -int(np.sign(up)) if upright else 0,
    }


def _curves(places: Sequence[Place], moved: Array) -> dict[str, list[float]]:
    """Start, control point and end of the ribbons along which anybody moves, by the numbers of their places."""
    found = {}
    for a, b in np.argwhere(moved > 0):
        curve = Curve.between(places[a], places[b])
        flat = np.stack([curve.start, curve.control, curve.end]) * [UNIT, -UNIT]
        found[f"{a}>{b}"] = [round(float(x), 1) for x in flat.ravel()]
    return found


def _arm(name: str, moved: Array, there: Array, per_dot: float, pools: Sequence[bool], say: Words) -> dict[str, Any]:
    """What one arm's panel shows: people at each look, and `[from, to, people, dots, of a pool]` of each window."""
    dots = dots_of(moved, per_dot)
    moves = [
        [
            [int(a), int(b), _short(moved[w, a, b]), int(dots[w, a, b]), int(pools[a] or pools[b])]
            for a, b in np.argwhere(moved[w] > 0)
        ]
        for w in range(len(moved))
    ]
    label = say("People moving between places, “{arm}”", arm=name)
    return {"name": name, "label": label, "there": [[_short(n) for n in row] for row in there], "moves": moves}


def _short(number: float) -> float:
    """To a tenth, and without a point where it is whole."""
    rounded = round(float(number), 1)
    return int(rounded) if rounded == int(rounded) else rounded


def dots_of(moved: Array, per_dot: float) -> NDArray[np.int64]:
    """Dots for people `(windows, from, to)`: what is too few for a dot waits for those of the next windows."""
    so_far = np.floor(np.cumsum(moved, axis=0) / per_dot + 1e-9).astype(np.int64)
    return np.diff(so_far, axis=0, prepend=0)


def _note(result: Result, data: Mapping[str, Any], say: Words) -> str:
    sentences: Iterable[str] = (
        say("A dot is {count} people.", count=rounding.short(data["per_dot"], language=say.language)),
        say(
            "Everybody is at the newest pool held, else where the brand was last met; this is looked at every 28 days."
        ),
        say("Outside: not met at any place yet, or left the last pool."),
        say("Mean of {count} replicates.", count=f"{result.replicates:,}"),
    )
    return ("" if say.language == "zh" else " ").join(sentences)
