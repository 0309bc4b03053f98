"""The day, in order. Each step is one mechanism; what customers share (places, staff, a listener) is a serial step."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import BLOCK, Marks, Scratch, no_marks
from trafficsim.columns import Bought, Member, Mind, Roll, Sizes, Story, Today, Traits, Units
from trafficsim.compiled import GATE, allocating, kernel, part, rule, take_next, wait
from trafficsim.ledger import close
from trafficsim.mechanisms.advertising import advertise
from trafficsim.mechanisms.advertising import charge as charge_advertising
from trafficsim.mechanisms.hooks import ask
from trafficsim.mechanisms.joining import count_units, find_wishes, join
from trafficsim.mechanisms.leaving import leave
from trafficsim.mechanisms.posts import charge as charge_posts
from trafficsim.mechanisms.posts import post, show_moments
from trafficsim.mechanisms.purchasing import purchase
from trafficsim.mechanisms.seating import seat
from trafficsim.mechanisms.talking import find_readers, talk
from trafficsim.mechanisms.visits import visit
from trafficsim.mechanisms.win_back import find_quitters, win_back
from trafficsim.mechanisms.word_of_mouth import find_speakers, spread_invitations, spread_word
from trafficsim.records import Records
from trafficsim.roles import most_holders
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
PHASES = (
    (VISITS, 0), (ADVERTISING, 0), (POSTS, 0), (HOOKS, 0), (TALKING, 0), (JOINING, 0), (WIN_BACK, 0),
    (TALKING, 1), (JOINING, 1), (WIN_BACK, 1), (PURCHASING, 0), (SEATING, 0), (SEATING, 1),
    (WORD_OF_MOUTH, 0), (WORD_OF_MOUTH, 1), (LEAVING, 0), (CLOSING, 1),
)  # fmt: skip
"""What a day is made of: steps, and whether a phase is serial. Its other phase marks whom a serial step is about."""
SERIAL = tuple(number for number, serial in PHASES if serial and number != CLOSING)
"""Steps that treat all customers at once; every other step may treat ranges of customers side by side."""
STRETCH = 16_384
"""Customers who go through phases that follow each other before the next ones do, while their columns are near."""
SHARES = 8
"""Stretches for each thread, if there are so many blocks, so that threads are done at nearly the same time."""


@kernel
def run_steps(
    first_day: int, last_day: int, first_step: int, last_step: int, first: int, last: int, s: Settings,
    indptr: NDArray[np.int32], indices: NDArray[np.int32], traits: Traits, roll: Roll, mind: Mind, story: Story,
    bought: Bought, member: Member, today: Today, units: Units, tallies: NDArray[np.int64], members: NDArray[np.int64],
    sizes: Sizes, marks: Marks, gate: NDArray[np.int64], rank: int, threads: int,
) -> None:  # fmt: skip
    """Steps first_step..last_step of days first_day..last_day, on customers first..last.

    The only way into compiled code, so that everything is compiled once. Dated changes are in force since the settings
    are those of the day.

    Args:
        tallies: written, shape `(days, counters, width)`, from first_day on.
        members: written, shape `(days + 1, places)`: members before first_day, and at the end of each day.
        sizes, marks: written; threads that share a run share them.
        gate: where threads that share a run meet (see `compiled.wait`), shape `(GATE,)`, zeros at first.
        rank, threads: this thread's number among them; number 0 does the serial phases, all others whoever is free.
    """
    scratch = Scratch(
        np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.float64),
        np.empty(s.places.shape[1], np.float64), np.empty(s.slots.shape[1], np.float64),
    )  # fmt: skip
    if rank == 0 and first_step <= WIN_BACK and last_step > TALKING:  # columns may be changed by hand between runs
        count_units(sizes, member, scratch)
    met, taken, phases = 0, 0, len(PHASES)
    for day in range(first_day, last_day):
        at, phase = day - first_day, 0
        while phase < phases:
            number, serial = PHASES[phase]
            following = phase + 1
            while following < phases and serial == 0 and PHASES[following][1] == 0:
                following += 1
            last_number = PHASES[following - 1][0]
            if first_step <= last_number and number < last_step:
                if serial == 0:
                    taken += threads + spread_phases(
                        max(number, first_step), min(last_number + 1, last_step), day, first, last, s,
                        indptr, indices, traits, roll, mind, story, bought, member, today, units, sizes, marks,
                        scratch, tallies[at], gate, taken, threads,
                    )  # fmt: skip
                elif rank == 0:
                    shared_phase(
                        number, day, s, indptr, indices, traits, roll, mind, story, bought, member, today, units,
                        sizes, marks, scratch, tallies[at], members[at], members[at + 1],
                    )  # fmt: skip
                if threads > 1 and (serial == 0 or is_spread(following)):
                    met += 1
                    if not wait(gate, threads * met):
                        return
            phase = following


@rule
def is_spread(phase: int) -> bool:
    """Whether a phase treats customers each on their own, so that threads share it."""
    return phase < len(PHASES) and PHASES[phase][1] == 0


@rule
def stretch_of(customers: int, threads: int) -> int:
    """Customers who are treated together: whole blocks, fewer where threads share few customers."""
    return STRETCH if threads == 1 else max(BLOCK, min(STRETCH, customers // (SHARES * threads) // BLOCK * BLOCK))


@allocating
def spread_phases(
    first_step: int, last_step: int, day: int, first: int, last: int, s: Settings, indptr: NDArray[np.int32],
    indices: NDArray[np.int32], traits: Traits, roll: Roll, mind: Mind, story: Story, bought: Bought, member: Member,
    today: Today, units: Units, sizes: Sizes, marks: Marks, scratch: Scratch, tally: Tally, gate: NDArray[np.int64],
    taken: int, threads: int,
) -> int:  # fmt: skip
    """Phases of steps first_step..last_step of a day, on customers first..last, one stretch of them after the other.

    Threads share the stretches: who is free takes the next, so that one whose core has other things to do takes fewer.
    The settings of the day are looked up once, since each look counts references, of which threads share the counter.

    Args:
        gate: where they are taken.
        taken: what was taken before.
        threads: how many share them.

    Returns:
        how many stretches there are; each thread has taken one more, which there is not.
    """
    t, customers = s.period[day], today.served.size * s.each_stands_for
    demand, places, visits, memory = s.demand[day], s.places[t], s.visits[t, 0], s.memory[t, 0]
    advertising, posts, staff, hooks = s.advertising[t], s.posts[t], s.staff[t], s.hooks[t]
    product, purchasing, rivals = s.product[t, 0], s.purchasing[t, 0], s.rivals[t, 0]
    slots, partners, leaving = s.slots[t], s.partners[t, 0], s.leaving[t, 0]
    talking, joining, asking, seating = s.talking[t, 0], s.joining[t, 0], s.win_back[t, 0], s.seating[t, 0]
    word_of_mouth, koc, kol, most_stars = s.word_of_mouth[t, 0], s.koc[t, 0], s.kol[t, 0], most_holders(s.kol)
    size = stretch_of(last - first, threads)
    stretches = -(-(last - first) // size)
    stretch = take_next(gate) - taken
    while stretch < stretches:
        lo = first + size * stretch
        for number in range(first_step, last_step):
            spread_phase(
                number, day, lo, min(lo + size, last), demand, customers, advertising, places, visits, memory, posts,
                staff, hooks, product, purchasing, rivals, slots, partners, leaving, traits, roll, mind, story,
                bought, member, today, units, sizes, scratch, tally,
            )  # fmt: skip
            find_concerned(
                number, day, lo, min(lo + size, last), places, hooks, talking, joining, asking, seating, word_of_mouth,
                koc, kol, most_stars, s.mean_ties, indptr, indices, roll, bought, member, today, marks, scratch,
            )  # fmt: skip
        stretch = take_next(gate) - taken
    return stretches


@part
def spread_phase(
    number: int, day: int, first: int, last: int, demand: float, customers: float, advertising: Records,
    places: Records, visits: Records, memory: Records, posts: Records, staff: Records, hooks: Records,
    product: Records, purchasing: Records, rivals: Records, slots: Records, partners: Records, leaving: Records,
    traits: Traits, roll: Roll, mind: Mind, story: Story, bought: Bought, member: Member, today: Today, units: Units,
    sizes: Sizes, scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """What a step does to customers first..last, each on their own."""
    if number == VISITS:
        visit(day, first, last, demand, places, visits, memory, traits, mind, story, member, today, scratch, tally)
    elif number == ADVERTISING:
        advertise(day, first, last, demand, customers, advertising, places, visits, memory, mind, story, today, scratch,
                  tally)  # fmt: skip
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
              traits, roll, mind, story, member, sizes, units, scratch, tally)  # fmt: skip


@part
def find_concerned(
    number: int, day: int, first: int, last: int, places: Records, hooks: Records, talking: Records, joining: Records,
    asking: Records, seating: Records, word_of_mouth: Records, koc: Records, kol: Records, most_stars: float,
    mean_ties: float, indptr: NDArray[np.int32], indices: NDArray[np.int32], roll: Roll, bought: Bought,
    member: Member, today: Today, marks: Marks, scratch: Scratch,
) -> None:  # fmt: skip
    """Mark those of customers first..last whom a serial step is about, which then need not look at everybody."""
    if number == TALKING:
        find_readers(first, last, talking, member, marks, scratch)
    elif number == JOINING:
        find_wishes(first, last, today, marks)
    elif number == WIN_BACK:
        find_quitters(day, first, last, asking, joining, places, member, marks, scratch)
    elif number == SEATING and seating.on:
        find_wishes(first, last, today, marks)
    elif number == WORD_OF_MOUTH:
        find_speakers(day, first, last, word_of_mouth, koc, kol, most_stars, hooks, places, mean_ties, indptr, indices,
                      roll, bought, member, today, marks, scratch)  # fmt: skip


@allocating
def shared_phase(
    number: int, day: int, s: Settings, indptr: NDArray[np.int32], indices: NDArray[np.int32], traits: Traits,
    roll: Roll, mind: Mind, story: Story, bought: Bought, member: Member, today: Today, units: Units, sizes: Sizes,
    marks: Marks, scratch: Scratch, tally: Tally, before: NDArray[np.int64], after: NDArray[np.int64],
) -> None:  # fmt: skip
    """What a step does about what customers share.

    `before` and `after` are the members of each place, at the end of yesterday and, written by CLOSING, of today.
    """
    t = s.period[day]
    memory, places, demand = s.memory[t, 0], s.places[t], s.demand[day]
    if number == TALKING:
        talk(day, s.talking[t, 0], s.posts[t], places, member, marks, sizes, units)
    elif number == JOINING:
        join(day, s.windows[day], s.joining[t, 0], places, s.staff[t], s.hooks[t], memory,
             mind, story, member, today, marks, sizes, units, tally)  # fmt: skip
    elif number == WIN_BACK:
        win_back(day, s.windows[day], s.win_back[t, 0], s.product[t, 0], s.joining[t, 0], places, s.staff[t], memory,
                 traits, mind, story, member, marks, sizes, units, tally)  # fmt: skip
    elif number == SEATING:
        seat(day, s.windows[day], s.seating[t, 0], s.purchasing[t, 0], s.product[t, 0], places, s.slots[t],
             s.posts[t], memory, s.partners[t, 0], traits, roll, mind, story, bought, member, today, marks, units,
             tally)  # fmt: skip
    elif number == WORD_OF_MOUTH:
        changed = int(day == 0 or t != s.period[day - 1])
        spread_word(day, changed, s.word_of_mouth[t, 0], s.koc[t, 0], s.kol[t, 0], s.partners[t, 0],
                    s.product[t, 0], memory, s.mean_ties, indptr, indices,
                    traits, roll, mind, story, bought, marks, scratch, tally)  # fmt: skip
        spread_invitations(day, s.hooks[t], places, memory, s.mean_ties, indptr, indices,
                           mind, story, member, today, marks, tally)  # fmt: skip
    elif number == CLOSING:
        charge_advertising(day, demand, today.served.size * s.each_stands_for, s.advertising[t], places, tally)
        charge_posts(day, s.posts[t], places, tally)
        close(day, places, s.staff[t], before, tally, after)


def step(number: int, day: int, first: int, last: int, *state_and_tally: Any) -> None:
    """One step of one day on customers first..last; after the state comes the tally of the day, which is written."""
    *state, tally = state_and_tally
    nobody = np.zeros((2, state[0].places.shape[1]), np.int64)
    sizes, marks = np.zeros(state[-1].belonging.shape, np.int64), no_marks(state[-2].served.size)
    run: Any = run_steps
    counted = tally[np.newaxis], nobody, sizes, marks
    run(day, day + 1, number, number + 1, first, last, *state, *counted, np.zeros(GATE, np.int64), 0, 1)
