"""What a new scenario asks for: each question is about one setting, whose range the schema declares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from trafficsim.market.customers import Customers, Segment
from trafficsim.market.places import Pool, Staff
from trafficsim.market.quantities import Parameters
from trafficsim.mechanisms.advertising import Advertising
from trafficsim.scenario import Mistake, Scenario, ScenarioError
from trafficsim.scenario.errors import Where, described, did_you_mean, listed
from trafficsim.scenario.schema import Plan, Product
from trafficsim.scenario.shapes import allowed
from trafficsim.words.language import LANGUAGES, Language, Sentence, words

Kind = Literal["shop", "restaurant", "online", "durable", "service", "subscription"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FORMS = {"group": "group", "wecom": "contact", "account": "account", "app": "app"}
"""The pools that one can ask for, and the form of pool that each is in a scenario."""
CHOICES: dict[str, tuple[str, ...]] = {"language": LANGUAGES, "kind": KINDS, "pool": tuple(FORMS)}
"""Questions that are answered by one of a few words."""
ALSO_CALLED = {
    "language": {"中文": "zh", "汉语": "zh", "英文": "en", "英语": "en", "english": "en", "chinese": "zh"},
    "kind": {
        "店": "shop", "小店": "shop", "门店": "shop", "餐厅": "restaurant", "餐馆": "restaurant", "饭店": "restaurant",
        "网店": "online", "电商": "online", "线上品牌": "online", "耐用品": "durable", "服务": "service",
        "美容院": "service", "理发店": "service", "养生馆": "service", "salon": "service", "spa": "service",
        "lounge": "service", "会员制": "subscription", "健身房": "subscription", "月卡": "subscription",
        "年卡": "subscription", "gym": "subscription", "club": "subscription",
    },
    "pool": {
        "群": "group", "社群": "group", "微信群": "group", "企业微信": "wecom", "企微": "wecom", "公众号": "account",
        "自有app": "app", "应用": "app",
    },
}  # fmt: skip
"""Other words that are taken for an answer."""

NOBODY = Sentence.say("a WeCom contact belongs to one of the staff; give 1, and --wage 0 if the owner does it (got 0)")


@dataclass(frozen=True)
class Question:
    """A question about one setting: the class and field that declare it, and its path, in which * is any name."""

    model: type[Parameters]
    setting: str
    path: str

    @property
    def allowed(self) -> str:
        """What the schema allows; empty if anything."""
        return allowed(self.model.model_fields[self.setting])

    def found(self, settings: Iterable[str]) -> str:
        """The first of a scenario's settings that the question is about."""
        return next(path for path in settings if fnmatchcase(path, self.path))


QUESTIONS = {
    "name": Question(Plan, "title", "title"),
    "customers": Question(Customers, "count", "customers.count"),
    "days_between_needs": Question(Segment, "days_between_needs", "customers.segments.*.days_between_needs"),
    "price": Question(Product, "price", "product.price"),
    "unit_cost": Question(Product, "unit_cost", "product.unit_cost"),
    "ad_budget": Question(Advertising, "budget_per_day", "advertising.*.budget_per_day"),
    "pool": Question(Pool, "form", "places.*.form"),
    "staff": Question(Staff, "count", "staff.*.count"),
    "wage": Question(Staff, "wage_per_day", "staff.*.wage_per_day"),
}
"""All questions beside language and kind, in the order in which they are asked."""


@dataclass(frozen=True)
class Usual:
    """What is usual for a kind of business: answers for whoever has none.

    Prices, costs, wages and how often people buy lie near published figures, which the template of the kind names
    (`known`); the rest is assumed. `fixed_share` is rent, wages and other fixed costs a day as a share of all that the
    market spends on such things: the published share of sales, times the share of the market that such a business has
    in a run without any marketing.
    """

    customers: int
    days_between_needs: float
    price: float
    cost_share: float
    ads_per_customer: float
    pool: str
    staff: int
    wage: float
    fixed_share: float


