"""What settings are called for readers: by the entry's label and the words of its slider, not by their paths."""

from dataclasses import replace

from trafficsim.report.differences import plans
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.uncertain import Uncertain
from trafficsim.scenario.settings import Setting, settings


def in_words(path: str, result: Result, voice: Voice) -> str:
    """A setting in words, “VIP group: posts a week”; its path where it has none."""
    arm, colon, bare = path.rpartition(":")
    _, *below = bare.split(".")
    setting = _found(bare, result)
    if setting is None or setting.slider is None:
        return path
    said = (setting.slider.zh if voice.language == "zh" else "") or setting.slider.label
    named = voice.say("{name}: {label}", name=below[0], label=said) if len(below) > 1 else said
    return f"“{named}” ({arm})" if colon else f"“{named}”"


def in_words_of(found: Uncertain, result: Result, voice: Voice) -> Uncertain:
    """The same over plausible worlds, its numbers in words instead of paths."""

    def named(path: str) -> str:
        return in_words(path, result, voice)

    hinges = tuple(replace(hinge, path=named(hinge.path)) for hinge in found.hinges)
    rules = tuple(
        replace(rule, conditions=tuple(replace(each, path=named(each.path)) for each in rule.conditions))
        for rule in found.rules
    )
    beliefs = tuple(replace(belief, path=named(belief.path)) for belief in found.beliefs)
    return replace(found, hinges=hinges, rules=rules, beliefs=beliefs)


def _found(path: str, result: Result) -> Setting | None:
    for several in plans(result).values():
        for _, plan in several:
            if path in (known := settings(plan)):
                return known[path]
    return None
