"""Customers: segments and what they start with (settings), and the columns that hold them."""

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from trafficsim.market.places import HOMES
from trafficsim.market.quantities import (
    Count,
    Days,
    Discount,
    Parameters,
    Probability,
    Score,
    Shape,
    Share,
    Strength,
    Unit,
    setting,
)

MAX_REGIONS = 64
"""Regions of a scenario: as many as a tally holds without being wider than it is for cohorts of some years."""
Size = Annotated[float, Field(gt=0.0, le=1e9), Unit("ratio")]


class Segment(Parameters):
    """A group of customers who are alike in need, fit, deal proneness and basket."""

    share: Share = setting("share of all customers; all shares sum to 1")
    days_between_needs: Days = setting("mean days between two occasions of need (the mean of the rates, inverted)")
    need_shape: Shape = setting(
        "shape of the gamma over customers' own need rates; small = unequal",
        default=0.6,
        source="CDNOW's repeat orders: r .553 of Pareto/NBD (Fader, Hardie and Lee 2005), .6 to .9 by our rules",
    )
    fit: Score = setting("mean taste for the product")
    fit_spread: Score = setting("half-width of fit within the segment", default=0.15)
    deal_prone: Score = setting("mean weight on deals")
    deal_spread: Score = setting("half-width of deal proneness within the segment", default=0.15)
    basket: Annotated[float, Field(gt=0, le=1000)] = setting(
        "mean spend per order as a multiple of the price", default=1.0
    )
    basket_spread: Strength = setting(
        "spread of the basket (standard deviation of its logarithm)",
        default=0.55,
        source="CDNOW's orders: gamma-gamma of q 3.74, so that customers' means spread by .553 (Fader, Hardie and Lee"
        " 2005, Journal of Marketing Research 42)",
    )


class AtStart(Parameters):
    """Who already knows the brand, has bought, or is a member on day 0. Who has bought also knows.

    Day 0 is this, the same in every arm; times are before day 0, and what fades does so by `memory` from then on:

    - *Everybody* trusts the brand by `memory.trust_at_start` and expects `memory.usual_discount` times their deal
      proneness off what the market asks. Nobody has a need open, an offer in hand or anything ahead; nobody is tired.
    - *Who has bought* (a share `bought`) has made one order, at what the market asks, of a product as the file gives it
      for all arms, on a day drawn evenly within `bought_within_days`. It has left what an order leaves: salience 1,
      acquaintance `purchasing.acquaintance`, trust closer by `purchasing.trust_step` to quality x (0.4 + 0.8 fit) (at
      most 1), and a usual discount closer by `purchasing.usual_discount_step` to none. Both memories fade from that day
      on, and who was touched by nothing since may have drifted away.
    - *Who knows the brand* without having bought (up to a share `aware`) has acquaintance `acquaintance`, no salience.
    - *Members* (a share of everybody for each pool, drawn by itself) joined by no hook; those among them who would not
      know the brand know it as the others do.
    - *All others* have never heard of it. `route` of all who know it is "start".
    """

    aware: Share = setting("share of customers who know the brand (buyers included)", default=0.0)
    bought: Share = setting("share of customers who have bought before", default=0.0)
    bought_within_days: Days = setting("their last order lies evenly within so many days", default=180.0)
    acquaintance: Score = setting("acquaintance of those who know the brand but have not bought", default=0.1)
    members: dict[str, Share] = setting("share of customers who are members, by pool", default={})

    @model_validator(mode="after")
    def _buyers_are_aware(self) -> "AtStart":
        if self.bought > self.aware:
            raise ValueError(
                f"bought ({self.bought:g}) can't exceed aware ({self.aware:g}): who has bought knows the brand"
            )
        return self


class TiesSettings(Parameters):
    """Who knows whom."""

    kind: Literal["small_world", "scale_free", "random", "mixed", "file"] = setting(
        "form of the graph", default="small_world"
    )
    mean: Annotated[float, Field(ge=0, le=1000)] = setting("mean number of acquaintances", default=10.0)
    rewired: Probability = setting("small_world: share of ties that lead anywhere", default=0.1)
    homophily: Share = setting("share of ties made within the own segment beyond chance (Coleman 1958)", default=0.3)
    alike: Share = setting(
        "share of ties made, beyond chance, within the own fifth of need and fifth of fit (of the segment); does"
        " nothing for kinds mixed and file",
        default=0.4,
        source="assumed: friends' tastes correlate by about .1 to .4; connected customers' revenue does too"
        " (Haenlein 2011), and so do margins of referrers and those whom they refer (Van den Bulte et al. 2018)",
    )
    file: str | None = setting(
        "kind file: a CSV edge list with columns a and b, beside the scenario or below", default=None
    )

    @model_validator(mode="after")
    def _file_goes_with_kind(self) -> "TiesSettings":
        if (self.kind == "file") != (self.file is not None):
            raise ValueError("kind: file and the key 'file' go together")
        return self


