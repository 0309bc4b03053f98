"""Targets of docs/validation.md: what was published, and the band within which the model passes.

The bands were written down before the first run of the checks and stay as they are; a miss is reported as a miss.
"""

import math
from dataclasses import dataclass

SCHMITT = "https://dro.deakin.edu.au/articles/journal_contribution/Referral_programs_and_customer_value/20844355"
GARNEFELD = (
    "https://experts.arizona.edu/en/publications/growing-existing-customers-revenue-streams-through-customer-refer"
)
LEWIS = "https://www.scilit.net/publications/90673934af444a370ed2306eb1842b25"
ALGESHEIMER = "https://www.zora.uzh.ch/id/eprint/35759/"
NARANG = (
    "https://marketbusinessnews.com/retailers-branded-mobile-apps-help-boost-monetary-value-of-purchases/213003/amp/"
)
ACCOUNT = "http://m.niaogebiji.com/article-24194-1.html"
COUPONS = "http://www.supermarketnews.com/archive/redeeming-values-1"
GOEL = "https://docslib.org/doc/12932404"
LESKOVEC = "https://arxiv.org/abs/physics/0509039"
SETHURAMAN = (
    "http://www.imresearchcenter.com/docs/"
    "how-well-does-advertising-work-generalizations-meta-analysis-brand-advertising-elasticities"
)
SBG = "Fader and Hardie 2007, How to project customer retention, Journal of Interactive Marketing 21, 76-90"
VILLANUEVA = "https://paperexplained.cn/articles/paper/detail/d291436a3045940cb6712e5188c4a576c7d5f8f6"
CDNOW = "Fader, Hardie and Lee 2005, Marketing Science 24, 275-284 (the sample of 2,357 customers)"
ARTICLE = "article 001 (a new customer costs 400 yuan)"
BIJMOLT = "Bijmolt, van Heerde and Pieters 2005, Journal of Marketing Research 42, 141-156"
HEERDE = "van Heerde, Leeflang and Wittink 2004, Marketing Science 23, 317-334"
NEWRANK = "https://www.niaogebiji.com/article-38451-1.html (8,464 official accounts, 2017)"
MAIL = "https://new-rebellion.com/benchmarks/email-marketing-open-click-rates (vendors)"
SMS = (
    "https://www.tatango.com/blog/average-opt-out-rate-for-retail-sms-marketing-campaigns , burstsms.com 2017 (vendors)"
)
PRACTITIONERS = "https://crypoe.com/archives/1262 (practitioners)"
AIRSHIP = "https://www.sgpjbg.com/bgdown/135628.html (vendor; observational)"
SAHNI = "Sahni, Zou and Chintagunta 2017, Management Science 63, 2688-2705"
TRUSOV = "Trusov, Bucklin and Pauwels 2009, Journal of Marketing 73, 90-102"
MANCHANDA = "Manchanda, Packard and Pattabhiramaiah 2015, Marketing Science 34, 367-387"
HINZ = "Hinz, Skiera, Barrot and Becker 2011, Journal of Marketing 75, 55-71"
ANDERSON = "Anderson and Simester 2004, Marketing Science 23, 4-20"
MELA = "Mela, Gupta and Lehmann 1997, Journal of Marketing Research 34, 248-261"
ROBYN = "https://www.rdocumentation.org/packages/Robyn/versions/3.11.1/topics/hyper_names"
WECOM = "67 marketing groups on WeCom, 2021 to 2023, 510,000 messages (an observer)"
LUCKIN = "https://www.sec.gov/Archives/edgar/data/1767582/000104746919002450/a2238391zf-1.htm"


@dataclass(frozen=True)
class Target:
    """One published result and the band of the check.

    `whole`: the whole 95 % interval must lie within the band (for results of which only the direction is published);
    else the estimate must. `unit`: "x" for ratios, "%" for shares and changes in percent, "yuan", or "" for plain
    numbers. `used`: whether a default was chosen knowing this result, so that a pass says less.
    """

    key: str
    name: str
    published: str
    low: float
    high: float
    unit: str
    source: str
    how: str
    whole: bool = False
    used: bool = True


