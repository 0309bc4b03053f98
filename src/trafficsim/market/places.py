"""Places: where customers meet the brand (public platforms, paid media, stores, private pools), and who serves them."""

import math
from typing import Annotated, Literal

from pydantic import Field, model_validator

from trafficsim.compiled import rule
from trafficsim.market.quantities import (
    AudienceName,
    Count,
    Discount,
    Money,
    Parameters,
    PerWeek,
    Phrase,
    PlaceName,
    Probability,
    Score,
    Share,
    Slider,
    Unit,
    Weight,
    setting,
)

MAX_PLACES = 32
"""Places met are a bit each, in a byte for each eight."""
MAX_POOLS = 8
MAX_UNITS = 32_000
"""Groups, or people of the staff, of one pool: a member's unit is a signed 16-bit column."""
HOME_BITS = 16
HOMES = 1 << HOME_BITS
"""Places where customers may live, along a line on which branches and regions lie."""
KINDS = ("public", "paid", "store", "pool")
PUBLIC_KIND, PAID_KIND, STORE_KIND, POOL_KIND = range(4)
GROUP_FORM, CONTACT_FORM, ACCOUNT_FORM, APP_FORM, SMS_FORM, PHONE_FORM = range(6)
SHARE_TOLERANCE = 1e-6
"""How far written shares may miss their sum of 1 by rounding."""


class Closing(Parameters):
    """What every place has."""

    shut: bool = setting(
        "whether it is shut, banned or down: nobody gets in, and nothing is shown, posted, sold or joined there; its"
        " members stay, and are there when it opens again. Rent, tools and wages go on, perks by the month don't",
        default=False,
        phrase=Phrase("shut", "已关闭"),
    )


class Channel(Closing):
    """What every place has that can take orders."""

    discount: Discount = setting(
        "standing price cut at this place", default=0.0, phrase=Phrase("everything there at {value}", "全场 {value}")
    )
    convenience: Weight = setting("how much easier buying here is than at a neutral place", default=0.0)
    delivery_cost: Money = setting("cost of delivering one order from here", default=0.0)
    delivers: Share | None = setting(
        "share of the orders here that are brought home, each at delivery_cost; the others are fetched, or eaten in. "
        "Unless given: all if delivery_cost is given, else none",
        default=None,
    )


class Public(Channel):
    """Somebody else's audience: reach is free but not owned."""

    kind: Literal["public"] = setting("somebody else's audience", fixed=True)
    visits_per_week: PerWeek = setting("how often an average customer opens the platform", default=1.0)
    commission: Share | None = setting(
        "share of the price that the platform keeps; when given, customers can buy there",
        default=None,
        slider=Slider("commission", "平台佣金"),
    )


class Paid(Closing):
    """Bought reach: a medium that people look at and that shows only what is paid for."""

    kind: Literal["paid"] = setting("reach that is bought", fixed=True)
    visits_per_week: PerWeek = setting("how often an average customer looks at this medium", default=3.0)


class Slot(Parameters):
    """A time of day at a store, with its share of demand and its seats."""

    share: Share = setting("share of the store's customers who would come at that time; all shares sum to 1")
    seats: Count = setting(
        "orders that all branches together can serve in that slot of a day, each an equal part", sampled=True
    )
    flexible: Share = setting(
        "share of those turned away who come in another slot of the day if it has seats", default=0.3
    )


class Store(Channel):
    """A shop, physical or online."""

    kind: Literal["store"] = setting("a shop", fixed=True)
    visits_per_week: PerWeek = setting("walking in without a need (footfall) by an average customer", default=0.0)
    commission: Share = setting(
        "share of the price kept by the platform that hosts an online shop",
        default=0.0,
        slider=Slider("commission", "平台佣金"),
    )
    fixed_cost_per_day: Money = setting("rent and other fixed costs of all branches", default=0.0)
    set_up_cost: Money = setting("what it costs to open it, paid once on the day on which it opens", default=0.0)
    branches: Annotated[Count, Field(ge=1, le=65_536)] = setting(
        "branches; each customer lives in the catchment of one", default=1, fixed=True
    )
    open_branches: Count | None = setting("branches that are open; all unless given", default=None)
    slots: dict[str, Slot] = setting("times of day, by name; a store without slots never fills", default={}, fixed=True)

    @model_validator(mode="after")
    def _shares_are_whole_and_branches_there(self) -> "Store":
        total = sum(slot.share for slot in self.slots.values())
        if self.slots and abs(total - 1.0) > SHARE_TOLERANCE:
            raise ValueError(f"the shares of all slots must sum to 1 (they sum to {total:.4g})")
        if self.open_branches is not None and self.open_branches > self.branches:
            raise ValueError(f"open_branches ({self.open_branches}) can't exceed branches ({self.branches})")
        return self


