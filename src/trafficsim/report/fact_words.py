"""How near a scenario can be brought to what was observed: in sentences, and as a table for the terminal."""

from typing import Any

from rich.table import Table
from rich.text import Text

from trafficsim.report.claims import measured_in_words, observed_in_words, word_of
from trafficsim.report.verdicts import fit_in_words
from trafficsim.report.voice import Voice
from trafficsim.scenario.naming import quoted_setting
from trafficsim.study.meeting_facts import FactFit
from trafficsim.words import rounding
from trafficsim.words.called import called
from trafficsim.words.language import Language, words


def facts_table(found: FactFit, language: Language) -> Table:
    """Each fact: what was observed, and what came out before and after."""
    voice, labels = Voice(language, found.scenario.currency), found.scenario.labels
    say = voice.say
    table = Table(box=None, pad_edge=False)
    for head in ("fact", "observed", "before", "after"):
        table.add_column(say(head), overflow="fold")
    observed = {name: observed_in_words(fact, say) for name, fact in found.scenario.facts.items()}
    for before, after in zip(found.before, found.after, strict=True):
        told = (f"{word_of(each, say)}: {measured_in_words(each, voice)}" for each in (before, after))
        table.add_row(Text(called(before.name, labels)), observed[before.name], *told)
    return table


def facts_answer(found: FactFit, language: Language) -> list[str]:
    """Which facts are met, which can't be within the ranges, and which numbers were moved for it."""
    voice = Voice(language)
    say, labels = voice.say, found.scenario.labels
    lines = [
        fit_in_words(found.after, voice),
        *(
            say(
                "{fact}: within the ranges it went from {low} to {high}; {observed} was observed.",
                fact=called(each.name, labels),
                low=rounding.short(found.reached[each.name][0], language=language),
                high=rounding.short(found.reached[each.name][1], language=language),
                observed=observed_in_words(found.scenario.facts[each.name], say),
            )
            for each in found.after
            if each.status != "holds"
        ),
    ]
    moved = [f"{quoted_setting(path, say, labels)} = {value:g}" for path, value in found.moved.items()]
    return [*lines, say("Moved: {numbers}.", numbers=say(", ").join(moved) or say("none"))]


def fit_as_json(found: FactFit) -> dict[str, Any]:
    """The same for other programs."""
    return {
        "scenario": found.scenario.name,
        "points": found.points,
        "facts": [
            {
                "name": after.name,
                "observed": found.scenario.facts[after.name].observed,
                "before": before.measured.middle,
                "after": after.measured.middle,
                "verdict": word_of(after, words("en")),
                "reached": list(found.reached[after.name]),
            }
            for before, after in zip(found.before, found.after, strict=True)
        ],
        "moved": found.moved,
    }
