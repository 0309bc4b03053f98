"""Write docs/claims.md: what was observed and what the sources claim, what comes out, and what could turn it.

    python docs/generate_claims.py [--kept FOLDER] [scenario ...]
    python docs/generate_claims.py --from FOLDER [FOLDER ...] [--partly]

Runs `trafficsim claims --robust --json`, which keeps finished replicates in `--kept`: an interrupted run goes on, and a
page of which only words changed is soon written again. The folder of a scenario that was changed has to be removed.
Names of scenarios as arguments test only those and print their part, without writing the page.

With `--from` nothing is run: verdicts are those that `trafficsim claims --robust --out FOLDER` left there, a folder for
each scenario. All shipped scenarios that hold facts or claims have to be there, as they are now, their assumed numbers
moved; with `--partly` the page names those of which either is missing.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from claims_words import BEFORE, FACTS, TURNED, WORDS  # noqa: E402 - stands beside this script

from trafficsim.cli.folder import CLAIMS  # noqa: E402
from trafficsim.files.whole import write_whole  # noqa: E402
from trafficsim.report.claims import plain_number  # noqa: E402
from trafficsim.results.crossover import when  # noqa: E402
from trafficsim.scenario import load, shipped  # noqa: E402
from trafficsim.study.claims import Status  # noqa: E402
from trafficsim.words import rounding  # noqa: E402


class UnfitError(ValueError):
    """Verdicts that don't belong on the page."""


Tested = dict[str, Any]
"""What `trafficsim claims --json` says of one scenario, one of its `scenarios`."""
Claim = dict[str, Any]
VERDICTS = {status: status.replace("_", " ") for status in get_args(Status)}
NO_WORDS = "Not explained yet."
FACT_COLUMNS = ("scenario", "fact", "observed", "expected", "measured (95 % interval)", "verdict", "why not")
COLUMNS = ("scenario", "claim", "expected", "measured (95 % interval)", "verdict", "assumptions")


def verdicts_on(names: Sequence[str], kept: Path, options: Sequence[str] = ("--robust",)) -> list[Tested]:
    """Run the claims of scenarios, of all shipped ones if none is named.

    Raises:
        CalledProcessError: if a file has a mistake, or a claim can't be evaluated.
    """
    resume = ["--resume"] if kept.exists() else []
    command = [sys.executable, "-m", "trafficsim", "claims", *names, *options, "--json", "--out", str(kept), *resume]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")  # noqa: S603 - our own command
    found: list[Tested] = json.loads(done.stdout)["scenarios"]
    return found


def verdicts_in(folders: Sequence[Path]) -> list[Tested]:
    """What runs left in folders, in the order of the scenarios' names.

    Raises:
        UnfitError: if there is nothing, or something that doesn't belong on the page.
    """
    paths = sorted(
        (path for folder in folders for path in folder.glob(f"*/{CLAIMS}")), key=lambda path: path.parent.name
    )
    found: list[Tested] = [json.loads(path.read_text("utf-8")) for path in paths]
    wrong = [f"{path}: {problem}" for path, one in zip(paths, found, strict=True) if (problem := _unfit(one))]
    several = [name for name, count in Counter(one["scenario"] for one in found).items() if count > 1]
    wrong += [f"{name}: found more than once" for name in several]
    if wrong or not found:
        raise UnfitError("; ".join(wrong) or f"no {CLAIMS} in a folder of {', '.join(map(str, folders))}")
    return found


def untested(found: Sequence[Tested]) -> list[str]:
    """Shipped scenarios that hold claims, and aren't among those found."""
    there = {one["scenario"] for one in found}
    return [name for name in shipped() if name not in there and load(name).tested]


def _unfit(one: Tested) -> str:
    """Why a scenario's verdicts don't belong on the page; "" if they do."""
    if one["scenario"] not in shipped():
        return f"{one['scenario']} is no shipped scenario"
    if one["digest"] != load(one["scenario"]).digest:
        return f"{one['scenario']} was changed since"
    return "a small sample" if one["small"] else ""


def without_trials(found: Sequence[Tested]) -> list[str]:
    """Scenarios whose assumed numbers weren't moved."""
    return [one["scenario"] for one in found if not all(claim["robustness"] for claim in one["claims"])]


