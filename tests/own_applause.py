"""A small mechanism of one's own for tests: buyers are thanked, which costs money and makes them trust the brand."""

import numpy as np

import trafficsim as ts
from trafficsim.market.quantities import Money, Parameters, Score, Slider, setting


@ts.mechanism("applause", after="purchasing", zh="掌声")
class Applause:
    """Thanks for buyers, which make them trust the brand.

    Every other buyer, by a draw, also pays for a picture.
    """

    class Parameters(Parameters):
        step: Score = setting("share of the gap to full trust that thanks close", default=0.1)
        costs: Money = setting(
            "of thanking one", default=0.5, slider=Slider("cost of thanks", "感谢的成本", usual=(0, 5))
        )
        picture: Money = setting("what a picture brings in", default=0.0)

    thanked = ts.column("u2", "times", "how often this customer was thanked")
    thanks = ts.counter("customers", "customers who were thanked", zh="受到感谢的顾客")
    paid = ts.counter("cents", "what thanking cost", adds="spend", zh="感谢的花费")
    sold = ts.counter("cents", "pictures sold", by="place", adds="income")

    def step(self, today):
        bought = today.columns.bought.last_order_on == today.day
        trust, p = today.columns.mind.trust, today.settings
        trust[bought] += p.step * (1.0 - trust[bought])
        today.own.thanked[bought] += 1
        many = np.count_nonzero(bought)
        today.count("thanks", many)
        today.count("paid", today.cents(p.costs) * many)
        with_picture = np.count_nonzero(today.draws("picture")[bought] < 0.5)
        today.count("sold", today.cents(p.picture) * with_picture, today.names.places[0])
