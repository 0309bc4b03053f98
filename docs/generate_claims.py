"""Write docs/claims.md: what the sources claim, what comes out, and what could turn it.

    python docs/generate_claims.py [--kept FOLDER] [scenario ...]

Runs `trafficsim claims --robust --json`, which keeps finished replicates in `--kept`: an interrupted run goes on, and a
page of which only words changed is soon written again. The folder of a scenario that was changed has to be removed.
Names of scenarios as arguments test only those and print their part, without writing the page.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from claims_words import BEFORE, WORDS  # noqa: E402 - stands beside this script

from trafficsim import rounding  # noqa: E402
from trafficsim.crossover import when  # noqa: E402
from trafficsim.files import write_whole  # noqa: E402
from trafficsim.report.claims import WORDS as VERDICTS  # noqa: E402

Tested = dict[str, Any]
"""What `trafficsim claims --json` says of one scenario."""
Claim = dict[str, Any]
NO_WORDS = "Not explained yet."
COLUMNS = ("scenario", "claim", "expected", "measured (95 % interval)", "verdict", "assumptions")


def verdicts_on(names: Sequence[str], kept: Path, options: Sequence[str] = ("--robust",)) -> list[Tested]:
    """Run the claims of scenarios, of all shipped ones if none is named.

    Raises:
        CalledProcessError: if a file has a mistake, or a claim can't be evaluated.
    """
    resume = ["--resume"] if kept.exists() else []
    command = [sys.executable, "-m", "trafficsim", "claims", *names, *options, "--json", "--out", str(kept), *resume]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")  # noqa: S603 - our own command
    found: list[Tested] = json.loads(done.stdout)
    return found


def page(found: Sequence[Tested]) -> str:
    """The page."""
    lines = [*BEFORE.strip().splitlines(), "", _summed_up(found), ""]
    lines += ["| " + " | ".join(COLUMNS) + " |", "| --- " * len(COLUMNS) + "|"]
    lines += [row(one["scenario"], claim) for one in found for claim in one["claims"]]
    lines += ["", "## In plain words", "", "Of every claim that is contradicted, or that an assumption turns."]
    for one in found:
        lines += _explained(one)
    not_tried = [f"- `{one['scenario']}`: {line}" for one in found for line in one["not_tried"]]
    lines += ["", "## Not tried", "", *not_tried] if not_tried else []
    return "\n".join(lines) + "\n"


def row(scenario: str, claim: Claim) -> str:
    """One line of the table."""
    link = f"[{scenario}](../scenarios/{scenario}.yaml)"
    said = f"“{claim['says']}” ({claim['source']})"
    verdict = VERDICTS[claim["verdict"]]
    verdict = f"**{verdict}**" if claim["verdict"] == "contradicted" else verdict
    cells = (link, said, claim["expected"], measured(claim), verdict, assumptions(claim["robustness"]))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def measured(claim: Claim) -> str:
    """The value that was compared, with its interval."""
    middle, low, high = (_shown(claim[key], claim["what"]) for key in ("measured", "low", "high"))
    return f"{claim['what']} {middle} ({low} to {high})".strip()


def assumptions(found: dict[str, Any] | None) -> str:
    """Whether any assumed number turns the verdict, and which."""
    if found is None or found["status"] is None:
        return rounding.UNDEFINED
    turned = [_turned(each) for each in found["turned_by"]]
    open_ = f"{found['undecided']} of {found['trials']} trials undecided" if found["undecided"] else ""
    said = "; ".join([*turned, *([open_] if open_ else [])])
    return f"{found['status']}: {said}" if said else found["status"]


def needs_words(claim: Claim) -> bool:
    """Whether a reader will ask why: contradicted, or turned by an assumption."""
    return claim["verdict"] == "contradicted" or (claim["robustness"] or {}).get("status") == "fragile"


def _explained(one: Tested) -> Iterator[str]:
    asked = [claim for claim in one["claims"] if needs_words(claim)]
    if asked:
        yield from ("", f"### {one['title']} (`{one['scenario']}`)")
    for claim in asked:
        words = WORDS.get(f"{one['scenario']}.{claim['name']}", NO_WORDS)
        yield from ("", f"**{claim['says']}**: {VERDICTS[claim['verdict']]}. {words}")


def _turned(turned: dict[str, Any]) -> str:
    return f"`{turned['path']}` = {turned['value']:g} (here {turned['here']:g}): {VERDICTS[turned['verdict']]}"


def _shown(value: float | str | None, what: str) -> str:
    if value is None:
        return rounding.UNDEFINED
    if isinstance(value, str):
        return value
    return when(value) if what == "day" else rounding.short(value)


def _summed_up(found: Iterable[Tested]) -> str:
    claims = [claim for one in found for claim in one["claims"]]
    verdicts = Counter(claim["verdict"] for claim in claims)
    robustness = Counter((claim["robustness"] or {}).get("status") for claim in claims)
    parts = [f"{verdicts[status]} {word}" for status, word in VERDICTS.items() if verdicts[status]]
    parts += [f"{robustness[status]} {status}" for status in ("robust", "unclear", "fragile") if robustness[status]]
    return f"{len(claims)} claims: {', '.join(parts)}."


def main() -> None:
    """Test the claims; write the page if no scenario was named."""
    parser = argparse.ArgumentParser(description="Write docs/claims.md")
    parser.add_argument("--kept", type=Path, default=Path("results/claims-page"))
    parser.add_argument("scenarios", nargs="*")
    options = parser.parse_args()
    text = page(verdicts_on(options.scenarios, options.kept))
    if options.scenarios:
        sys.stdout.write(text)
    else:
        write_whole(HERE / "claims.md", text)


if __name__ == "__main__":
    main()
