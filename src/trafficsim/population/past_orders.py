"""What an order before the start has left with who made it: the marks of an order, by the rules of one in the run."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import kernel
from trafficsim.mechanisms.purchasing import (
    Purchasing,
    acquaintance_after_order,
    discount_now_usual,
    trust_after_order,
)


class PastOrder(NamedTuple):
    """One order before the start, at what the market asks, with what decides about the marks that it leaves."""

    quality: float
    """Of the product, 0 to 1."""
    trust_step: float
    usual_discount_step: float
    acquaintance: float


def past_order(quality: float, purchasing: Purchasing) -> PastOrder:
    """An order of a product of this quality (0 to 1)."""
    return PastOrder(quality, purchasing.trust_step, purchasing.usual_discount_step, purchasing.acquaintance)


@kernel
def leave_marks(who: NDArray[np.int64], fit: NDArray[np.float32], mind: tuple[Any, ...], order: PastOrder) -> None:
    """Let an order leave its marks with the customers of these numbers, as of its day.

    Args:
        who: numbers of customers.
        fit: of all customers, 0 to 1.
        mind: their salience, acquaintance, trust and usual discount, changed in place.
        order: the order.
    """
    salience, acquaintance, trust, usual = mind
    for i in who:  # float: uncompiled code would go on in single precision, to other last bits
        salience[i] = 1.0
        acquaintance[i] = acquaintance_after_order(0.0, order.acquaintance)
        trust[i] = trust_after_order(float(trust[i]), order.quality, float(fit[i]), order.trust_step)
        usual[i] = discount_now_usual(float(usual[i]), 0.0, order.usual_discount_step)
