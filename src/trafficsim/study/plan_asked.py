"""Levers and limits of a plan as one types them."""

import datetime as dt
import re
from collections.abc import Sequence

from trafficsim.scenario import Mistake, Scenario, ScenarioError
from trafficsim.scenario.errors import Where
from trafficsim.study.planned import Limit
from trafficsim.study.planning import LEVER_LABEL
from trafficsim.study.varying import Values, parse_vary

LIMIT = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(?:@\s*([\d-]+)\s*)?(<=|>=)\s*(-?[\d.eE+]+)\s*")


def parse_levers(given: Sequence[str]) -> dict[str, Values]:
    """Settings to decide, of `PATH=LOW:HIGH` or `PATH=A,B`.

    Raises:
        ScenarioError: if one is neither, or given twice.
    """
    found: dict[str, Values] = {}
    for text in given:
        try:
            path, values = parse_vary(text)
        except ScenarioError as error:
            raise ScenarioError([Mistake(Where(LEVER_LABEL), m.path, m.says) for m in error.mistakes]) from None
        if values is None:
            says = "give its range or choices: PATH=LOW:HIGH or PATH=A,B"
            raise ScenarioError([Mistake(Where(LEVER_LABEL), text, says)])
        if path in found:
            raise ScenarioError([Mistake(Where(LEVER_LABEL), path, "is given twice")])
        found[path] = values
    return found


def parse_limit(text: str, case: Scenario) -> Limit:
    """A limit, of `NAME<=VALUE`, `NAME>=VALUE` or `NAME@DAY<=VALUE`, where DAY is a number from 0 or a date.

    Raises:
        ValueError: if it is none of these.
    """
    found = LIMIT.fullmatch(text)
    try:
        name, on, sign, value = found.groups() if found else ("", None, "", "")
        day = None if on is None else int(on) if on.isdigit() else (dt.date.fromisoformat(on) - case.start).days
        return Limit(name, float(value), sign == "<=", day)
    except ValueError:
        says = f"{text!r}: give NAME<=VALUE, NAME>=VALUE or NAME@DAY<=VALUE, such as spend@2024-03-31<=90000"
        raise ValueError(says) from None
