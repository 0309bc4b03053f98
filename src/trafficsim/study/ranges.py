"""Plausible ranges of numbers that a scenario leaves to their defaults, or assumes without a range of its own.

The one list that `--uncertain`, `--robust` and `--leans` share: of the behavioural defaults, those that decide. Where
no measurement is named a range is assumed: half the default to one and a half times it; for the level of a choice, in
logits, one unit to either side for joining and half a unit for buying, since a business knows better how many buy.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plausible:
    """The lowest and highest plausible value of a default, and where they come from."""

    low: float
    high: float
    source: str = "assumed"
    form: str = ""
    """It is moved only where there is a pool of this form."""


DEFAULTS = {
    "customers.memory.trust_at_start": Plausible(0.15, 0.45),
    "customers.memory.salience_half_life_days": Plausible(5.0, 15.0, "weekly carry-over of digital media"),
    "customers.memory.acquaintance_half_life_days": Plausible(180.0, 730.0, "fits to CDNOW repeat orders"),
    "customers.memory.days_to_drift": Plausible(100.0, 300.0, "fits to CDNOW repeat orders"),
    "customers.memory.days_to_return": Plausible(450.0, 1800.0, "assumed: as likely in fits to CDNOW repeat orders"),
    "customers.memory.acquaintance_per_contact": Plausible(0.025, 0.075),
    "customers.memory.usual_discount": Plausible(0.075, 0.225),
    "customers.memory.fatigue_half_life_days": Plausible(3.5, 10.5),
    "advertising.*.notice": Plausible(0.01, 0.03, "assumed within 1 to 3 %, as its default"),
    "advertising.*.wear_out": Plausible(2.0, 6.0),
    "posts.*.salience": Plausible(0.175, 0.525),
    "posts.*.trust_step": Plausible(0.01, 0.03),
    "posts.*.repaid": Plausible(0.3, 0.9),
    "hooks.*.intercept": Plausible(-4.2, -2.2),
    "hooks.*.per_trust": Plausible(1.25, 3.75),
    "hooks.*.per_worth": Plausible(1.0, 3.0),
    "purchasing.intercept": Plausible(-3.2, -2.2),
    "purchasing.per_fit": Plausible(1.0, 3.0),
    "purchasing.per_trust": Plausible(0.75, 2.5),
    "purchasing.per_price": Plausible(0.2, 2.5, "own-price elasticities of about -1 to -4.5 (Bijmolt et al. 2005)"),
    "purchasing.per_price_deal": Plausible(2.75, 8.25),
    "purchasing.loss_aversion": Plausible(1.0, 2.0, "assumed: from none to that of choices of durables"),
    "purchasing.stocked": Plausible(0.4, 1.0),
    "purchasing.channel_dissimilarity": Plausible(0.15, 0.45),
    "purchasing.channel_variety": Plausible(0.0, 1.0, "assumed: from nothing to a nested logit in full"),
    "purchasing.trust_step": Plausible(0.04, 0.12),
    "care.*.trust_step": Plausible(0.01, 0.2, "assumed: from less than a post to as much as two orders"),
    "care.*.salience": Plausible(0.175, 0.525),
    "word_of_mouth.salience": Plausible(0.25, 0.75),
    "word_of_mouth.trust_passed": Plausible(0.25, 0.75),
    "leaving.hazard": Plausible(0.005, 0.02, "unfollows of accounts from .03 to .16 % a day"),
    "leaving.per_trust": Plausible(2.5, 7.5),
    "leaving.per_perk": Plausible(1.0, 3.0),
    "leaving.per_deal": Plausible(0.75, 2.25),
    "leaving.per_fatigue": Plausible(0.125, 0.375),
    "leaving.per_interest": Plausible(1.25, 3.75),
    "leaving.after_cash": Plausible(0.25, 0.75),
    "leaving.after_coupon": Plausible(0.1, 0.4),
    "leaving.after_gift": Plausible(0.1, 0.4),
    "leaving.group_times": Plausible(1.0, 4.0, "assumed: a message in a group rings like one of a friend", "group"),
    "leaving.contact_times": Plausible(1.0, 3.0, "assumed: the same of a contact", "contact"),
    "leaving.sms_times": Plausible(4.0, 15.0, "vendors' counts of refusals for each message, 1 to 4 %", "sms"),
    "leaving.phone_times": Plausible(
        8.0, 40.0, "assumed: a call disturbs two to three times as much as a message", "phone"
    ),
    "leaving.folds": Plausible(0.25, 0.75),
    "customers.memory.interest_half_life_days": Plausible(
        14.0, 56.0, "assumed: half to twice what makes most groups fall silent within two months"
    ),
    "customers.memory.novelty": Plausible(0.4, 3.0, "a first mail is opened 1.4 to 4 times as often (vendors)"),
    "customers.memory.opens_shape": Plausible(0.2, 0.7, "25 to 73 % of a list open anything in half a year (vendors)"),
    "customers.memory.opens_with_need": Plausible(0.0, 0.33),
    "posts.*.used_late": Plausible(0.25, 0.75),
    "word_of_mouth.teller_trust": Plausible(
        0.05, 0.35, "assumed: from a third of its default to what binds twice as much"
    ),
}
"""By path, with * for any name. Entries of one default move together."""

WRITTEN = {"customers.segments.*.days_between_needs": 1.5}
"""Numbers of a file that are moved though it gives no range, each alone, unless it names a source: by how many times
they may be more or less (assumed)."""
