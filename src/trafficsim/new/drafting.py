"""From answers to the text of a scenario: one template for each kind of business, in the reader's language."""

import datetime as dt
import json
import math
import re
import shlex
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from trafficsim.data.orders import read_orders
from trafficsim.new.from_orders import BUYERS_SHARE, Told, told_by
from trafficsim.new.questions import (
    USUAL,
    Kind,
    choice_mistakes,
    completed,
    flag,
    mistakes,
    nobody_there,
    round_to_two,
)
from trafficsim.scenario import Mistake, Scenario, ScenarioError, load_text
from trafficsim.scenario.errors import Where
from trafficsim.words.language import Language, words

LINE = 118
"""Columns of a line of text, as in the shipped scenarios."""
SAMPLE = 20_000
"""Customers in a sample of a larger market, so that an answer comes within a minute."""
UNSAMPLED = 30_000
"""The largest market that is simulated whole."""
BUYERS = ("buyers", "big_spenders")
"""Names of the segments that an order log tells."""


def new_scenario(
    kind: Kind,
    *,
    name: str | None = None,
    customers: int | None = None,
    days_between_needs: float | None = None,
    price: float | None = None,
    unit_cost: float | None = None,
    ad_budget: float | None = None,
    pool: str | None = None,
    staff: int | None = None,
    wage: float | None = None,
    language: Language = "en",
    file: str = "my.yaml",
    orders: str | Path | None = None,
) -> str:
    """The text of a commented scenario for a business of one's own; what is not given is assumed, as its text says.

    Args:
        kind: shop, restaurant, online (a brand that sells online), durable (bought every few years), service (sold by
            the visit or pass) or subscription (memberships that are renewed, such as a gym's).
        name: of the business.
        customers: everybody whom it could reach.
        days_between_needs: mean days between two occasions on which one of them buys such a thing anywhere.
        price, unit_cost: of one usual purchase, in CNY.
        ad_budget: CNY a day for advertisements; 0 leaves them out.
        pool: group, wecom, account or app.
        staff, wage: how many look after the pool, and what each costs a day in CNY.
        language: of comments, names and reports.
        file: what the comments call the file.
        orders: an order log, CSV or Excel, with a column each for customer, date and amount. It tells segments, how
            often their buyers order and how unequal they are, price, baskets and who has bought; what is given besides
            comes first.

    Returns:
        YAML that `load` takes, with a comment at each number.

    Raises:
        ScenarioError: with every answer that the schema doesn't allow.
        DataError: with what is wrong in the log, or if it tells too little.
    """
    answers = {
        "name": name, "customers": customers, "days_between_needs": days_between_needs, "price": price,
        "unit_cost": unit_cost, "ad_budget": ad_budget, "pool": pool, "staff": staff, "wage": wage,
    }  # fmt: skip
    given = {question: answer for question, answer in answers.items() if answer is not None}
    wrong = [*choice_mistakes("kind", kind), *choice_mistakes("language", language)]
    if wrong or (wrong := refused(kind, given)):
        raise ScenarioError(wrong)
    log = told_by(read_orders(Path(orders))) if orders is not None else None
    if log and customers is not None and customers < log.buyers:
        says = f"must be at least {log.buyers}, the buyers in {Path(log.file).name} (got {customers})"
        raise ScenarioError([Mistake(Where(flag("customers")), "", says)])
    text = drafted(kind, language, given, file, log)
    load_text(text, Path(file).stem)
    return text


def refused(kind: Kind, given: Mapping[str, Any]) -> list[Mistake]:
    """What the schema doesn't allow among some answers."""
    return mistakes(_usual(kind), given) or nobody_there(kind, given) if given else []


@cache
def _usual(kind: Kind) -> Scenario:
    """What is usual for a kind; cached, because it takes a moment and every answer is tried out in it."""
    return load_text(drafted(kind, "en", {}, ""), "usual")


def drafted(kind: Kind, language: Language, given: Mapping[str, Any], file: str, log: Told | None = None) -> str:
    """The text of a scenario, its answers unchecked."""
    rendered = partial(_rendered, kind, language, given, file, log)
    text = rendered({})
    used = {name: label for name, label in _labels(language).items() if _is_named(name, text)}
    return rendered(used) if used else text


def _answered_by(log: Told | None) -> dict[str, Any]:
    """The questions that an order log answers."""
    if log is None:
        return {}
    first = log.segments[0]
    customers = math.ceil(log.buyers / BUYERS_SHARE)
    return {"customers": customers, "days_between_needs": first.days_between_orders, "price": log.price}


