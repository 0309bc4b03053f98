"""What settings are called in sentences: in quotation marks, by the words that `trafficsim.scenario.naming` has."""

from dataclasses import replace
from typing import Any

from trafficsim.report.differences import shown
from trafficsim.report.voice import Voice
from trafficsim.results.uncertain import Uncertain
from trafficsim.scenario.naming import is_money, is_score, is_share, quoted_setting, setting_in_words


def in_words(path: str, voice: Voice) -> str:
    """A setting under its labels in words, “VIP group: posts a week”; its path where it has none."""
    return quoted_setting(path, voice.say)


def in_a_table(path: str, voice: Voice) -> str:
    """A setting in words for a row, with its scale where its number has no unit."""
    name = setting_in_words(path, voice.say)
    return voice.say("{name} (0 least, 1 most)", name=name) if is_score(path) else name


def value_in_words(path: str, value: Any, voice: Voice) -> str:
    """What a setting is: a share in percent, a sum with its currency, all else as the file has it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return shown(value)
    if is_share(path):
        return voice.percent(value)
    return voice.price(value) if is_money(path) else shown(value)


def in_words_of(found: Uncertain, voice: Voice) -> Uncertain:
    """The same over plausible worlds, its numbers in words instead of paths."""

    def named(path: str) -> str:
        return in_words(path, voice)

    hinges = tuple(replace(hinge, path=named(hinge.path)) for hinge in found.hinges)
    rules = tuple(
        replace(rule, conditions=tuple(replace(each, path=named(each.path)) for each in rule.conditions))
        for rule in found.rules
    )
    beliefs = tuple(replace(belief, path=named(belief.path)) for belief in found.beliefs)
    return replace(found, hinges=hinges, rules=rules, beliefs=beliefs)
