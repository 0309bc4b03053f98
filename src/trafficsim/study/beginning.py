"""What own counts tell of day 0: how many are members of a pool by then."""

from dataclasses import dataclass

from trafficsim.scenario import Scenario
from trafficsim.study.observing import Observed, Series
from trafficsim.words.language import Sentence


@dataclass(frozen=True)
class MembersAtStart:
    """Members of a pool on day 0: how many people, their share of all, and the head of the column that tells it."""

    pool: str
    people: float
    share: float
    head: str

    @property
    def path(self) -> str:
        """The setting that they are."""
        return f"customers.at_start.members.{self.pool}"


def members_at_start(
    scenario: Scenario, arm: str, observed: Observed
) -> tuple[tuple[MembersAtStart, ...], tuple[Sentence, ...]]:
    """Members on day 0 of the pools for which the scenario names none, where the counts begin on that day.

    They are those at the end of the first stretch less those who were added in it: who joined less who left where both
    are counted, else as many as in the second stretch. Fewer than were added count as none: the pool has just opened.
    The sentences tell of members that can't begin, since an arm lacks the pool.
    """
    customers = scenario.plan(arm).customers
    everybody = customers.count * customers.each_stands_for
    by_name = {each.name: each for each in observed.series}
    found, notes = [], []
    for each in observed.series:
        metric, _, pool = each.name.partition(".")
        if metric != "members" or not pool or pool in customers.at_start.members or observed.first != scenario.start:
            continue
        added = _added(each, by_name.get(f"joined.{pool}"), by_name.get(f"left.{pool}"))
        people = min(float(each.data[0]) - added, float(everybody))
        if people <= max(added, 0.0):
            continue
        lacks = [name for name in scenario.arms if pool not in scenario.plan(name).places]
        if lacks:
            notes.append(
                Sentence.say(
                    "Column '{column}' tells of {people} members on day 0, but arms {arms} have no pool '{pool}' in "
                    "which they could be: the run begins without them. Switch off its posts and hooks there, not the "
                    "place.",
                    column=each.head,
                    people=f"{people:,.0f}",
                    arms=", ".join(lacks),
                    pool=pool,
                )
            )
            continue
        found.append(MembersAtStart(pool, people, people / everybody, each.head))
    return tuple(found), tuple(notes)


def _added(members: Series, joined: Series | None, left: Series | None) -> float:
    """By how many members grew in the first stretch."""
    if joined is not None and left is not None and members.lasts[0] == joined.lasts[0] == left.lasts[0]:
        return float(joined.data[0] - left.data[0])
    return float(members.data[1] - members.data[0])
