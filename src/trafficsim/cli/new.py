"""The command `new`."""

import sys
from functools import partial
from typing import Annotated

import typer


def new(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="Where to write, such as my.yaml.")] = None,
    kind: Annotated[str | None, typer.Option(help="shop, restaurant, online or durable; shop with --yes.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    customers: Annotated[str | None, typer.Option(metavar="COUNT", help="People whom it could reach.")] = None,
    days_between_needs: Annotated[
        str | None, typer.Option(metavar="DAYS", help="Between two occasions on which one of them buys such a thing.")
    ] = None,
    price: Annotated[str | None, typer.Option(metavar="CNY", help="Of one usual purchase.")] = None,
    unit_cost: Annotated[str | None, typer.Option(metavar="CNY", help="Of its goods.")] = None,
    ad_budget: Annotated[str | None, typer.Option(metavar="CNY", help="A day, for advertisements; 0 for none.")] = None,
    pool: Annotated[str | None, typer.Option(help="The private pool: group, wecom, account or app.")] = None,
    staff: Annotated[str | None, typer.Option(metavar="COUNT", help="People who look after the pool.")] = None,
    wage: Annotated[str | None, typer.Option(metavar="CNY", help="A day, of each of them.")] = None,
    language: Annotated[str | None, typer.Option(help="en or zh: of the file and its reports.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: take what is usual for all that isn't given.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a commented scenario for a business of your own; on a terminal, asks for what isn't given."""
    from trafficsim.new import Terminal, write_new

    options = {
        "language": language, "kind": kind, "name": name, "customers": customers,
        "days_between_needs": days_between_needs, "price": price, "unit_cost": unit_cost, "ad_budget": ad_budget,
        "pool": pool, "staff": staff, "wage": wage,
    }  # fmt: skip
    someone = sys.stdin.isatty() and sys.stdout.isatty()
    terminal = Terminal(input, partial(print, file=sys.stderr)) if someone else None
    print(write_new(file, options, terminal, yes=yes, force=force))
