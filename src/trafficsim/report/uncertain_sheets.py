"""What plausible worlds came to, as sheets of a workbook."""

from collections.abc import Sequence

from trafficsim.report.sheet_columns import Column, Table
from trafficsim.report.voice import Voice
from trafficsim.results.uncertain import CONFIDENCE, Uncertain
from trafficsim.scenario.naming import setting_in_words


def tables(found: Uncertain, voice: Voice) -> list[Table]:
    """A sheet of arms and one of uncertain numbers."""
    return [_worlds(found, voice), _hinges(found, voice)]


def _worlds(found: Uncertain, voice: Voice) -> Table:
    """One row for each arm over the plausible worlds."""
    say, unit, arms = voice.say, voice.unit, found.arms
    profit = say("mean profit ({unit})", unit=unit)
    columns = [
        Column(say("arm"), "text", [each.arm for each in arms]),
        Column(say("earns most in"), "share", [each.best for each in arms]),
        *_limited(profit, "money", [each.profit for each in arms], voice),
        Column(say("in its worst world ({unit})", unit=unit), "money", [each.least for each in arms]),
        Column(say("in its best world ({unit})", unit=unit), "money", [each.most for each in arms]),
        Column(say("behind the best on average ({unit})", unit=unit), "money", [each.regret for each in arms]),
        Column(say("behind the best at most ({unit})", unit=unit), "money", [each.most_regret for each in arms]),
    ]
    return Table(say("plausible worlds"), columns)


def _hinges(found: Uncertain, voice: Voice) -> Table:
    """One row for each uncertain number, that worth most to know first."""
    say, unit, numbers = voice.say, voice.unit, found.by_worth
    believed = {each.path: each for each in found.beliefs}
    tips = [believed.get(each.path) for each in numbers]
    ends = say("lead at the low end"), say("lead at the high end")
    lead = [say("{what} ({unit})", what=end, unit=unit) for end in ends]
    columns = [
        Column(say("uncertain number"), "text", [setting_in_words(each.path, say) for each in numbers]),
        Column(say("value"), "text", [each.value for each in numbers]),
        Column(say("lowest plausible"), "text", [each.range[0] for each in numbers]),
        Column(say("highest plausible"), "text", [each.range[1] for each in numbers]),
        *[Column(head, "money", [each.leads[n] for each in numbers]) for n, head in enumerate(lead)],
        *_limited(say("variance explained alone"), "share", [each.first for each in numbers], voice),
        *_limited(say("with all others"), "share", [each.total for each in numbers], voice),
        Column(say("worth knowing ({unit})", unit=unit), "money", [each.worth for each in numbers]),
        Column(say("by chance, at most ({unit})", unit=unit), "money", [each.chance for each in numbers]),
        Column(say("mean as drawn"), "text", [each and each.mean for each in tips]),
        *_limited(
            say("mean at which another arm earns most"),
            "text",
            [(each.tips, *each.between) if each else (None, None, None) for each in tips],
            voice,
        ),
        Column(say("that arm"), "text", [each and each.arm for each in tips]),
    ]
    return Table(say("uncertain numbers"), columns)


def _limited(heading: str, kind: str, limits: Sequence[tuple[float | None, ...]], voice: Voice) -> list[Column]:
    """A number and its interval."""
    share = f"{CONFIDENCE:.0%}"
    heads = [
        heading,
        voice.say("{what}, lower limit ({share})", what=heading, share=share),
        voice.say("{what}, upper limit ({share})", what=heading, share=share),
    ]
    return [Column(head, kind, [each[n] for each in limits]) for n, head in enumerate(heads)]
