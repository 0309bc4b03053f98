"""The day: a list of steps, and the loop that lets days pass.

A step treats customers each on their own, or all at once what they share: then it is `alone`, and no other step runs
beside it. Before a step that is alone others mark whom it is about, so that it need not look at everybody.
"""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.ledger import close
from trafficsim.compiled import kernel, rule, why_not_cached
from trafficsim.engine import frames  # noqa: F401 - gives frames their attributes, before a step is compiled
from trafficsim.engine.settings import Settings
from trafficsim.kernel.barrier import take_next, wait
from trafficsim.kernel.blocks import BLOCK
from trafficsim.kernel.frame import DAILY, Frame, call_alone, call_step
from trafficsim.mechanisms.advertising import advertise, pay_for_impressions
from trafficsim.mechanisms.care import allot, count_members_cared_for, give_care
from trafficsim.mechanisms.hooks import ask
from trafficsim.mechanisms.joining import find_requests, join
from trafficsim.mechanisms.leaving import leave, remove
from trafficsim.mechanisms.posts import pay_for_posts, post, show_moments
from trafficsim.mechanisms.purchasing import purchase
from trafficsim.mechanisms.seating import find_seekers, seat
from trafficsim.mechanisms.talking import find_readers, talk
from trafficsim.mechanisms.tiers import look_after
from trafficsim.mechanisms.visits import visit
from trafficsim.mechanisms.win_back import find_quitters, win_back
from trafficsim.mechanisms.word_of_mouth import (
    find_speakers,
    give_roles,
    reach_beyond_ties,
    spread_invitations,
    spread_word,
)


class Line(NamedTuple):
    """A line of the day."""

    name: str
    """The mechanism, by its section in scenario files."""
    step: Any
    reads: str
    """Groups of columns that the step looks at (see `columns`); `masks` are whom other steps are about."""
    writes: str = ""
    """Groups of columns that it changes."""
    shares: str = ""
    """What customers share, for whose sake all are treated at once; nothing where each is treated alone."""
    needs: str = ""
    """Settings, `record.field`: the step does nothing, and is left out, where all of them are 0 on all days."""


# fmt: off
DAY = (
    Line("visits", visit, "traits mind story member today", "mind story member today"),
    Line("advertising", advertise, "traits mind story today", "mind story today"),
    Line("posts", post, "traits roll mind story bought member today pushed",
         "roll mind story bought member today pushed"),
    Line("posts", show_moments, "mind story today", "mind story today", needs="staff.moments_per_week"),
    Line("hooks", ask, "traits roll mind bought member today", "member today"),
    Line("talking", find_readers, "member masks", "masks", needs="places.members_talk"),
    Line("joining", find_requests, "today masks", "masks"),
    Line("win_back", find_quitters, "traits roll bought member masks", "masks", needs="win_back.on"),
    Line("talking", talk, "member units masks", "units", shares="warmth of groups", needs="places.members_talk"),
    Line("joining", join, "traits mind story member today units masks", "mind story member today units",
         shares="places in groups, time of staff"),
    Line("win_back", win_back, "traits roll mind story bought member units masks", "mind story member units",
         shares="places in groups, time of staff", needs="win_back.on"),
    Line("care", count_members_cared_for, "traits roll bought member units", "units", needs="care.on"),
    Line("care", allot, "units", "units", shares="time of staff", needs="care.on"),
    Line("care", give_care, "traits roll mind story bought member today units", "mind story today", needs="care.on"),
    Line("purchasing", purchase, "traits roll mind story bought member today", "roll mind story bought today"),
    Line("seating", find_seekers, "today masks", "masks", needs="places.has_slots"),
    Line("seating", seat, "traits roll mind story bought member today units masks",
         "roll mind story bought today units", shares="seats", needs="places.has_slots"),
    Line("word_of_mouth", find_speakers, "roll bought member today masks", "masks"),
    Line("word_of_mouth", give_roles, "roll bought masks", "roll", shares="ranks of buyers",
         needs="koc.on kol.on partners.on"),
    Line("word_of_mouth", spread_word, "traits roll mind story masks", "mind story masks", shares="listeners"),
    Line("word_of_mouth", reach_beyond_ties, "roll mind story masks", "mind story", shares="listeners",
         needs="kol.on"),
    Line("word_of_mouth", spread_invitations, "mind story member today masks", "mind story today", shares="listeners",
         needs="hooks.invite"),
    Line("leaving", leave, "traits roll mind story bought member units pushed", "mind story member"),
    Line("leaving", remove, "traits roll story bought member", "story member", needs="places.removes"),
    Line("tiers", look_after, "traits roll bought member", needs="tiers.on"),
    Line("closing", pay_for_impressions, "", shares="the ledger"),
    Line("closing", pay_for_posts, "", shares="the ledger"),
    Line("closing", close, "", shares="the ledger"),
)
# fmt: on
CLOSING = "closing"
"""What ends a day: the ledger pays for it and counts members."""
STEPS = tuple(dict.fromkeys(line.name for line in DAY if line.name != CLOSING))
"""Names of the steps of a day, in their order."""
STRETCH = 16_384
"""Customers who go through steps that follow each other before the next ones do, while their columns are near."""
WORTH_A_PROCESS = 2
"""Steps to compile for which another process is begun, which first takes a second to load the compiler."""
SHARES = 8
"""Stretches for each thread, if there are so many blocks, so that threads are done at nearly the same time."""


_COMPILING = threading.Lock()
_ELSEWHERE: list[subprocess.Popen[bytes]] = []
"""The other process that compiles, while there is one."""


