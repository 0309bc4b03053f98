"""Facts drawn beside what came out: each at its share of what was observed, texts readable, misses in their colour."""

import pytest

from looks import check_texts
from trafficsim.plots import style
from trafficsim.plots.observed import can_show, observed
from trafficsim.results.intervals import Interval
from trafficsim.scenario.claims import Fact
from trafficsim.study.claims import Verdict

LONG = "Over a thousand regulars joined within two months, for a side dish or ten percent off their first dinner there"


def verdict(status, measured, seen=100.0, says="So many came", **expect):
    expected = {"metric": "orders", "arm": "nothing", **(expect or {"between": [0.8 * seen, 2.0 * seen]})}
    fact = Fact.model_validate({"says": says, "source": "a book", "observed": seen, "expect": expected}, strict=False)
    return Verdict("a_fact", fact, status, Interval(*measured))


FACTS = (
    verdict("holds", (97.0, 94.0, 99.0), says=LONG),
    verdict("contradicted", (5_000.0, 4_000.0, 6_000.0), seen=2_000.0),
    verdict("undecided", (85.0, 70.0, 100.0), at_least=80),
)


@pytest.mark.parametrize(
    "language",
    [
        "en",
        pytest.param(
            "zh", marks=pytest.mark.skipif(not style.can_draw("私域"), reason="no font with Chinese characters")
        ),
    ],
)
def test_facts_stand_at_their_share_of_what_was_observed(language):
    axes = observed(FACTS, ["met", "missed", "can't be told"], [False] * 3, language=language)
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    assert [mark.get_xdata()[0] for mark in marks] == pytest.approx([0.97, 2.5, 0.85])
    assert [mark.get_markerfacecolor() for mark in marks] == [style.COLOURS[2], style.COLOURS[1], "white"]
    bands = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches]
    assert bands == [pytest.approx((0.8, 2.0)), pytest.approx((0.8, 2.0)), pytest.approx((0.8, axes.get_xlim()[1]))]
    assert axes.get_xlim()[1] > 3.0  # the whole interval of the miss is seen
    texts = check_texts(axes)
    came = "simulated 97, observed 100" if language == "en" else "模拟 97，实际 100"
    assert f"{LONG} {came}" in [" ".join(text.split()) for text in texts]
    assert {"met", "missed", "can't be told"} <= set(texts)


def test_shares_are_told_in_percent():
    axes = observed((verdict("holds", (0.577, 0.56, 0.59), seen=0.5, at_least=0.5),), ["met"], [True])
    assert "So many came\nsimulated 57.7%, observed 50%" in check_texts(axes)


def test_what_has_no_share_is_not_drawn():
    assert all(map(can_show, FACTS))
    assert not can_show(verdict("no_value", (float("nan"),) * 3))
    assert not can_show(verdict("holds", (0.0, 0.0, 0.0), seen=0.0, between=[0, 1]))


def test_a_fact_that_takes_many_lines_is_cut():
    axes = observed((verdict("holds", (97.0, 94.0, 99.0), says=f"{LONG}, {LONG}"),), ["met"], [False])
    (heading,) = [text for text in check_texts(axes) if text.startswith("Over")]
    *lines, came = heading.split("\n")
    assert lines[-1].endswith("…")
    assert len(lines) == 3
    assert came == "simulated 97, observed 100"
