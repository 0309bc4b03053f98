"""How many replicates there are and why, where that followed from what they said."""

from trafficsim.report.voice import Voice
from trafficsim.results.stopping import Stopping


def stopped(stopping: Stopping | None, replicates: int, confidence: float, voice: Voice) -> list[str]:
    """That replicates were added until an aim was reached, or not, and that intervals allow for it; else nothing."""
    if stopping is None:
        return []
    aim = _reached(stopping, replicates, voice) if stopping.reached else _missed(stopping, replicates, voice)
    return [aim, _allowed_for(stopping, confidence, voice)]


def _reached(stopping: Stopping, replicates: int, voice: Voice) -> str:
    say, many = voice.say, f"{replicates:,}"
    if stopping.aim == "decided":
        return say("Replicates were added until every profit difference was decided: {many} in all.", many=many)
    if stopping.aim == "precise":
        return say(
            "Replicates were added until every profit difference was known within {share} of its size: {many} in all.",
            share=voice.percent(stopping.share),
            many=many,
        )
    if stopping.aim == "claims":
        return say("Replicates were added until no claim was undecided: {many} in all.", many=many)
    return say("Replicates were added until there were enough: {many} in all.", many=many)


def _missed(stopping: Stopping, replicates: int, voice: Voice) -> str:
    say, many = voice.say, f"{replicates:,}"
    if stopping.aim == "decided":
        return say("{many} replicates, the most allowed, leave some profit difference undecided.", many=many)
    if stopping.aim == "precise":
        return say(
            "{many} replicates, the most allowed, leave some profit difference known less well than within {share} of "
            "its size.",
            share=voice.percent(stopping.share),
            many=many,
        )
    if stopping.aim == "claims":
        return say("{many} replicates, the most allowed, leave some claim undecided.", many=many)
    return say("{many} replicates, the most allowed, are not enough for what was asked.", many=many)


def _allowed_for(stopping: Stopping, confidence: float, voice: Voice) -> str:
    sure = f"{confidence * 100:g}%"
    if stopping.together == 1:
        return voice.say("Intervals are wider for it: with {sure} they hold at every look on the way.", sure=sure)
    return voice.say(
        "Intervals are wider for it: with {sure} they hold at every look on the way, for the {together} comparisons "
        "that were to be decided together.",
        sure=sure,
        together=f"{stopping.together:,}",
    )