def page(found: Sequence[Tested], missing: Sequence[str] = ()) -> str:
    """The page; `missing` names scenarios whose claims weren't tested."""
    lines = [*BEFORE.strip().splitlines(), ""]
    lines += [f"Not tested for this page: {', '.join(f'`{name}`' for name in missing)}.", ""] if missing else []
    plain = without_trials(found)
    lines += [f"Assumed numbers not moved: {', '.join(f'`{name}`' for name in plain)}.", ""] if plain else []
    lines += ["## Facts", "", *FACTS.strip().splitlines(), "", _fit(found), "", *_head(FACT_COLUMNS)]
    lines += [fact_row(one["scenario"], fact) for one in found for fact in one["facts"]]
    lines += ["", "## Claims", "", _summed_up(found), "", *_head(COLUMNS)]
    lines += [row(one["scenario"], claim) for one in found for claim in one["claims"]]
    lines += ["", *TURNED.strip().splitlines()]
    lines += ["", "## In plain words", "", "Of every claim that is contradicted, or that an assumption turns."]
    for one in found:
        lines += _explained(one)
    not_tried = [f"- `{one['scenario']}`: {line}" for one in found for line in one["not_tried"]]
    lines += ["", "## Not tried", "", *not_tried] if not_tried else []
    return "\n".join(lines) + "\n"


def _head(columns: Sequence[str]) -> list[str]:
    return ["| " + " | ".join(columns) + " |", "| --- " * len(columns) + "|"]


def fact_row(scenario: str, fact: Claim) -> str:
    """One line of the table of facts."""
    link = f"[{scenario}](../scenarios/{scenario}.yaml)"
    said = f"“{fact['says']}” ({fact['source']})"
    verdict = "**missed**" if fact["verdict"] == "missed" else fact["verdict"]
    observed = plain_number(fact["observed"])
    cells = (link, said, observed, fact["expected"], measured(fact), verdict, fact["unreached"] or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


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
        said = WORDS.get(f"{one['scenario']}.{claim['name']}", NO_WORDS)
        yield from ("", f"**{claim['says']}**: {VERDICTS[claim['verdict']]}. {said}")


def _turned(turned: dict[str, Any]) -> str:
    along = "".join(f", `{name}` with it" for name in turned.get("takes_along", ()))
    return f"`{turned['path']}` = {turned['value']:g} (here {turned['here']:g}){along}: {VERDICTS[turned['verdict']]}"


def _shown(value: float | str | None, what: str) -> str:
    if value is None:
        return rounding.UNDEFINED
    if isinstance(value, str):
        return value
    return when(value) if what == "day" else rounding.short(value)


def _fit(found: Iterable[Tested]) -> str:
    verdicts = Counter(fact["verdict"] for one in found for fact in one["facts"])
    return f"{verdicts.total()} facts: {', '.join(f'{many} {verdict}' for verdict, many in verdicts.most_common())}."


def _summed_up(found: Iterable[Tested]) -> str:
    claims = [claim for one in found for claim in one["claims"]]
    verdicts = Counter(claim["verdict"] for claim in claims)
    robustness = Counter((claim["robustness"] or {}).get("status") for claim in claims)
    parts = [f"{verdicts[status]} {word}" for status, word in VERDICTS.items() if verdicts[status]]
    parts += [f"{robustness[status]} {status}" for status in ("robust", "unclear", "fragile") if robustness[status]]
    return f"{len(claims)} claims: {', '.join(parts)}."


def main() -> None:
    """Test the claims, or read what came of them; write the page if no scenario was named."""
    parser = argparse.ArgumentParser(description="Write docs/claims.md")
    parser.add_argument("--kept", type=Path, default=Path("results/claims-page"))
    parser.add_argument("--from", type=Path, nargs="+", dest="folders", metavar="FOLDER")
    parser.add_argument("--partly", action="store_true", help="with --from: though scenarios or trials are missing")
    parser.add_argument("scenarios", nargs="*")
    options = parser.parse_args()
    if options.folders and options.scenarios:
        parser.error("--from takes all scenarios that are there")
    if options.folders:
        text = _read(parser, options.folders, partly=options.partly)
    else:
        text = page(verdicts_on(options.scenarios, options.kept))
    if options.scenarios:
        sys.stdout.write(text)
    else:
        write_whole(HERE / "claims.md", text)


def _read(parser: argparse.ArgumentParser, folders: Sequence[Path], *, partly: bool) -> str:
    try:
        found = verdicts_in(folders)
    except UnfitError as error:
        parser.error(str(error))
    missing = untested(found)
    if missing and not partly:
        parser.error(f"not tested: {', '.join(missing)} (--partly writes the page without them)")
    plain = without_trials(found)
    if plain and not partly:
        parser.error(f"without --robust: {', '.join(plain)} (--partly writes the page nevertheless)")
    return page(found, missing)


if __name__ == "__main__":
    main()
