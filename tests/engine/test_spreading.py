"""Word of mouth over ties: who first told whom, day by day, and the picture of it."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from looks import check_texts
from trafficsim import plots
from trafficsim.engine.spreading import watch
from trafficsim.engine.world import start
from trafficsim.plots.spreading import _layout
from worlds import changed

TALK = """
format: 1
title: Everybody who knows tells everybody whom they know
start: 2024-01-01
days: 20
customers:
  count: 60
  segments: {all: {share: 1, days_between_needs: 30, fit: 0.5, deal_prone: 0}}
  at_start: {aware: 0.05}
  ties: {kind: small_world, mean: 4}
product: {price: 100, unit_cost: 40, quality: 0.7}
places:
  shop: {kind: store}
  feed: {kind: public, visits_per_week: 0.1}
posts: {feed: {per_week: 7, reach: 1.0}}
word_of_mouth: {who: aware, tell: 0.1}
arms:
  talk: {}
  silence: {word_of_mouth: off}
baseline: silence
"""


@pytest.fixture(scope="module")
def scenario():
    return changed(TALK, {})


@pytest.fixture(scope="module")
def found(scenario):
    return watch(scenario, "talk", seed=3)


def test_watching_sees_what_the_columns_say(scenario, found):
    story = start(scenario, "talk", 3).run().columns.story
    assert np.array_equal(found.heard_on, story.aware_on)
    assert np.array_equal(found.told_on >= 0, story.told_on >= 0)
    assert np.all(found.told_on <= story.told_on)
    assert np.all(found.heard_on[found.by_talk] == found.told_on[found.by_talk])
    assert found.by_talk.sum() > 10
    assert found.days == 20


def test_an_invitation_counts_as_being_told():
    """Members of a club invite, and nobody tells: whoever comes to know was invited by one of them."""
    club = {"kind": "pool", "form": "group", "open_rate": 1}
    hook = {"at": "club", "into": "club", "gives": "cash", "invite": 0.4}
    changes = {"places.club": club, "hooks": {"friends": hook}, "customers.at_start.members": {"club": 0.2}}
    inviting = changed(TALK, {**changes, "posts": {"club": {"per_week": 7}}})
    found = watch(inviting, "silence", seed=3)
    assert found.by_talk.sum() > 10
    assert np.all(found.heard_on[found.by_talk] == found.told_on[found.by_talk])
    joined = start(inviting, "silence", 3).run().columns.member.joined_on[0]
    told = np.flatnonzero(found.told_on >= 0)
    tellers = found.told_by[told]
    assert np.all((joined[tellers] != -1) & (joined[tellers] < found.told_on[told]))


def test_tellers_are_acquaintances_who_knew_before(found):
    told = np.flatnonzero(found.told_on >= 0)
    for i in told:
        teller = found.told_by[i]
        assert teller in found.ties.of(i)
        assert found.heard_on[teller] != -1
        assert found.heard_on[teller] <= found.told_on[i]


def test_fewer_days_are_the_beginning_of_more(scenario, found):
    early = watch(scenario, "talk", 6, seed=3)
    assert early.known(5) == found.known(5)
    same = early.told_on >= 0
    assert np.array_equal(early.told_by[same], found.told_by[same])
    assert np.array_equal(same, (found.told_on >= 0) & (found.told_on < 6))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_draws_points_and_tellings_of_its_days(scenario, found, language):
    figure = plots.spreading(scenario, "talk", [2, 19], seed=3, language=language)
    panels = [axes for axes in figure.axes if axes.collections and axes.get_title(loc="left")]
    for axes, day in zip(panels, (2, 19), strict=True):
        (tellings,) = [lines for lines in axes.collections if lines.get_gid() == "told"]
        ties, *_ = [lines for lines in axes.collections if isinstance(lines, LineCollection)]
        assert len(tellings.get_segments()) == np.sum((found.told_on >= 0) & (found.told_on <= day))
        assert len(ties.get_segments()) == found.ties.indices.size // 2
        points = [c.get_offsets() for c in axes.collections if not isinstance(c, LineCollection)]
        assert sum(map(len, points)) == 60
        assert len(points[0]) == 60 - found.known(day)
        assert f"{found.known(day)}" in axes.get_title(loc="left")
    written = " ".join(check_texts(figure))
    assert ("口碑" in written) == (language == "zh")


def test_by_default_it_looks_on_telling_days_and_is_the_same_each_time(scenario, found):
    first, second = (plots.spreading(scenario, "talk", seed=3) for _ in range(2))
    assert plots.svg(first) == plots.svg(second)
    assert f"day {found.told_on.max()}:" in " ".join(check_texts(first))


def test_a_world_without_talk_or_ties_is_drawn_too(scenario):
    check_texts(plots.spreading(scenario, "silence"))
    mixed = scenario.replace({"customers.ties.kind": "mixed", "customers.each_stands_for": 1000})
    written = " ".join(" ".join(check_texts(plots.spreading(mixed, "talk", [5]))).split())
    assert "Everybody may meet everybody" in written
    assert "Each stands for 1,000 people." in written


def test_everybody_has_a_place_of_their_own(found):
    at = _layout(found)
    assert at.shape == (60, 2)
    assert len(np.unique(at.round(6), axis=0)) == 60


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda s: plots.spreading(s, "loud"), "no arm 'loud'; there are talk, silence"),
        (lambda s: plots.spreading(s.replace({"customers.count": 501}), "talk"), "501 customers can't be told apart"),
        (lambda s: plots.spreading(s, "talk", [20]), "no run of 21 days; the scenario has 20"),
        (lambda s: plots.spreading(s, "talk", []), "no such days"),
        (lambda s: plots.spreading(s, "talk", [-1]), "no such days"),
    ],
)
def test_what_cannot_be_drawn_is_refused(scenario, draw, says):
    with pytest.raises((KeyError, ValueError), match=says):
        draw(scenario)