TARGETS = (
    Target(
        "told_value", "Referred customers are more valuable", "at least 1.16 x (25 % with the cheaper acquisition)",
        1.16, 2.0, "x", SCHMITT,
        "Mature brand: order margin in the 364 days from the first order on, customers told within 30"
        " days before"
        " their first order against all others whose first order falls into the same window (days 60 to 365).",
    ),
    Target(
        "told_retention", "Their retention gap persists", "persists over 33 months",
        1.0, math.inf, "x", SCHMITT,
        "The same customers: share who order in days 273 to 364 after the first order, told against others.",
        whole=True,
    ),
    Target(
        "told_margin_fades", "Their margin gap fades", "fades",
        0.0, 1.0, "x", SCHMITT,
        "The same customers: margin of a quarter per customer who orders in it, told against others; this ratio in the"
        " fourth quarter after the first order over the one in the first.",
        whole=True,
    ),
    Target(
        "referring_binds", "Referring lowers the referrer's own churn", ".37 x (19 % to 7 % in a year)",
        0.25, 0.75, "x", GARNEFELD,
        "Mature brand with a pool that posts each day (so that, without telling, about as many quit as published):"
        " members who first told somebody in days 30 to 180; share who quit the pool within the 365 days after, against"
        " the same people in the world in which telling leaves the teller's own trust alone.",
    ),
    Target(
        "discount_halves", "A 35 % acquisition discount halves long-term value", "about .5 x",
        0.35, 0.65, "x", LEWIS,
        "Mature brand: customers whose first order falls into a month of 35 % off in the shop against those of the same"
        " month without it; order margin per head in the year from the first order on, that order itself left out.",
    ),
    Target(
        "community_causal", "Community: frequency caused", "-10 to +35 %, centre +20 %",
        -10.0, 35.0, "%", f"{ALGESHEIMER} , {NARANG}",
        "Scenario restaurant: orders in the year of those who join the group, against the same people without a pool.",
    ),
    Target(
        "community_naive", "Community: naive gap over the caused one", "far larger; at least 3 x",
        3.0, math.inf, "x", f"{ALGESHEIMER} , {NARANG}",
        "The same: orders per joiner over orders per non-joiner, in percent more, over the percentage caused.",
    ),
    Target(
        "account_reads", "Official account: opened posts", "1.2 % of fans per post",
        0.8, 1.4, "%", ACCOUNT,
        "An account with open rate 1.2 % (input) and three posts a week for half a year: reads per post and"
        " member, which"
        " fatigue, unequal opening and leaving could move away from the input.",
    ),
    Target(
        "coupon_public", "Coupon taken when met in public", "inserts 2.1 %, mail 4.8 %",
        2.0, 13.0, "%", COUPONS,
        "Everybody asked once, on the first day, on a public platform: a clear coupon worth a fifth of the price; share"
        " who take it (by joining an account).",
    ),
    Target(
        "coupon_store", "Coupon taken at the store", "point of sale 8.5 %, shelf 13.0 %",
        2.0, 13.0, "%", COUPONS,
        "The same coupon, the same first asking, of those who walk into a shop.",
    ),
    Target(
        "one_hop", "Referral cascades end after one hop", "the vast majority; at least 80 %",
        80.0, 100.0, "%", f"{GOEL} , {LESKOVEC}",
        "Young brand, two years: of the told customers' first orders, the share whose teller was no told customer.",
    ),
    Target(
        "told_minority", "Referred customers are a minority", "below one half",
        0.0, 50.0, "%", f"{GOEL} , {LESKOVEC}",
        "The same: told customers among all first orders.",
    ),
    Target(
        "ads_short", "Short-run advertising elasticity", ".12 (.05 to .20)",
        0.05, 0.20, "", SETHURAMAN,
        "Mature brand with steady advertising for a year, then a quarter (91 days) with twice the budget: log of the"
        " quarter's orders with over without, over log 2.",
    ),
    Target(
        "ads_long", "Long-run over short-run elasticity", "2 x (.24 over .12)",
        1.5, 3.0, "x", SETHURAMAN,
        "The same pulse: extra orders in the quarter and the year after, over extra orders in the quarter.",
    ),
    Target(
        "sbg_regular", "Retention, regular cohort, years 2 to 7", ".468 .382 .326 .289 .262 .241",
        0.0, 0.08, "", SBG,
        "A cohort that joins a pool on one day; posts a week are fitted to the published first year (.631) alone;"
        " largest"
        " deviation of the share still there in years 2 to 7.",
    ),
    Target(
        "sbg_highend", "Retention, high-end cohort, years 2 to 7", ".743 .653 .593 .551 .517 .491",
        0.0, 0.08, "", SBG,
        "The same, fitted to the published first year (.869).",
    ),
    Target(
        "sbg_rising", "Yearly retention rates rise with tenure", "rise in every year",
        0.0, math.inf, "", SBG,
        "Both cohorts: the smallest rise of the yearly rate r(t+1) / r(t) from one year to the next.",
    ),
    Target(
        "told_against_paid", "Told customers against paid ones, long run", "nearly 2 x",
        1.16, 2.5, "x", VILLANUEVA,
        "Mature brand, as above: order margin in the 364 days from the first order on, told customers against"
        " those who met the brand first by an advertisement and were not told.",
    ),
    Target(
        "paid_short_term", "Paid customers' value comes sooner", "more in the short term",
        1.0, math.inf, "x", VILLANUEVA,
        "The same: share of that margin that falls into the first 63 days, paid over told customers.",
        whole=True,
    ),
    Target(
        "top_fifth", "The top fifth outspends the rest", "8.4 x (article 002: super users 5 to 10 x)",
        5.0, 10.0, "x", CDNOW,
        "Mature brand: customers whose first order falls into days 0 to 83, seen until day 546; spend per head of"
        " the top"
        " fifth over that of the others.",
    ),
    Target(
        "top_tenth", "The top tenth outspends the rest", "9.3 x",
        6.0, 12.5, "x", CDNOW,
        "The same with the top tenth.",
    ),
    Target(
        "cac_100", "Cost of a new customer at 100 yuan a day", "400 yuan",
        300.0, 700.0, "yuan", ARTICLE,
        "Young brand, 20,000 customers, CPM 60, a year: advertising over extra first orders against no advertising.",
    ),
    Target(
        "cac_300", "Cost of a new customer at 300 yuan a day", "400 yuan", 300.0, 700.0, "yuan", ARTICLE,
        "The same.",
    ),
    Target(
        "cac_1000", "Cost of a new customer at 1,000 yuan a day", "400 yuan", 300.0, 700.0, "yuan", ARTICLE,
        "The same.",
    ),
    Target(
        "cac_falls", "The cost of a new customer falls at first", "falls (103 to 17 yuan in a year)",
        0.0, 1.0, "x", LUCKIN,
        "The same at 300 yuan a day, with talk: cost of a new customer in the second half-year over that in the first.",
        whole=True,
    ),
    Target(
        "own_price", "Own-price elasticity", "-2.62 on average (-1 to -4.5)",
        -4.5, -1.0, "", BIJMOLT,
        "Mature brand: a price 10 % above the market's for 26 weeks, from day 91 on, against the market's own; log of"
        " these weeks' orders with over without, over log 1.1.",
    ),
    Target(
        "promotion", "Orders while a fifth is off", "1.73 x (elasticity -3.6)",
        1.4, 2.1, "x", BIJMOLT,
        "Mature brand: 20 % off in the shop for two weeks, from day 91 on, against the same weeks without.",
    ),
    Target(
        "borrowed", "Share of a promotion's bump borrowed from the weeks after", ".33 (.10 to .55)",
        0.10, 0.55, "", HEERDE,
        "The same: orders that the eight weeks after it lack, over the orders that it added.",
    ),
    Target(
        "mailed", "An offer mailed to customers: the week after it", "+25 % (+37 % while it runs)",
        10.0, 40.0, "%", SAHNI,
        "Customers whose last order lies evenly within a year, all on a list with open rate .325 (the middle of .25 to"
        " .40), are mailed 20 % off once, valid for seven days; orders of the seven days after these, against the same"
        " people without.",
    ),
    Target(
        "drift_most", "Without contact: orders of the fourth quarter over the first, least of four needs", ".50",
        0.25, 0.75, "x", CDNOW,
        "New buyers who meet nothing of the brand, needs every 1, 7, 30 and 90 days, alike for all: the rate of need at"
        " which least is left. CDNOW's customers: 655 repeat orders in weeks 40 to 52 since the first order, 1,309 in"
        " weeks 1 to 13; half to one and a half times that.",
    ),
    Target(
        "drift_least", "The same, most of the four", ".50",
        0.25, 0.75, "x", CDNOW,
        "The same: the rate of need at which most is left.",
    ),
    Target(
        "drift_slows", "Who drifts away, drifts away early", ".91 over .61: 1.5 x",
        1.0, math.inf, "x", CDNOW,
        "The same, needs every 30 days: what the fourth quarter keeps of the third, over what the second keeps of the"
        " first.",
        whole=True,
    ),
    Target(
        "unfollow", "Unfollows of an account a day", ".08 % of followers (.03 to .16)",
        0.03, 0.16, "%", NEWRANK,
        "An account with open rate 1.2 % (input) and three posts a week for half a year, as above: who left a day, of"
        " those who followed.",
    ),
    Target(
        "unfollow_daily", "Unfollows of an account that posts every day", ".08 % of followers (.03 to .16)",
        0.03, 0.16, "%", NEWRANK,
        "The same with a post each day and open rate 5 %.",
    ),
    Target(
        "unsubscribe", "Unsubscribes for each mail delivered", ".1 to .5 %",
        0.1, 0.5, "%", MAIL,
        "A weekly newsletter with open rate 20 % (input) for half a year: who left, over mails delivered.",
    ),
    Target(
        "refusals", "Refusals for each text message", "1 to 4 % (retail 3.7, a platform's mean 2.55)",
        1.0, 4.0, "%", SMS,
        "A text message a week to buyers who left their number, of whom 20 % look at it (input), for half a year: who"
        " refused, over messages sent. `sms_times` was chosen by it, and tried on another shop first.",
    ),
    Target(
        "group_week", "Members of a group gone in their first week", "15 % alarms practitioners",
        0.0, 15.0, "%", PRACTITIONERS,
        "A group with open rate 35 % and three posts a week, joined for a gift at the shop: of those who joined in the"
        " first quarter, who had left after 7 days. Low trust: what alarms is known, not what is usual.",
    ),
    Target(
        "group_month", "Members of a group gone in a month", "10 % alarms practitioners",
        0.0, 10.0, "%", PRACTITIONERS,
        "The same group in its second half-year: who left in 30 days, of those who were there.",
        used=False,
    ),
    Target(
        "readers_stay", "Who opens more stays longer", "rises with engagement",
        0.0, math.inf, "%", AIRSHIP,
        "A group with open rate 35 % and three posts a week, of which all are members on day 0: still there after 180"
        " days, by quarter of their own propensity to open; the smallest rise from one quarter to the next, in points.",
        whole=True,
    ),
    Target(
        "cash_stays", "Who joined for cash stays less than who joined for know-how", "leaves sooner",
        0.0, 1.0, "x", f"{PRACTITIONERS} , {LEWIS}",
        "Two shops with the same group, one hook gives cash, the other know-how, of equal worth and cost: still there"
        " 90 days after joining, cash over know-how.",
        whole=True,
    ),
    Target(
        "cash_value", "Who joined for cash is worth less than who joined for know-how", "about .5 x (35 % discount)",
        0.35, 1.0, "x", LEWIS,
        "The same: order margin per head in the 180 days after joining, cash over know-how. Published for discounts"
        " against none; of hooks the direction, hence the wide band.",
    ),
    Target(
        "app_frequency", "App adopters order more often", "+33 % (items +34, spend +37)",
        10.0, 60.0, "%", NARANG,
        "Mature brand, needs every 36 days, with and without an app of its own (a shop, a post a week, an offer of"
        " 10 % every"
        " other week, open rate 20 %): orders of those who install it, in the half-year after, against the same"
        " people in"
        " the world without it.",
        used=False,
    ),
    Target(
        "community_revenue", "Revenue after joining that a community brings about", "19 %",
        8.0, 30.0, "%", MANCHANDA,
        "Mature brand, a group whose members may talk (three posts a week, one of them care, none an offer, open"
        " rate 35 %):"
        " revenue of joiners in the half-year after joining, less that of the same people without the group, as a"
        " share.",
        used=False,
    ),
    Target(
        "seeding", "Seeding hubs against seeding the least connected", "up to 8 x between strategies; hubs are best",
        1.3, 8.0, "x", HINZ,
        "A new brand without advertisements, ties by preferential attachment: 1 % of customers know and have bought it"
        " on day 0, those with the most ties or those with the fewest; who had heard of it after a year, seeds apart.",
        used=False,
    ),
    Target(
        "wom_elasticity", "Word of mouth moves new customers more than media do", "elasticity far above that of media",
        1.0, math.inf, "x", TRUSOV,
        "Young brand, two years: elasticity of new customers by half as much telling again (word_of_mouth.tell), over"
        " that by half as much advertising again.",
        whole=True, used=False,
    ),
    Target(
        "referrer_revenue", "Recommenders spend more", "+11.4 % (matched)",
        3.0, 25.0, "%", GARNEFELD,
        "The members who told somebody (as in referring lowers churn): revenue of the year after, against the same"
        " people in"
        " the world in which telling leaves their own trust alone.",
        used=False,
    ),
    Target(
        "group_life", "Marketing groups fall silent", "most are alive for less than two months",
        0.0, 0.2, "x", WECOM,
        "A muted group with a post each day, five of them offers of 10 %, open rate 35 %, all join on day 0: reads"
        " of week 9"
        " over those of week 1.",
        used=False,
    ),
    Target(
        "cdnow_none", "Orders of weeks 40 to 78 by who had no repeat order before", ".237 each",
        0.19, 0.284, "", CDNOW,
        "CDNOW's buyers, inputs (need and how unequal it is) fitted to weeks 1 to 39: the model's mean, within a"
        " fifth.",
        used=False,
    ),
    Target(
        "cdnow_few", "The same, who had one or two", ".925 each",
        0.74, 1.11, "", CDNOW,
        "The same.",
        used=False,
    ),
    Target(
        "cdnow_many", "The same, who had three or more", "3.22 each",
        2.58, 3.87, "", CDNOW,
        "The same.",
        used=False,
    ),
    Target(
        "depth_new", "A deeper cut brings new customers who buy more later", "more later orders than by a shallow cut",
        1.0, math.inf, "x", ANDERSON,
        "Mature brand, two weeks at 40 or at 20 % off: orders in the year after of customers whose first order fell"
        " into"
        " the two weeks, a head, deep over shallow.",
        whole=True, used=False,
    ),
    Target(
        "depth_old", "A deeper cut takes later orders from established customers", "fewer later orders",
        0.0, 1.0, "x", ANDERSON,
        "The same: orders in the year after of customers who had bought before the two weeks.",
        whole=True, used=False,
    ),
    Target(
        "adstock", "Weekly carry-over of digital advertisements", "0 to .3 (of television .3 to .8)",
        0.0, 0.3, "", ROBYN,
        "Mature brand, ten times the budget in one week: the rate at which extra orders of that week and the seven"
        " after"
        " fall, least squares of their logarithms where they are positive.",
        used=False,
    ),
    Target(
        "deals_make_sensitive", "Promotions make customers more sensitive to prices", "more sensitive",
        1.0, math.inf, "x", MELA,
        "Mature brand, half a year with 20 % off every other week or with none; then 26 weeks at the list price or 10 %"
        " above it: own-price elasticity after promotions, over that without.",
        whole=True, used=False,
    ),
)  # fmt: skip
"""Every check, in the order of the page."""