class Memory(Parameters):
    """Two memories, a tired mind and a habit: how fast they fade, where they start."""

    salience_half_life_days: Days = setting(
        "half-life of the fast memory", default=10.0, source="weekly carry-over of digital media (5 to 15 days)"
    )
    acquaintance_half_life_days: Days = setting(
        "half-life of the slow memory",
        default=365.0,
        source="fitted to CDNOW repeat orders beside drifting away (250 to 730 days are as likely)",
    )
    acquaintance_per_contact: Score = setting(
        "what a contact adds to acquaintance, as a share of what it adds to salience", default=0.05
    )
    days_to_drift: Days = setting(
        "mean days without any contact until someone drifts away: the brand no longer comes to mind, until a contact"
        " brings it back, or its time has come (the mean of customers' own rates, inverted)",
        default=135.0,
        source="Pareto/NBD of CDNOW's repeat orders: s .606, beta 11.669 weeks (Fader, Hardie and Lee 2005)",
    )
    drift_shape: Shape = setting(
        "shape of the gamma over customers' own rates of drifting away; small = unequal",
        default=0.6,
        source="the same",
    )
    days_to_return: Days = setting(
        "mean days until someone who has drifted away comes back without any contact",
        default=900.0,
        source="calibrated: orders of CDNOW's customers who had none for most of a year; as likely as none ever in the"
        " weeks before",
    )
    trust_at_start: Score = setting("trust of someone who has no experience", default=0.30)
    usual_discount: Discount = setting("discount that customers of the field are used to", default=0.15)
    fatigue_half_life_days: Days = setting("half-life of fatigue", default=7.0)
    opens_shape: Shape = setting(
        "shape of the gamma over customers' own propensity to open posts; small = unequal",
        default=0.35,
        source="calibrated: of a list 51 to 61 % open anything in half a year (vendors)",
    )
    opens_with_need: Annotated[float, Field(ge=0, le=1 / 3)] = setting(
        "rank correlation of customers' own propensity to open posts with how often they need the product",
        default=0.3,
        source="calibrated: subscribers who open nothing spend a third of what the others do",
    )
    interest_half_life_days: Days = setting(
        "days after which half of what is new to a member of a pool has gone: in a group all interest in its posts,"
        " fresh again with every order; elsewhere what `novelty` adds to it",
        default=28.0,
        source="calibrated: of 67 marketing groups on WeCom most were alive for less than two months",
    )
    novelty: Strength = setting(
        "how many times as much again who has just joined an account, a contact, an app or a list reads",
        default=1.0,
        source="the first mail is opened 1.4 to 4 times as often as later ones (vendors); of accounts assumed",
    )


class Customers(Parameters):
    """The population."""

    count: Annotated[Count, Field(ge=1)] = setting("customers simulated")
    each_stands_for: Annotated[Count, Field(ge=1, le=1_000_000)] = setting(
        "people in reality per simulated customer; counts and money are scaled back", default=1
    )
    segments: dict[str, Segment] = setting("the segments, by name")
    regions: dict[str, Size] = setting(
        "where customers live, by name, in the order in which branches lie: how large each is beside the others, by"
        " branches or people; what is counted by region is only where some are given",
        default={},
    )
    at_start: AtStart = setting("the population on day 0", default=AtStart())
    ties: TiesSettings = setting("who knows whom", default=TiesSettings())
    memory: Memory = setting("memory and habits", default=Memory())

    @property
    def by_code(self) -> dict[str, Segment]:
        """The segments in the order of their codes, which is by name: the order of the file decides nothing."""
        return dict(sorted(self.segments.items()))

    @property
    def region_ends(self) -> dict[str, int]:
        """The first home beyond each region (see `traits.home`); regions of whole branches end where these do."""
        so_far = np.cumsum(list(self.regions.values()))
        return {name: math.ceil(HOMES * end / so_far[-1]) for name, end in zip(self.regions, so_far, strict=True)}

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> "Customers":
        total = sum(s.share for s in self.segments.values())
        if not self.segments:
            raise ValueError("at least one segment is needed")
        if abs(total - 1) > 1e-6:
            raise ValueError(f"shares of the segments must sum to 1 (got {total:g})")
        return self
