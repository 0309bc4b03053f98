"""The scenario format, assembled from the parameters of customers, places, staff and mechanisms."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, WithJsonSchema, create_model, model_validator

from trafficsim.market.calendar import Calendar, Factor
from trafficsim.market.customers import Customers
from trafficsim.market.places import Place, Staff
from trafficsim.market.quantities import (
    Day,
    Money,
    Multiple,
    Parameters,
    Price,
    Score,
    Share,
    Slider,
    Unit,
    Weight,
    setting,
)
from trafficsim.mechanisms.advertising import Advertising
from trafficsim.mechanisms.care import Care
from trafficsim.mechanisms.hooks import Hook
from trafficsim.mechanisms.joining import Joining
from trafficsim.mechanisms.leaving import Leaving
from trafficsim.mechanisms.posts import Posts
from trafficsim.mechanisms.purchasing import Purchasing
from trafficsim.mechanisms.seating import Seating
from trafficsim.mechanisms.shared.audiences import Audience
from trafficsim.mechanisms.shared.own import Mechanism, registered
from trafficsim.mechanisms.talking import Talking
from trafficsim.mechanisms.tiers import Tier
from trafficsim.mechanisms.visits import Visits
from trafficsim.mechanisms.win_back import WinBack
from trafficsim.mechanisms.word_of_mouth import WordOfMouth
from trafficsim.scenario.claims import Claim, Fact
from trafficsim.words.language import Language

Off = Literal["off"]
Shape = Literal["uniform", "triangular", "lognormal", "beta"]
"""How plausible the values within a range are (see `study.uncertain`)."""
Correlation = Annotated[float, Field(gt=-1.0, lt=1.0)]


class Product(Parameters):
    """What is sold."""

    price: Price = setting("list price of one unit", slider=Slider("Price of the product", "产品售价"))
    market_price: Price | None = setting(
        "what the market asks for the like, against which the price is felt; unless given, the price that the file"
        " gives for all arms, before replacements, arms and events change it",
        default=None,
    )
    unit_cost: Money = setting("cost of goods of one unit", slider=Slider("Cost of goods of one unit", "单件成本"))
    quality: Score = setting(
        "quality as a well-matched customer experiences it",
        default=0.7,
        slider=Slider("Quality of the product", "产品质量"),
    )
    discount_rate_per_year: Share = setting(
        "by how much money loses worth in a year, for the present value of profit", default=0.0, fixed=True
    )


class Rivals(Parameters):
    """The outside option."""

    pull: Weight = setting("what rivals gain in the choice, above the field's usual pull", default=0.0)


class Plan(Parameters):
    """All settings of one arm at one time: the file without what speaks about arms, events, claims and sources.

    A subclass has a section more for each mechanism of one's own, off unless given (see `plan_type`).
    """

    known: ClassVar[tuple[Mechanism, ...]] = ()
    """The mechanisms of one's own that have a section."""

    format: Literal[1] = setting("version of the format", fixed=True)
    title: str = setting("one line", fixed=True, label=True)
    about: str = setting("the question in a few lines", default="", fixed=True, label=True)
    currency: Annotated[str, Field(min_length=1, max_length=8)] = setting(
        "of all money", default="CNY", fixed=True, label=True
    )
    language: Language = setting("of pictures and the report", default="en", fixed=True, label=True)
    start: dt.date = setting("date of day 0", fixed=True)
    days: Annotated[int, Field(ge=1, le=32_000)] = setting("days simulated", fixed=True)
    cash_at_start: Money = setting(
        "cash before day 0, to which contribution profit is added up: for how long it lasts", default=0.0, fixed=True
    )
    customers: Customers = setting("the population", fixed=True)
    product: Product = setting("what is sold")
    places: dict[str, Place] = setting("platforms, media, stores and pools, by name")
    staff: dict[str, Staff] | Off = setting("who serves them, by name", default={})
    audiences: dict[str, Audience] = setting(
        "groups of customers at whom posts, offers, hooks and others can be aimed, by name", default={}
    )
    calendar: Calendar = setting("seasons, weekdays and festivals", default=Calendar(), fixed=True)
    demand: Factor = setting(
        "needs and visits as a multiple of what they would be, besides the calendar; for events to change", default=1.0
    )
    rivals: Rivals = setting("the outside option", default=Rivals())
    visits: Visits | Off = setting("who opens which platform", default=Visits())
    advertising: dict[str, Advertising] | Off = setting("campaigns, by place", default="off")
    posts: dict[str, Posts] | Off = setting("content cadence, by place", default="off")
    hooks: dict[str, Hook] | Off = setting("hooks, by name", default="off")
    joining: Joining | Off = setting("how requests to join are met", default=Joining())
    purchasing: Purchasing | Off = setting("how needs become orders", default=Purchasing())
    seating: Seating | Off = setting("who finds a seat; off: stores never fill", default=Seating())
    word_of_mouth: WordOfMouth | Off = setting("telling", default="off")
    win_back: WinBack | Off = setting("asking those who left once more", default="off")
    talking: Talking | Off = setting("how groups whose members may talk grow warm", default=Talking())
    leaving: Leaving | Off = setting("quitting pools", default=Leaving())
    care: dict[str, Care] | Off = setting("care for members one by one, by name", default="off")
    tiers: dict[str, Tier] | Off = setting("members with perks of their own, by name", default="off")

    @property
    def own(self) -> tuple[Mechanism, ...]:
        """The mechanisms of one's own that are on."""
        return tuple(mechanism for mechanism in self.known if getattr(self, mechanism.name) != "off")

    def as_json(self) -> dict[str, Any]:
        """As built-in types; without mechanisms of one's own that are off, so that knowing them changes nothing."""
        return self.model_dump(mode="json", exclude={m.name for m in self.known} - {m.name for m in self.own})

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled with its mechanisms, which another process loads before it reads the settings."""
        return _restored, (self.known, self.__getstate__())


def own_of(plans: Iterable[Plan]) -> tuple[Mechanism, ...]:
    """The mechanisms of one's own that are on in any of these plans, by name."""
    found = {mechanism.name: mechanism for plan in plans for mechanism in plan.own}
    return tuple(found[name] for name in sorted(found))