def _segments_of(log: Told, usual: Sequence[tuple[str, float, float, float]]) -> list[tuple[str, float, float, float]]:
    """The segments of a log by name, share, fit and deal proneness; what it can't tell is as in the usual first one."""
    _, _, fit, deals = usual[0]
    others = [own.share for own in log.segments[1:]]
    shares = [round(1.0 - sum(others), 2), *others]  # rounded each by itself they may not sum to 1
    return [(name, share, fit, deals) for name, share in zip(BUYERS, shares, strict=False)]


def _told(log: Told, what: str, low: float | None = None, high: float | None = None) -> str:
    """Where a number comes from that a log tells, with a range if it is uncertain."""
    source = _quoted(f"{Path(log.file).name}, {log.first} – {log.last}: {what}")
    return source if low is None else f"{{source: {source}, range: [{low:.6g}, {high:.6g}]}}"


def _is_named(name: str, text: str) -> bool:
    """Whether a scenario has an entry of this name: in a section, or among the segments."""
    return re.search(rf"^  {name}:|^    {name}: {{share", text, re.MULTILINE) is not None


def _rendered(
    kind: Kind, language: Language, given: Mapping[str, Any], file: str, log: Told | None, labels: Mapping[str, str]
) -> str:
    answers = completed(kind, language, {**_answered_by(log), **given})
    say = words(language)
    market = answers["customers"] / answers["days_between_needs"] * answers["price"]
    return (
        _templates()
        .get_template(f"{kind}.yaml.j2")
        .render(
            a=answers,
            n=_names(),
            labels=labels,
            stands_for=_stands_for(answers["customers"]),
            say=say,
            language=language,
            start=dt.date.today().isoformat(),  # noqa: DTZ011 - the user's day
            file=shlex.quote(file),
            rent=round_to_two(market * USUAL[kind].fixed_share),
            share=lambda part: round_to_two(answers["price"] * part),
            span=f"{round_to_two(answers['price'] / 2)}:{round_to_two(answers['price'] * 2)}",
            assumed=_assumed,
            assumed_with=partial(_assumed_with, answers),
            origin=_origin_of(answers, given, say("given by you")),
            log=log,
            told=partial(_told, log) if log else None,
            needs_told="days_between_needs" not in given,
            price_told="price" not in given,
            segments_of=_segments_of,
        )
    )


@cache
def _templates() -> Environment:
    environment = Environment(  # noqa: S701 - YAML, not HTML; what users give is quoted by the filter `yaml`
        loader=PackageLoader("trafficsim.new"), undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters |= {"yaml": _quoted, "folded": _folded}
    return environment


def _stands_for(people: int) -> int:
    """How many people each simulated customer stands for."""
    return 1 if people <= UNSAMPLED else math.ceil(people / SAMPLE)


def _names() -> dict[str, str]:
    """The names of arms, places, hooks and so on: the same in every language, since they key the random numbers."""
    return {name: name for name in _labels("zh")}


def _labels(language: Language) -> dict[str, str]:
    """What they are called where they are shown, if not by their names."""
    labels: dict[str, dict[str, str]] = json.loads(
        (files("trafficsim.new") / "templates" / "names.json").read_text(encoding="utf-8")
    )
    return labels[language]


def _assumed(low: float, high: float) -> str:
    return f"{{assumed: true, range: [{low:.6g}, {high:.6g}]}}"


def _assumed_with(answers: Mapping[str, Any], question: str, low: float, high: float, other: str) -> str:
    """An assumption about an answer, from `low` to `high` times its value, with which another number moves."""
    ends = _assumed(round_to_two(answers[question] * low), round_to_two(answers[question] * high))
    return f"{ends[:-1]}, takes_along: [{other}]}}"


def _origin_of(answers: Mapping[str, Any], given: Mapping[str, Any], by_you: str) -> Callable[..., str]:
    """Where an answer comes from: the user, or an assumption with a range from `low` to `high` times its value."""

    def origin(question: str, low: float, high: float) -> str:
        usual = answers[question]
        return _quoted(by_you) if question in given else _assumed(round_to_two(usual * low), round_to_two(usual * high))

    return origin


def _quoted(text: str) -> str:
    """Text as YAML takes it wherever it stands; JSON is a part of YAML."""
    return json.dumps(text, ensure_ascii=False)


def _folded(text: str) -> str:
    """A text as a folded block; Chinese line by sentence, since YAML puts a space wherever a line ends."""
    lines = (
        textwrap.wrap(text, LINE) if text.isascii() else text.replace("。", "。\n").replace("？", "？\n").split("\n")
    )
    return textwrap.indent("\n".join(line for line in lines if line), "  ")
