"""Labels: what readers see in place of names, which key the random numbers."""

from pathlib import Path

import pytest

from trafficsim import compare, load, plots
from trafficsim.journeys import journey
from trafficsim.journeys.telling import as_text
from trafficsim.report import answer, to_csv
from trafficsim.report.export import to_json
from trafficsim.results.labelled import labelled
from trafficsim.scenario import ScenarioError, load_text, shipped
from trafficsim.words.called import called
from trafficsim.words.language import words

SHOP = (Path(__file__).parents[1] / "data" / "cases" / "small_shop.yaml").read_text(encoding="utf-8")
LABELS = {
    "nothing": "不做", "paid": "投 放", "private": "私域", "shop": "门店", "club": "社群", "gift": "赠品",
    "host": "店员", "near": "附近",
}  # fmt: skip
NONE = "no arm, place, hook, segment, region, audience, tier, care, event, fact, claim, slot or staff has this name"
CLAIMS = """
claims:
  pays:
    says: it pays
    source: us
    expect: {metric: profit, arm: private, more_than: {arm: nothing}}
  joined:
    says: somebody joins
    source: us
    expect: {metric: joined.club, arm: private, at_least: 1}
"""


def with_labels(labels):
    return f"{SHOP}{CLAIMS}labels:\n" + "".join(f"  {name}: {label}\n" for name, label in labels.items())


@pytest.fixture(scope="module")
def results():
    return [compare(load_text(text, "shop"), replicates=2, seed=1) for text in (SHOP + CLAIMS, with_labels(LABELS))]


def test_labels_change_no_number_and_no_digest(results):
    plain, named = results
    assert load_text(SHOP + CLAIMS, "shop").digest == load_text(with_labels(LABELS), "shop").digest
    assert plain.data.equals(named.data)
    shown = labelled(named)
    assert (shown.summary()["mean"].fillna(-1) == plain.summary()["mean"].fillna(-1)).all()


def test_json_has_the_labels_beside_the_names(results):
    plain, named = (to_json(result) for result in results)
    assert (plain["labels"], named["labels"]) == ({}, {name: label.strip() for name, label in LABELS.items()})
    assert named["arms"] == plain["arms"] == ["nothing", "paid", "private"]


def test_the_picture_of_a_journey_shows_the_labels():
    labels = {"nothing": "No pool at all", "private": "With our group", "club": "Our neighbours"}
    case = load_text(with_labels(labels), "shop")
    axes = plots.journey(journey(case, "joiner", ("nothing", "private"), seed=1))
    written = [text.get_text() for text in (*axes.texts, *axes.get_yticklabels())]
    assert any(text.startswith("No pool at all: ") for text in written), written
    assert any(text.startswith("With our group: ") for text in written), written
    assert any(text.startswith("in Our neighbours") for text in written), written


def test_a_journey_is_told_under_the_labels():
    plain, named = (
        journey(load_text(text, "shop"), "joiner", ("nothing", "private"), seed=1)
        for text in (SHOP, with_labels(LABELS))
    )
    told = as_text(named, words("en"), 200)
    for name in ("nothing", "private", "shop", "club", "gift"):
        assert name in as_text(plain, words("en"), 200)
        assert name not in told.replace("A small shop", "")
        assert LABELS[name] in told


def test_what_is_shown_has_the_labels(results, tmp_path):
    shown = labelled(results[1])
    assert (shown.arms, shown.baseline) == (("不做", "投 放", "私域"), "不做")
    assert list(shown.data.place.to_numpy()) == ["street", "feed", "门店", "社群"]
    assert list(shown.data.from_place.to_numpy()) == ["outside", "street", "feed", "门店", "社群"]
    assert [list(shown.data[by].to_numpy()) for by in ("hook", "staff", "segment")] == [
        ["赠品"],
        ["店员"],
        ["附近", "far"],
    ]
    assert not [said for said in answer(shown) for name in ("“nothing”", "“paid”", "“private”") if name in said]
    assert "私域" in to_csv(shown, tmp_path)[0].read_text(encoding="utf-8-sig")
    assert labelled(shown) is shown
    assert labelled(results[0]) is results[0]


def test_a_scenario_with_labels_can_be_written_out_and_read_again():
    case = load_text(with_labels(LABELS), "shop")
    assert dict(load_text(case.text, "shop").labels) == dict(load_text(case.yaml, "shop").labels) == LABELS


@pytest.mark.parametrize(
    ("name", "label", "said"),
    [
        ("privat", "私域", f"{NONE}; did you mean 'private'?"),
        ("private", "a.b", "must be one line of 1 to 40 characters without a dot"),
        ("private", "x" * 41, "must be one line of 1 to 40 characters without a dot"),
        ("private", "paid", "'paid' is another's name or label"),
        ("private", "门店", "'门店' is another's name or label"),
        ("private", "5", "must be text (got 5)"),
    ],
)  # fmt: skip
def test_labels_that_nobody_could_tell_apart_are_refused(name, label, said):
    with pytest.raises(ScenarioError) as refused:
        load_text(with_labels({"shop": "门店", name: label}), "shop")
    assert [mistake.says for mistake in refused.value.mistakes] == [said]


def test_arms_of_shipped_scenarios_are_called_what_a_reader_would_call_them():
    """No name with an underscore, which is for files, and none that reads as another word in a sentence."""
    for name in shipped():
        case = load(name)
        shown = [called(arm, case.labels) for arm in case.arms]
        assert not [label for label in shown if "_" in label or label == "nothing"], name
