"""The command `new`."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from trafficsim.cli.options import LANGUAGE_FLAGS, language_of


def new(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="File to write, such as my.yaml.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="Business type: shop, restaurant, online, durable, service or subscription.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the business.")] = None,
    customers: Annotated[str | None, typer.Option(metavar="COUNT", help="Number of people it could reach.")] = None,
    days_between_needs: Annotated[
        str | None, typer.Option(metavar="DAYS", help="Days between two purchases of such a thing by one person.")
    ] = None,
    price: Annotated[str | None, typer.Option(metavar="CNY", help="Price of one usual purchase.")] = None,
    unit_cost: Annotated[str | None, typer.Option(metavar="CNY", help="Cost of goods of one purchase.")] = None,
    ad_budget: Annotated[
        str | None, typer.Option(metavar="CNY", help="Advertising budget per day; 0 for none.")
    ] = None,
    pool: Annotated[str | None, typer.Option(help="Private pool: group, wecom, account or app.")] = None,
    staff: Annotated[str | None, typer.Option(metavar="COUNT", help="Number of staff who look after the pool.")] = None,
    wage: Annotated[str | None, typer.Option(metavar="CNY", help="Wage of each of them per day.")] = None,
    orders: Annotated[
        Path | None,
        typer.Option(help="Order log, .csv or .xlsx: customer, date, amount. Tells segments, price and how often."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(*LANGUAGE_FLAGS, help="Language of the file and its reports: en or zh.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: use defaults for whatever is not given.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a commented scenario for your own business; asks for whatever is not given.

    Example: trafficsim new my.yaml --kind shop --price 60 --unit-cost 25 --ad-budget 200 --pool group --yes
    """
    from trafficsim.new import Terminal, write_new

    options = {
        "language": language or language_of(None), "kind": kind, "name": name, "customers": customers,
        "days_between_needs": days_between_needs, "price": price, "unit_cost": unit_cost, "ad_budget": ad_budget,
        "pool": pool, "staff": staff, "wage": wage,
    }  # fmt: skip
    someone = sys.stdin.isatty() and sys.stdout.isatty()
    tell = partial(print, file=sys.stderr)
    terminal = Terminal(input, tell, tell) if someone else None
    print(write_new(file, options, terminal, orders=orders, yes=yes, force=force))