class Program(NamedTuple):
    """Lines of the day for compiled code, and the frame that they work on."""

    steps: NDArray[np.int64]
    """Addresses of machine code."""
    alone: NDArray[np.bool_]
    frame: int
    words: NDArray[np.int64]
    moves: NDArray[np.int64]
    periods: NDArray[np.int64]


def needed(*arms: Settings) -> list[Line]:
    """The lines of the day that do anything in any of these arms."""
    return [line for line in DAY if not line.needs or any(_has(settings, line.needs) for settings in arms)]


def _has(settings: Settings, needs: str) -> bool:
    fields = (name.split(".") for name in needs.split())
    return any(getattr(settings, record)[field].any() for record, field in fields)


def begin_compiling(lines: Sequence[Line] = DAY) -> None:
    """Begin another process that compiles those steps that are not cached, if they are many, from the last one on.

    It ends when it is done, or when `prepare` has done the rest. Where it fails, all is compiled here.
    """
    missing = [line.step.__name__ for line in lines if not line.step.is_cached]
    if _ELSEWHERE or len(missing) < WORTH_A_PROCESS or why_not_cached() or (os.cpu_count() or 1) < 2:
        return
    command = [sys.executable, "-c", f"from {__name__} import compile_named; compile_named({missing[::-1]})"]
    with suppress(OSError):
        other = subprocess.Popen(  # noqa: S603 - runs this module
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _ELSEWHERE.append(other)


def prepare(lines: Sequence[Line] = DAY) -> None:
    """Compile what is not cached yet, on two processors (see `begin_compiling`), each step by who comes to it first."""
    begin_compiling(lines)
    try:
        if _ELSEWHERE:
            compile_steps(lines)
    finally:
        while _ELSEWHERE:
            other = _ELSEWHERE.pop()
            other.kill()  # nothing is left to do but what is done here already
            other.wait()


def compile_named(names: Sequence[str]) -> None:
    """Compile and cache the steps of these names, in this order."""
    by_name = {line.step.__name__: line for line in DAY}
    compile_steps([by_name[name] for name in names])


def compile_steps(lines: Sequence[Line]) -> None:
    """Compile and cache those steps that are not cached yet."""
    gc.freeze()  # else a twelfth of the time goes into looking for garbage among what is there already
    try:
        for line in lines:
            if not line.step.is_cached:
                line.step.entry.compile(line.step.takes)
    finally:
        gc.unfreeze()


def program(lines: Sequence[Line], frame: Frame) -> Program:
    """Lines of the day for compiled code."""
    with _COMPILING:  # threads of several runs would each begin another process
        if not all(line.step.is_compiled for line in lines):
            prepare(lines)
        steps = np.array([line.step.address for line in lines], np.int64)
    alone = np.array([bool(line.shares) for line in lines], np.bool_)
    return Program(steps, alone, frame.address, frame.words, frame.moves, frame.periods)


def run_in_python(lines: Sequence[Line], frame: Frame, days: tuple[int, int], who: tuple[int, int]) -> None:
    """What `run_days` does on one thread, where errors in steps have to come to light."""
    for day in range(*days):
        frame.show(day)
        for line in lines:
            line.step(frame, *(() if line.shares else who))


@kernel
def run_days(
    p: Program, days: tuple[int, int], who: tuple[int, int], barrier: NDArray[np.int64], rank: int, threads: int
) -> None:
    """Let days first..last pass on customers first..last.

    Args:
        barrier: where threads that share a run meet (see `barrier.wait`), shape `(BARRIER,)`, zeros at first.
        rank, threads: this thread's number among them; number 0 takes the steps that are alone, all others who is free.
    """
    met, taken = 0, 0
    for day in range(days[0], days[1]):
        open_day(p.words, p.moves, p.periods, day)
        line = 0
        while line < p.steps.size:
            following = line + 1
            if p.alone[line]:
                if rank == 0:
                    call_alone(p.steps[line], p.frame)
            else:
                while following < p.steps.size and not p.alone[following]:
                    following += 1
                taken += threads + share_steps(p, line, following, who, barrier, taken, threads)
            if threads > 1 and not (p.alone[line] and p.alone[following % p.steps.size]):
                met += 1
                if not wait(barrier, threads * met):
                    return
            line = following


@rule
def open_day(words: NDArray[np.int64], moves: NDArray[np.int64], periods: NDArray[np.int64], day: int) -> None:
    """What changes with the day is from now on that of this day (see `Frame.show`)."""
    for k in range(moves.shape[0]):
        words[moves[k, 0]] = moves[k, 1] + moves[k, 2] * (day if moves[k, 3] == DAILY else periods[day])


@rule
def share_steps(
    p: Program, line: int, following: int, who: tuple[int, int], barrier: NDArray[np.int64], taken: int, threads: int
) -> int:
    """Steps line..following, on one stretch of customers after the other; threads take the next one as they are free.

    Returns:
        how many stretches there are; each thread has taken one more, which there is not.
    """
    first, last = who
    size = stretch_of(last - first, threads)
    stretches = -(-(last - first) // size)
    stretch = take_next(barrier) - taken
    while stretch < stretches:
        lo = first + size * stretch
        for k in range(line, following):
            call_step(p.steps[k], p.frame, lo, min(lo + size, last))
        stretch = take_next(barrier) - taken
    return stretches


@rule
def stretch_of(customers: int, threads: int) -> int:
    """Customers who are treated together: whole blocks, fewer where threads share few customers."""
    return STRETCH if threads == 1 else max(BLOCK, min(STRETCH, customers // (SHARES * threads) // BLOCK * BLOCK))