def plan_type() -> type[Plan]:
    """`Plan` with a section for each mechanism of one's own that is known now."""
    return _plan_with(registered())


@cache
def _plan_with(mechanisms: tuple[Mechanism, ...]) -> type[Plan]:
    if not mechanisms:
        return Plan
    sections: dict[str, Any] = {m.name: (m.parameters | Off, setting(m.about, default="off")) for m in mechanisms}
    kind: type[Plan] = create_model("Plan", __base__=Plan, __module__=__name__, **sections)
    kind.known = mechanisms
    return kind


def _restored(mechanisms: tuple[Mechanism, ...], state: dict[Any, Any]) -> Plan:
    kind = _plan_with(mechanisms)
    plan = kind.__new__(kind)
    plan.__setstate__(state)
    return plan


DottedPath = Annotated[str, Field(min_length=1)]
"""Names joined by dots: a key that is no name of its own."""


Every = Literal["year", "month", "week"]
LONGEST = {"year": 365, "month": 28, "week": 7}
"""Days of what recurs so often, at most: it is over before it begins again."""


class Event(Parameters):
    """A change of settings on a day, for good or for a time, once or again and again, in every arm that has them.

    On each day a setting has the value of the event that began last of those in force that give it one, times the
    factors of all that are in force. When an event ends, all is as it would be without it.
    """

    day: Day | None = setting(
        "first day on which the change is in force: a day number or a date; nothing where it recurs", default=None
    )
    every: Every | None = setting("how often it recurs", default=None)
    on: Annotated[Any, WithJsonSchema({"type": ["integer", "string"]})] = setting(
        "its first day where it recurs: every year a month and a day such as 06-18, every month 1 to 31, every week a"
        " weekday such as wed; a day that a month hasn't got is the last day of the month",
        default=None,
    )
    days: Annotated[int, Field(ge=1, le=32_000), Unit("days")] | None = setting(
        "for how many days; unless given, for good, and for one day where it recurs", default=None
    )
    set: Annotated[dict[str, Any], Field(min_length=1)] = setting("new values, by dotted path", default={})
    times: Annotated[dict[str, Multiple], Field(min_length=1)] = setting(
        "by what numbers are multiplied, by dotted path", default={}
    )

    @model_validator(mode="after")
    def _says_when_and_what(self) -> "Event":
        if (self.day is None) == (self.every is None):
            raise ValueError("must begin on a day, or recur: give either day, or every and on")
        if (self.every is None) != (self.on is None):
            raise ValueError("every and on go together, such as every: month, on: 8")
        if not (self.set or self.times):
            raise ValueError("must change something: give set (new values) or times (factors)")
        if self.every and self.days and self.days > LONGEST[self.every]:
            raise ValueError(
                f"must be over before it begins again: days at most {LONGEST[self.every]} every {self.every} "
                f"(got {self.days})"
            )
        return self


