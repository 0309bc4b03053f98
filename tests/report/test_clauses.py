"""What the report says of single settings, as their declarations word it."""

import pytest

from trafficsim.market.places import Pool, Store
from trafficsim.market.quantities import Parameters
from trafficsim.mechanisms.hooks import Hook
from trafficsim.report.clauses import clauses
from trafficsim.report.voice import Voice
from trafficsim.scenario import schema  # noqa: F401 - declares all settings
from trafficsim.scenario.shapes import phrase_of, slider_of

GIFT = {"at": "shop", "into": "club", "gives": "gift"}
POOL = {"kind": "pool", "form": "group", "open_rate": 0.4}


def all_parameters(of=Parameters):
    return [of, *(below for kind in of.__subclasses__() for below in all_parameters(kind))]


def said(its, language="en"):
    return [text for text, _ in clauses(its, "this", Voice(language, "CNY"))[1:] if text]


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("its", "english", "chinese"),
    [
        (Hook(**GIFT), [], []),
        (Hook(**GIFT, cost=0.0, in_person=False), [], []),
        (
            Hook(**GIFT, cost=3.5, in_person=True),
            ["with staff asking everybody there in person", "at a cost of CNY 3.5 each"],
            ["员工当面邀请在场的每个人", "每份成本 3.5 元"],
        ),
        (
            Hook(**GIFT, reason="vague", reward=4.0, from_day=3),
            ["but the reason to join is stated vaguely", "a reward of CNY 4 for the inviter", "from day 3 on"],
            ["但入池理由说得含糊", "邀请人得奖励 4 元", "自第 3 天起"],
        ),
        (
            Pool(**POOL, discount=0.1, tool_cost_per_day=2.0, shop=True),
            ["with a shop of its own", "everything there at 10% off", "tools for CNY 2 a day"],
            ["自带商城", "全场 9 折", "工具每天 2 元"],
        ),
        (Store(kind="store", discount=0.25), ["everything there at 25% off"], ["全场 7.5 折"]),
    ],
)
def test_settings_in_use_are_told_in_both_languages(its, english, chinese):
    assert said(its) == english
    assert said(its, "zh") == chinese


@pytest.mark.nojit
def test_a_phrase_counts_as_told_even_if_there_is_nothing_to_say():
    """A hook that costs nothing differs from one that costs something by this sentence, not by a bare setting."""
    told = {name for _, names in clauses(Hook(**GIFT), "this", Voice("en", "CNY")) for name in names}
    assert {"cost", "reward", "in_person"} <= told


@pytest.mark.nojit
def test_declared_words_are_in_both_languages_and_put_in_the_same():
    """Declarations of the library alone: what others declare may be in one language."""
    of_ours = [kind for kind in all_parameters() if kind.__module__.startswith("trafficsim.")]
    fields = [field for kind in of_ours for field in kind.model_fields.values()]
    phrases = [phrase for field in fields if (phrase := phrase_of(field))]
    sliders = [slider for field in fields if (slider := slider_of(field))]
    assert phrases
    assert sliders
    assert all(phrase.en.count("{value}") == phrase.zh.count("{value}") <= 1 for phrase in phrases)
    assert all(phrase.en and phrase.zh for phrase in phrases)
    assert all(slider.label and slider.zh for slider in sliders)