class Pool(Channel):
    """A relation that the brand owns: followed account, group, one-to-one contact, own app, or a telephone number."""

    kind: Literal["pool"] = setting("a relation that the brand owns", fixed=True)
    form: Literal["group", "contact", "account", "app", "sms", "phone"] = setting(
        "what the pool is; of sms and phone the members are those whose number is known and who did not refuse",
        fixed=True,
    )
    open_rate: Probability = setting(
        "chance that an average member reads a post", slider=Slider("posts opened by members", "成员打开率")
    )
    perk: Score = setting(
        "lasting value of staying (free delivery, service, member sale)",
        default=0.0,
        slider=Slider("appeal of the perk for members", "成员权益的吸引力", first=True),
    )
    perk_cost_per_member_month: Money = setting(
        "what the perk costs the brand",
        default=0.0,
        slider=Slider("cost of the perk, a member and month", "权益成本（每人每月）"),
        phrase=Phrase("perks for {value} a member and month", "成员权益成本每人每月 {value}"),
    )
    perk_cost_per_order: Money = setting(
        "what the perk costs the brand each time a member orders, wherever that is",
        default=0.0,
        slider=Slider("cost of the perk, an order of a member", "权益成本（成员每单）"),
        phrase=Phrase("perks for {value} an order of a member", "成员每单权益成本 {value}"),
    )
    cost_per_message: Money = setting(
        "what it costs to send one post to one member, read or not: a text message, a call",
        default=0.0,
        slider=Slider("cost of a message", "每条触达成本"),
        phrase=Phrase("{value} a message", "每条 {value}"),
    )
    tool_cost_per_day: Money = setting(
        "software and fees", default=0.0, phrase=Phrase("tools for {value} a day", "工具每天 {value}")
    )
    set_up_cost: Money = setting(
        "what it costs to open it (an own app, a first team), paid once on the day on which it opens",
        default=0.0,
        phrase=Phrase("{value} to set it up", "开办费 {value}"),
    )
    removes: AudienceName | None = setting(
        "members whom the brand removes for good at the end of each day, such as who came for gifts alone; nobody "
        "unless given",
        default=None,
        phrase=Phrase("removing “{value}”", "清退“{value}”"),
    )
    members_talk: bool = setting(
        "members may talk to each other; else the group is muted",
        default=False,
        phrase=Phrase("members free to talk to each other", "成员可以互相交流"),
    )
    seats_first: bool = setting(
        "members are seated before others", default=False, phrase=Phrase("members seated first", "成员优先入座")
    )
    friction: Weight = setting("what joining takes, such as installing an app, in logits", default=0.0)
    shop: bool = setting(
        "members can order in the pool's own shop, without commission",
        default=False,
        phrase=Phrase("with a shop of its own", "自带商城"),
    )
    group_size: Annotated[Count, Field(ge=1, le=32_000)] = setting(
        "places in one group", default=500, source="WeChat's limit for a group", sampled=True
    )
    groups: Annotated[Count, Field(ge=1, le=MAX_UNITS)] = setting("groups that may be opened", default=MAX_UNITS)


Place = Annotated[Public | Paid | Store | Pool, Field(discriminator="kind")]


class Staff(Parameters):
    """People who serve a place for a wage; the members of a pool of form contact belong to one of them each."""

    count: Annotated[Count, Field(le=1_000_000)] = setting("people")
    serves: PlaceName = setting("the place they serve", fixed=True)
    wage_per_day: Money = setting("wage of one person", default=0.0, slider=Slider("wage a day", "每日人工"))
    adds_per_day: Count = setting("new members that one person can add in a day", default=50, sampled=True)
    contacts: Count = setting(
        "members that one person can hold", default=5000, source="personal WeChat's limit", sampled=True
    )
    friends: Count = setting("friends of one person who see Moments posts, members or not", default=0, sampled=True)
    moments_per_week: PerWeek = setting("Moments posts of each person", default=0.0)
    hours_per_day: Annotated[float, Field(ge=0.0, le=24.0), Unit("hours")] = setting(
        "hours a day that one person has for care (see care)",
        default=8.0,
        source="assumed: a working day",
        sampled=True,
    )
    moments_seen: Probability = setting("chance that a friend sees a Moments post", default=0.1)
    moments_salience: Score = setting("share of the gap to full salience closed by seeing one", default=0.15)


def sells(place: Public | Paid | Store | Pool) -> bool:
    """Whether customers can place an order there."""
    if isinstance(place, Store):
        return True
    if isinstance(place, Pool):
        return place.shop
    return isinstance(place, Public) and place.commission is not None


def share_delivered(place: Public | Paid | Store | Pool) -> float:
    """The share of a place's orders that are brought home; where only a cost is given, all of them are."""
    if isinstance(place, Paid):
        return 0.0
    return float(place.delivery_cost > 0.0) if place.delivers is None else place.delivers


@rule
def branch_of(home: int, branches: float) -> int:
    """The branch in whose catchment a customer lives: homes 0 ... HOMES - 1 lie along the branches in equal parts."""
    return (home * int(branches)) >> HOME_BITS


@rule
def is_open(branch: int, open_branches: float) -> bool:
    """Whether a branch is open: the first so many are, or all of them if no number is given (NaN)."""
    return math.isnan(open_branches) or branch < open_branches