class Source(Parameters):
    """Where a number comes from."""

    source: Annotated[str, Field(min_length=1)] | None = setting("publication, measurement or experience", default=None)
    assumed: bool = setting("nobody has measured it", default=False)
    fitted: Annotated[str, Field(min_length=1)] | None = setting(
        "counts that it was fitted to: file and dates (written by calibrate)", default=None
    )
    can_tell: bool | None = setting("whether those counts tell it; one that they don't is still assumed", default=None)
    range: tuple[float, float] | None = setting("plausible range: lowest, highest", default=None)
    takes_along: tuple[str, ...] = setting(
        "numbers of the file that keep their proportion to this one within its range; * for any name", default=()
    )
    shape: Shape | None = setting(
        "how plausible the values within the range are, the file's own being the most likely; by default triangular, "
        "for money and rates on the scale of their logarithm",
        default=None,
    )
    correlations: dict[str, Correlation] = setting(
        "how this number goes with others that have a range: rank correlations from -1 to 1, by dotted path", default={}
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Source":
        if (self.source is not None) + self.assumed + (self.fitted is not None) != 1:
            raise ValueError("give a source, or say assumed: true")
        if self.can_tell is not None and self.fitted is None:
            raise ValueError("can_tell is about what was fitted: give fitted too")
        if self.range is not None and self.range[0] >= self.range[1]:
            raise ValueError("the range must rise: [lowest, highest]")
        if self.takes_along and self.range is None:
            raise ValueError("without a range, nothing moves that takes_along could follow")
        if self.range is None and (self.shape or self.correlations):
            raise ValueError("without a range, a number has no shape and no correlations")
        if self.shape == "lognormal" and self.range and self.range[0] <= 0:
            raise ValueError("shape lognormal: the range must begin above 0")
        return self


class Translation(Parameters):
    """What readers of another language are shown in place of the file's own texts; it changes no number."""

    title: str | None = setting("the title", default=None)
    about: Annotated[str, Field(min_length=1)] | None = setting("the question in a few lines", default=None)
    labels: dict[str, str] = setting("labels in this language, by name", default={})
    says: dict[str, str] = setting("what facts and claims say in this language, by name", default={})
    because: dict[str, str] = setting("their `because` or `unreached` in this language, by name", default={})
    sources: dict[str, str] = setting(
        "sources in this language: of facts and claims by name, of numbers by the dotted path", default={}
    )


class Frame(Parameters):
    """What a file says about its arms, events, facts, claims and sources, beside the settings of `Plan`."""

    events: dict[str, Event] = setting("dated changes, by name", default={})
    arms: dict[str, dict[str, Any]] = setting(
        "strategies under comparison: overrides of the settings, by name", default={}
    )
    against: dict[str, dict[str, Any]] = setting(
        "what rivals may do: overrides of the settings, by name, laid over each arm (see `trafficsim against`)",
        default={},
    )
    baseline: str | None = setting("the arm that others are compared with; the first unless given", default=None)
    equal_budget: tuple[str, ...] = setting("arms whose advertising is scaled until they spend the same", default=())
    equal_sum: Annotated[float, Field(gt=0)] | None = setting(
        "what each arm of equal_budget spends in the run; what the last one spends unless given", default=None
    )
    asks: Literal["profit", "new_customers", "members", "orders", "revenue", "delivered"] = setting(
        "what the question in `about` is about: the first sentence of the answer is; `delivered` by day and place",
        default="profit",
    )
    facts: dict[str, Fact] = setting("what was observed in the real case, by name", default={})
    claims: dict[str, Claim] = setting("what sources say will come out, by name", default={})
    labels: dict[str, str] = setting(
        "what arms, places, hooks and so on are called where they are shown, by name", default={}
    )
    translations: dict[Language, Translation] = setting(
        "title, question, labels, sources and what facts and claims say in other languages", default={}
    )
    plausible: Annotated[str, Field(min_length=1)] | None = setting(
        "file of plausible worlds (written by calibrate), beside the scenario or below", default=None
    )
    sources: dict[DottedPath, str | Source] = setting("where numbers come from, by dotted path", default={})
