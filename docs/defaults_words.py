"""The section of docs/validation.md on the defaults by `calibrate`, from what generate_defaults.py found."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FITTED = Path(__file__).with_name("defaults_fit.json")
BY_CHANCE = 0.05
"""Below which probability of a sign test, with equal chances to gain and to lose, what was found replaces defaults: set
before the fit was run."""
WIDTH = 120
NARROWED = 0.75
"""Of its range left, below which a number counts as told."""
SECTION = """
## Defaults by `calibrate`

What defaults could have brought about the {results} used results? `python docs/generate_defaults.py` asks with the fit
that `calibrate` uses ([calibration.md](calibration.md)): history matching, then a synthetic likelihood. Unknown are the
twelve defaults that results of this page had decided on and that have a plausible range, every value of it as likely as
any other before. The results set aside have no part in it. Each result counts by how far it lies from the middle of its
band, three half-widths at most; how far model and world differ is found besides. {worlds} runs, in seeds of their own.

The rule was written down before the fit: **defaults are replaced if the middle of what is plausible makes more of the
used results pass than could be chance** (sign test of those that turn, 5 %).

| default | range | plausible (90 %) | middle | as shipped | range left |
| --- | --- | --- | --- | --- | --- |
{rows}

{sentences}
"""


def section(titles: Mapping[str, str]) -> str:
    """The section; `titles` has the name of each result by its key."""
    found = json.loads(FITTED.read_text("utf-8"))
    rows = "\n".join(_row(path, of) for path, of in found["numbers"].items())
    said = " ".join([_told(found), _outside(found), *_tried(found, titles)])
    sentences = textwrap.fill(said, WIDTH, break_long_words=False, break_on_hyphens=False)
    return SECTION.format(rows=rows, sentences=sentences, results=found["results"], worlds=f"{found['worlds']:,}")


def _row(path: str, of: Mapping[str, Any]) -> str:
    low, high = of["range"]
    least, middle, most = (f"{of[key]:.4g}" for key in ("low", "middle", "high"))
    return (
        f"| `{path}` | {low:g} to {high:g} | {least} to {most} | {middle} | {of['now']:g} |"
        f" {100 * min(of['left'], 1.0):.0f} % |"
    )


def _told(found: Mapping[str, Any]) -> str:
    numbers = found["numbers"]
    told = [f"`{path}`" for path, of in numbers.items() if of["left"] < NARROWED]
    off = [f"`{path}`" for path, of in numbers.items() if not of["low"] <= of["now"] <= of["high"]]
    lies = f"Outside of what is plausible: {_listed(off)}." if off else "All of them lie within what is plausible."
    kinds = [key for key, weight in found["off"].items() if weight > BY_CHANCE]
    left = 100 * found["waves"][-1]["left"]
    return (
        f"Model and publications differ by about {' or '.join(kinds)} x the half-width of a band, so that {left:.0f} %"
        f" of all points stay plausible: the results tell {_listed(told)}, the other numbers keep most of their range."
        f" {lies}"
    )


def _outside(found: Mapping[str, Any]) -> str:
    low, middle, high = (100 * share for share in found["outside"]["plausible"])
    now = 100 * found["outside"]["now"]
    return (
        f"In the runs of a plausible point {middle:.0f} % of the results ({low:.0f} to {high:.0f}) lie outside of their"
        f" bands, in those of the defaults as shipped {now:.0f} % (in seeds that nobody had seen)."
    )


def _tried(found: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
    by = {name: of["passes"] for name, of in found["tried"].items()}
    passes = (
        f"With all seeds of this page {found['passes']} of the {found['results']} pass by the defaults as shipped,"
        f" {by['middle']} by the middle of what is plausible and {by['likeliest']} by the likeliest point that was run"
        " (the shipped ones were chosen on these seeds)."
    )
    said = [passes]
    for name, of in found["tried"].items():
        gained, lost = (_listed([f"*{titles[key]}*" for key in of[which]]) for which in ("gained", "lost"))
        said.append(f"The {name} gains {gained}, and loses {lost} (sign test: {of['by_chance']:.2g}).")
    middle = found["tried"]["middle"]
    better = middle["by_chance"] < BY_CHANCE and len(middle["gained"]) > len(middle["lost"])
    return [*said, f"So the defaults {'are to be replaced' if better else 'stand'}."]


def _listed(names: Sequence[str]) -> str:
    if len(names) <= 1:
        return "".join(names) or "none"
    return f"{', '.join(names[:-1])} and {names[-1]}"
