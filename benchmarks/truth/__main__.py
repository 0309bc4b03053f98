"""Write the worlds and compare them with what is expected, or fit them (see the package)."""

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.truth.adstock import fitted_roas
from benchmarks.truth.worlds import CHANNELS, WORLDS, world

EXPECTED = Path(__file__).with_name("expected.json")
NEAR = 0.25
"""How near a fit is to come to the true ROAS, as a share of it."""


def expected() -> list[dict[str, Any]]:
    """Of each world its number, the true ROAS of each channel, and a hash of each file."""
    found: list[dict[str, Any]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return found


def write(to: Path, *, renew: bool) -> bool:
    """Write all worlds; whether all bits are as expected."""
    known = [{}] * WORLDS if renew else expected()
    found = []
    for number in range(WORLDS):
        made = world(number)
        folder = to / f"world_{number:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.files().items():
            (folder / name).write_bytes(text.encode())
        found.append(made.expected())
        told = "" if renew else ": all bits as expected" if found[-1] == known[number] else ": DIFFERS from expected"
        print(f"{number + 1} of {WORLDS}: {folder}{told}", flush=True)
    if renew:
        EXPECTED.write_text("[\n" + ",\n".join(map(json.dumps, found)) + "\n]\n", encoding="utf-8")
    return renew or found == known


def fit(of: Path) -> None:
    """A line for each world: true ROAS and that of the fit, and how many are near."""
    near = total = 0
    for folder in sorted(of.glob("world_*")):
        media, truth = (pd.read_csv(folder / name) for name in ("media.csv", "truth.csv"))
        true, found = dict(zip(truth["channel"], truth["roas"], strict=True)), fitted_roas(media, CHANNELS)
        off = {name: found[name] / true[name] - 1.0 for name in CHANNELS}
        near, total = near + sum(abs(each) <= NEAR for each in off.values()), total + len(off)
        told = (f"{name} {true[name]:.2f}, fitted {found[name]:.2f} ({off[name]:+.0%})" for name in CHANNELS)
        print(f"{folder.name}: {'; '.join(told)}", flush=True)
    print(f"{near} of {total} within {NEAR:.0%}")


def main() -> int:
    """Write or fit."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.truth", description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--renew", action="store_true", help="write what is expected, instead of comparing with it")
    asked.add_argument("--fit", action="store_true", help="fit the worlds of a folder")
    given = asked.parse_args()
    if given.fit:
        fit(given.folder)
        return 0
    return 0 if write(given.folder, renew=given.renew) else 1


if __name__ == "__main__":
    raise SystemExit(main())
