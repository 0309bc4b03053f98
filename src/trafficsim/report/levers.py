"""Levers in the report: what arms come to where a reader moves settings, told and drawn by the page itself."""

import base64
import json
import math
from importlib.resources import files
from typing import Any

import numpy as np
from markupsafe import Markup

from trafficsim.books.metrics import metric
from trafficsim.plots.style import colours
from trafficsim.report.html_page import Table
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.levers import LEAST_FIT, Lever, Levers
from trafficsim.words import rounding

STEPS = 100
"""Of a lever, about; assumed: finer than a hand moves it."""
SCRIPT = "levers.js"


def levers(result: Result, voice: Voice) -> dict[str, Any] | None:
    """What the template needs: sentences, levers, the data as JSON and the script; None where nothing was learned."""
    found = result.about.levers
    if found is None:
        return None
    return {
        "sentences": sentences(found, voice),
        "levers": [_control(number, lever, voice) for number, lever in enumerate(found.levers)],
        "table": _table(result, found, voice),
        "data": _as_json(result, found, voice),
        "script": files("trafficsim.report").joinpath(SCRIPT).read_text(encoding="utf-8"),
    }


def sentences(found: Levers, voice: Voice) -> list[str]:
    """How well levers foretell, and which were left out."""
    say, said = voice.say, []
    if found.levers:
        said.append(
            say(
                "Nothing is run here: what arms come to was learned from {points} settings, each run {replicates} "
                "times. At {unseen} others, at which nothing was fitted, {fit} of the variance of profit was foretold. "
                "Intervals (95%) hold random variation and the largest error there; other assumptions stay as they "
                "are.",
                points=f"{len(found.at):,}",
                replicates=f"{found.replicates:,}",
                unseen=f"{found.unseen:,}",
                fit=_fit(found.worst_fit),
            )
        )
    if found.left_out:
        text = "Left out, since profit can't be foretold to {least} with it: {paths}."
        said.append(say(text, least=f"{LEAST_FIT:.0%}", paths=voice.listed(found.left_out)))
    return said


def _fit(share: float) -> str:
    """Rounded down: 99.96 % is not 100 %."""
    return f"{math.floor(1000 * share) / 10:.1f}%"


def label(lever: Lever, voice: Voice) -> str:
    """What a lever is called: its label behind the name of what it belongs to, or its path."""
    own = (lever.zh if voice.language == "zh" else "") or lever.label
    if not own:
        return lever.path
    named = voice.say("{name}: {label}", name=lever.entry, label=own) if lever.entry else own
    arm = lever.path.rpartition(":")[0]
    named = f"{named} · {arm}" if arm else named
    return f"{named} ({voice.unit})" if lever.unit == "money" else named


def step(lever: Lever) -> float:
    """By how much a lever moves: 1, 2 or 5 times a power of ten, about a hundredth of its way; 1 at least if whole."""
    rough = (lever.high - lever.low) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    found = next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough * (1.0 - 1e-9))
    return max(1.0, found) if lever.whole else found


def _control(number: int, lever: Lever, voice: Voice) -> dict[str, Any]:
    return {"number": number, "label": label(lever, voice), "path": lever.path}


def _table(result: Result, found: Levers, voice: Voice) -> Table:
    """Arms by metrics, with empty places that the script fills in."""
    metrics = _metrics(found)
    place = Markup('<span id="lever-{}-{}"><span></span> <span class="limits"></span></span>')
    rows = [(arm, *(place.format(n, k) for k in range(len(metrics)))) for n, arm in enumerate(result.arms)]
    return Table([voice.say("arm"), *(_heading(name, voice) for name in metrics)], rows)


def _metrics(found: Levers) -> list[str]:
    return list(dict.fromkeys(surface.metric for surface in found.surfaces))


def _heading(name: str, voice: Voice) -> str:
    heading, entry = voice.say(metric(name).label), metric(name)
    return f"{heading} ({voice.unit})" if entry.divisor != 1.0 else heading


def _as_json(result: Result, found: Levers, voice: Voice) -> str:
    """All that the script needs; "<" is written so that no name can end the element that holds it."""
    drawn, arms, metrics = colours(result.arms, result.baseline), list(result.arms), _metrics(found)
    content = {
        "levers": [
            {
                "label": label(each, voice),
                "low": each.low,
                "high": each.high,
                "log": each.log,
                "whole": each.whole,
                "value": each.value,
                "step": step(each),
            }
            for each in found.levers
        ],
        "at": found.at,
        "replicates": found.replicates,
        "times": found.times,
        "arms": [{"name": arm, "colour": drawn[arm]} for arm in arms],
        "metrics": metrics,
        "surfaces": [
            {
                "arm": arms.index(each.arm),
                "metric": metrics.index(each.metric),
                "started": each.started,
                "lengths": each.lengths,
                "weights": _packed(each.weights),
                "reach": each.reach,
                "error": each.error,
            }
            for each in found.surfaces
        ],
        "leads": [[arms.index(each.arm), arms.index(each.over), each.reach, each.error] for each in found.leads],
        "words": _words(voice),
        "scales": [[by.divisor, by.suffix] for by in rounding.scales(voice.language)],
        "below": 1000 if voice.language == "en" else 10_000,
        "profit": _heading("profit", voice),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _packed(weights: tuple[tuple[float, ...], ...]) -> str:
    """All bits of numbers, in half the room that their digits take."""
    return base64.b64encode(np.array(weights, "<f8").tobytes()).decode()


def _words(voice: Voice) -> dict[str, str]:
    """What the page says by itself; names between braces are put in there."""
    say = voice.say
    names = ("best", "other", "profit", "low", "high", "lead", "least", "most")
    put_in = {name: "{" + name + "}" for name in names}
    return {
        "ahead": say(
            "“{best}” earns most: {profit} ({low} to {high}), {lead} more than “{other}” ({least} to {most}).", **put_in
        ),
        "close": say(
            "“{best}” and “{other}” are too close to call: the lead of {lead} ({least} to {most}) includes zero.",
            **put_in,
        ),
        "alone": say("“{best}” earns {profit} ({low} to {high}).", **put_in),
        "range": say("{low} to {high}", **put_in),
        "money": rounding.paid("{amount}", voice.currency, voice.language),
    }
