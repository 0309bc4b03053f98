"""How sure an answer is as far as luck goes: in how many runs the leads came out that it rests on."""

from collections.abc import Sequence

from trafficsim.report.standing import listed
from trafficsim.report.voice import Voice
from trafficsim.report.winner import Told
from trafficsim.results import Result


def sure(told: Told, result: Result, confidence: float, voice: Voice) -> list[str]:
    """How sure it is, as far as luck goes, on what the advice rests; nothing where it rests on no lead."""
    runs, say = f"{result.replicates:,}", voice.say
    said, still = [], []
    for best, others in told.certain:
        text = "How sure: not chance ({share} sure): “{best}” earned more than {others} in {ahead} of {runs} runs."
        if len(others) > 1:
            text = (
                "How sure: not chance ({share} sure of each): “{best}” earned more than {others} in {ahead} of {runs} "
                "runs."
            )
        put = {"best": best, "others": listed(others, voice), "share": f"{confidence * 100:g}%"}
        said.append(say(text, ahead=f"{_wins(result, best, others):,}", runs=runs, **put))
    for best, other in told.uncertain:
        ahead = _wins(result, best, (other,))
        text = "“{best}” earned more than “{other}” in {ahead} of {runs} runs, which may be chance"
        if ahead == result.replicates:
            text = (
                "“{best}” earned more than “{other}” in all {runs} runs, but by amounts that differ too much for so "
                "few runs to settle it"
            )
        still.append(say(text, best=best, other=other, ahead=f"{ahead:,}", runs=runs))
    if still:
        text = "Not sure: {parts}." if said else "How sure: not sure yet. {parts}."
        said.append(say(text, parts=voice.parts(still)))
    return [voice.joined(said)] if said else []


def _wins(result: Result, best: str, others: Sequence[str]) -> int:
    """In how many replicates an arm earns more than each of these."""
    earned = result.values("profit")
    return int((earned.sel(arm=best, drop=True) > earned.sel(arm=list(others))).all("arm").sum())
