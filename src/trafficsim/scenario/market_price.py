"""What the market asks (`product.market_price`) where a file doesn't say: the price that it gives for all arms.

Whoever replaces that price, or lets an arm or an event change it, leaves the market where it was.
"""

from pydantic import TypeAdapter, ValidationError

from trafficsim.market.quantities import Price
from trafficsim.scenario.tree import Node, Path

PRICE: Path = ("product", "price")
MARKET: Path = ("product", "market_price")
_PRICE = TypeAdapter[float](Price)


def with_market_price(tree: Node, base: Node) -> Node:
    """The settings of the base or an arm with what the market asks: as they say, else the price of the base."""
    price = base.at(MARKET) or base.at(PRICE)
    if tree.at(MARKET) is not None or price is None or not _is_price(price):
        return tree
    product = tree.members.get("product")
    if product is None or not product.is_mapping:
        return tree  # which is told elsewhere
    market = Node(price.value, MARKET, price.where, price.key)
    return tree.holding({**tree.members, "product": product.holding({**product.members, "market_price": market})})


def market_left(before: Node, after: Node) -> Node:
    """A file in which settings were replaced, with the market where it was if the price is another one."""
    old, new = before.at(PRICE), after.at(PRICE)
    moved = old is not None and new is not None and old.value != new.value
    return with_market_price(after, before) if moved else after


def _is_price(node: Node) -> bool:
    """Whether a value is a price; one that is none is told where it stands."""
    try:
        _PRICE.validate_python(node.value, strict=True)
    except ValidationError:
        return False
    return True
