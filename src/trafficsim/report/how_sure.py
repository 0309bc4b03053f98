"""How sure an answer is as far as luck goes: in how many runs the leads came out that it rests on."""

from collections.abc import Sequence

from trafficsim.report.standing import listed
from trafficsim.report.voice import Voice
from trafficsim.report.winner import Told
from trafficsim.results import Result


def sure(told: Told, result: Result, confidence: float, voice: Voice) -> list[str]:
    """How sure it is, as far as luck goes, on what the advice rests; nothing where it rests on no lead."""
    say, said = voice.say, []
    if told.certain:
        text = "The difference is not luck ({share} sure): {parts}."
        if sum(len(others) for _, others in told.certain) > 1:
            text = "The differences are not luck ({share} sure of each): {parts}."
        parts = voice.parts(_certain(result, best, others, voice) for best, others in told.certain)
        said.append(say(text, share=f"{confidence * 100:g}%", parts=parts))
    if told.uncertain:
        text = "This may be luck: {parts}." if said else "It may be luck: {parts}."
        said.append(say(text, parts=voice.parts(_open(result, best, other, voice) for best, other in told.uncertain)))
    return [voice.joined(said)] if said else []


def _certain(result: Result, best: str, others: Sequence[str], voice: Voice) -> str:
    say, runs = voice.say, f"{result.replicates:,}"
    wins = [_wins(result, best, other) for other in others]
    if all(each == result.replicates for each in wins):
        text = "“{best}” earned more than {others} in all {runs} simulated runs"
        return say(text, best=best, others=listed(others, voice), runs=runs)
    parts = [
        say("more than “{other}” in {ahead}", other=o, ahead=f"{won:,}") for o, won in zip(others, wins, strict=True)
    ]
    text = "of {runs} simulated runs, “{best}” earned {parts}"
    return say(text, best=best, parts=voice.clauses(parts), runs=runs)


def _open(result: Result, best: str, other: str, voice: Voice) -> str:
    ahead = _wins(result, best, other)
    text = "“{best}” earned more than “{other}” in {ahead} of {runs} simulated runs"
    if ahead == result.replicates:
        text = (
            "“{best}” earned more than “{other}” in all {runs} simulated runs, but by amounts that differ too much for "
            "so few runs to settle it"
        )
    return voice.say(text, best=best, other=other, ahead=f"{ahead:,}", runs=f"{result.replicates:,}")


def _wins(result: Result, best: str, other: str) -> int:
    """In how many replicates an arm earns more than another."""
    earned = result.values("profit")
    return int((earned.sel(arm=best, drop=True) > earned.sel(arm=other, drop=True)).sum())