USUAL: dict[Kind, Usual] = {
    "shop": Usual(20_000, 14, 60, 0.7, 0.0075, "group", 1, 70, 0.011),
    "restaurant": Usual(30_000, 20, 150, 0.4, 0.005, "group", 1, 70, 0.014),
    "online": Usual(20_000, 36, 400, 0.36, 0.03, "wecom", 1, 200, 0.0),
    "durable": Usual(200_000, 1_460, 3_000, 0.5, 0.005, "wecom", 1, 250, 0.002),
    "service": Usual(20_000, 30, 240, 0.55, 0.005, "wecom", 1, 70, 0.0075),
    "subscription": Usual(12_000, 365, 2_400, 0.1, 0.01, "wecom", 1, 70, 0.036),
}
"""A wage of 70 a day is two hours' of somebody who mostly does other work; of 200 and more a full day's."""


def completed(kind: Kind, language: Language, given: Mapping[str, Any]) -> dict[str, Any]:
    """All answers: those given, and what is usual for the rest, in proportion to the price and market given."""
    usual, say = USUAL[kind], words(language)
    names = {
        "shop": say("My shop"),
        "restaurant": say("My restaurant"),
        "online": say("My online brand"),
        "durable": say("My durable product"),
        "service": say("My studio"),
        "subscription": say("My gym"),
    }
    first: dict[str, Any] = {
        "name": names[kind],
        "customers": usual.customers,
        "days_between_needs": usual.days_between_needs,
        "price": usual.price,
        "pool": usual.pool,
        "staff": usual.staff,
        "wage": usual.wage,
    } | dict(given)
    derived = {
        "unit_cost": round_to_two(first["price"] * usual.cost_share),
        "ad_budget": round_to_two(first["customers"] * usual.ads_per_customer),
    }
    answers = derived | first
    return {name: answers[name] for name in QUESTIONS}


def chosen(name: str, typed: str) -> str:
    """The option that is meant by an answer, whatever its case; the answer itself if none is."""
    word = typed.strip().lower()
    return word if word in CHOICES[name] else ALSO_CALLED[name].get(word, typed)


def round_to_two(number: float) -> float:
    """A number with two digits that matter, whole where it can be."""
    rounded = float(f"{number:.2g}")
    return int(rounded) if rounded == int(rounded) else rounded


def choice_mistakes(name: str, answer: Any) -> list[Mistake]:
    """What is wrong with the answer to a question of a few words."""
    options = CHOICES[name]
    if answer in options:
        return []
    says = f"must be {listed(options)} (got {described(answer)}){did_you_mean(str(answer), options)}"
    return [Mistake(Where(flag(name)), "", says)]


def mistakes(usual: Scenario, answers: Mapping[str, Any]) -> list[Mistake]:
    """What is wrong with some answers, tried out as settings of the scenario that has the usual ones."""
    found = choice_mistakes("pool", answers["pool"]) if "pool" in answers else []
    paths = {QUESTIONS[name].found(usual.settings()): name for name in answers if name != "pool"}
    try:
        usual.replace({path: answers[name] for path, name in paths.items()})
    except ScenarioError as error:
        # The answers together may be too much for a setting that none is about: so many people have too many ties.
        where = [Where(flag(paths[m.path]) if m.path in paths else "new") for m in error.mistakes]
        found += [Mistake(at, m.path, m.says) for at, m in zip(where, error.mistakes, strict=True)]
    return found


def flag(name: str) -> str:
    """The option of the command line that answers a question."""
    return "--" + name.replace("_", "-")


def nobody_there(kind: Kind, answers: Mapping[str, Any]) -> list[Mistake]:
    """A pool of contacts without staff, which nobody could join."""
    if answers.get("pool", USUAL[kind].pool) != "wecom" or answers.get("staff") != 0:
        return []
    return [Mistake(Where(flag("staff")), "", NOBODY.said("en"))]
