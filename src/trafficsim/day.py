"""The day, in order. Each step is one mechanism; what customers share (places, staff, a listener) is a serial step."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import BLOCK, Scratch
from trafficsim.columns import Bought, Member, Mind, Roll, Sizes, Story, Today, Traits, Units
from trafficsim.compiled import allocating, kernel, part, rule, wait
from trafficsim.ledger import close
from trafficsim.mechanism import Records
from trafficsim.mechanisms.advertising import advertise
from trafficsim.mechanisms.advertising import charge as charge_advertising
from trafficsim.mechanisms.hooks import ask
from trafficsim.mechanisms.joining import count_units, join
from trafficsim.mechanisms.leaving import leave
from trafficsim.mechanisms.posts import charge as charge_posts
from trafficsim.mechanisms.posts import post, show_moments
from trafficsim.mechanisms.purchasing import purchase
from trafficsim.mechanisms.seating import seat
from trafficsim.mechanisms.talking import talk
from trafficsim.mechanisms.visits import visit
from trafficsim.mechanisms.win_back import win_back
from trafficsim.mechanisms.word_of_mouth import spread_invitations, spread_word
from trafficsim.settings import Settings
from trafficsim.tally import Tally

STEPS = (
    "visits", "advertising", "posts", "hooks", "talking", "joining", "win_back", "purchasing", "seating",
    "word_of_mouth", "leaving",
)  # fmt: skip
"""Names of the steps of a day, in their order."""
VISITS, ADVERTISING, POSTS, HOOKS, TALKING, JOINING, WIN_BACK, PURCHASING, SEATING, WORD_OF_MOUTH, LEAVING = range(11)
CLOSING = len(STEPS)
"""The last step of a day: the ledger pays for it and counts members."""
SERIAL = (TALKING, JOINING, WIN_BACK, SEATING, WORD_OF_MOUTH)
"""Steps that treat all customers at once; every other step may treat ranges of customers side by side."""
STRETCH = 16_384
"""Customers who go through steps that follow each other before the next ones do, while their columns are near."""


@rule
def is_spread(number: int) -> bool:
    """Whether a step treats customers each on their own, so that any stretch of them can go first."""
    return number != CLOSING and number not in SERIAL


@kernel
def run_steps(
    first_day: int, last_day: int, first_step: int, last_step: int, first: int, last: int, s: Settings,
    indptr: NDArray[np.int32], indices: NDArray[np.int32], traits: Traits, roll: Roll, mind: Mind, story: Story,
    bought: Bought, member: Member, today: Today, units: Units, tallies: NDArray[np.int64], members: NDArray[np.int64],
    sizes: Sizes, gate: NDArray[np.int64], rank: int, threads: int,
) -> None:  # fmt: skip
    """Steps first_step..last_step of days first_day..last_day, on customers first..last.

    The only way into compiled code, so that everything is compiled once. Dated changes are in force since the settings
    are those of the day.

    Args:
        tallies: written, shape `(days, counters, width)`, from first_day on.
        members: written, shape `(days + 1, places)`: members before first_day, and at the end of each day.
        sizes: written; threads that share a run share it.
        gate: where threads that share a run wait for each other (see `compiled.wait`), shape `(2,)`.
        rank, threads: this thread's number among them; number 0 does the serial steps.
    """
    scratch = Scratch(
        np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.float64),
        np.empty(s.places.shape[1], np.float64), np.empty(s.slots.shape[1], np.float64),
    )  # fmt: skip
    if rank == 0 and first_step <= WIN_BACK and last_step > TALKING:  # columns may be changed by hand between runs
        count_units(sizes, member, scratch)
    met = 0
    for day in range(first_day, last_day):
        number = first_step
        while number < last_step:
            serial, following = number in SERIAL, number + 1
            while following < last_step and is_spread(number) and is_spread(following):
                following += 1
            at = day - first_day
            if is_spread(number):
                spread_steps(
                    number, following, day, first, last, s, traits, roll, mind, story, bought, member, today, units,
                    sizes, scratch, tallies[at],
                )  # fmt: skip
            elif rank == 0 or not serial:
                shared_step(
                    number, day, s, indptr, indices, traits, roll, mind, story, bought, member, today, units,
                    sizes, scratch, tallies[at], members[at], members[at + 1],
                )  # fmt: skip
            if threads > 1 and following < last_step and serial != (following in SERIAL):
                met += 1
                if not wait(gate, threads * met):
                    return
            number = following


@allocating
def spread_steps(
    number: int, following: int, day: int, first: int, last: int, s: Settings, traits: Traits, roll: Roll, mind: Mind,
    story: Story, bought: Bought, member: Member, today: Today, units: Units, sizes: Sizes, scratch: Scratch,
    tally: Tally,
) -> None:  # fmt: skip
    """Steps number..following of a day, on customers first..last: one stretch of them after the other.

    The settings of the day are looked up once, since each look counts references, of which threads share the counter.
    """
    t = s.period[day]
    demand, places, visits, memory = s.demand[day], s.places[t], s.visits[t, 0], s.memory[t, 0]
    advertising, posts, staff, hooks = s.advertising[t], s.posts[t], s.staff[t], s.hooks[t]
    product, purchasing, rivals = s.product[t, 0], s.purchasing[t, 0], s.rivals[t, 0]
    slots, partners, leaving = s.slots[t], s.partners[t, 0], s.leaving[t, 0]
    for lo in range(first, last, STRETCH):
        for step_ in range(number, following):
            spread_step(
                step_, day, lo, min(lo + STRETCH, last), demand, advertising, places, visits, memory, posts, staff,
                hooks, product, purchasing, rivals, slots, partners, leaving,
                traits, roll, mind, story, bought, member, today, units, sizes, scratch, tally,
            )  # fmt: skip


@part
def spread_step(
    number: int, day: int, first: int, last: int, demand: float, advertising: Records, places: Records,
    visits: Records, memory: Records, posts: Records, staff: Records, hooks: Records, product: Records,
    purchasing: Records, rivals: Records, slots: Records, partners: Records, leaving: Records, traits: Traits,
    roll: Roll, mind: Mind, story: Story, bought: Bought, member: Member, today: Today, units: Units, sizes: Sizes,
    scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """A step that treats customers each on their own, on customers first..last."""
    if number == VISITS:
        visit(day, first, last, demand, places, visits, memory, traits, mind, story, today, scratch, tally)
    elif number == ADVERTISING:
        advertise(day, first, last, demand, advertising, places, visits, memory, mind, story, today, scratch, tally)
    elif number == POSTS:
        post(day, first, last, demand, posts, places, visits, memory, purchasing,
             traits, roll, mind, story, bought, member, today, scratch, tally)  # fmt: skip
        show_moments(day, first, last, staff, places, memory, mind, story, today, scratch, tally)
    elif number == HOOKS:
        ask(day, first, last, hooks, places, product, traits, mind, member, today, scratch, tally)
    elif number == PURCHASING:
        purchase(day, first, last, demand, purchasing, product, rivals, places, slots, posts, memory, partners,
                 traits, roll, mind, story, bought, member, today, scratch, tally)  # fmt: skip
    elif number == LEAVING:
        leave(day, first, last, leaving, rivals, places,
              traits, roll, mind, story, member, today, sizes, units, scratch, tally)  # fmt: skip


@allocating
def shared_step(
    number: int, day: int, s: Settings, indptr: NDArray[np.int32], indices: NDArray[np.int32], traits: Traits,
    roll: Roll, mind: Mind, story: Story, bought: Bought, member: Member, today: Today, units: Units, sizes: Sizes,
    scratch: Scratch, tally: Tally, before: NDArray[np.int64], after: NDArray[np.int64],
) -> None:  # fmt: skip
    """A step about what customers share.

    `before` and `after` are the members of each place, at the end of yesterday and, written by CLOSING, of today.
    """
    t = s.period[day]
    memory, places, demand = s.memory[t, 0], s.places[t], s.demand[day]
    if number == TALKING:
        talk(day, s.talking[t, 0], s.posts[t], places, member, today, sizes, units)
    elif number == JOINING:
        join(day, s.joining[t, 0], places, s.staff[t], s.hooks[t], memory,
             mind, story, member, today, sizes, tally)  # fmt: skip
    elif number == WIN_BACK:
        win_back(day, s.win_back[t, 0], s.product[t, 0], s.joining[t, 0], places, s.staff[t], memory,
                 traits, mind, story, member, sizes, tally)  # fmt: skip
    elif number == SEATING:
        seat(day, s.seating[t, 0], s.purchasing[t, 0], s.product[t, 0], places, s.slots[t], s.posts[t], memory,
             s.partners[t, 0], traits, roll, mind, story, bought, member, today, tally)  # fmt: skip
    elif number == WORD_OF_MOUTH:
        changed = int(day == 0 or t != s.period[day - 1])
        spread_word(day, changed, s.word_of_mouth[t, 0], s.koc[t, 0], s.kol[t, 0], s.partners[t, 0],
                    s.product[t, 0], memory, s.mean_ties, indptr, indices,
                    traits, roll, mind, story, bought, today, scratch, tally)  # fmt: skip
        spread_invitations(day, s.hooks[t], places, memory, s.mean_ties, indptr, indices,
                           mind, story, member, today, tally)  # fmt: skip
    elif number == CLOSING:
        charge_advertising(day, demand, s.advertising[t], places, today.read.size, tally)
        charge_posts(day, s.posts[t], places, tally)
        close(places, s.staff[t], before, tally, after)


def step(number: int, day: int, first: int, last: int, *state_and_tally: Any) -> None:
    """One step of one day on customers first..last; after the state comes the tally of the day, which is written."""
    *state, tally = state_and_tally
    nobody = np.zeros((2, state[0].places.shape[1]), np.int64)
    sizes = np.zeros(state[-1].belonging.shape, np.int64)
    run: Any = run_steps
    counted = tally[np.newaxis], nobody, sizes
    run(day, day + 1, number, number + 1, first, last, *state, *counted, np.zeros(2, np.int64), 0, 1)
