"""against: own arms when rivals do each of theirs, with the same customers and luck."""

import json

import numpy as np
import pytest

import trafficsim as ts
from answers import conforming
from comparisons import shop
from trafficsim.engine.extending import load_mechanisms
from trafficsim.mechanisms.shared import own
from trafficsim.plots import png
from trafficsim.plots.facing import answers
from trafficsim.report.facing import as_plain, facing_told, rival_name
from trafficsim.scenario import ScenarioError, load_text
from trafficsim.scenario.against import ALONE
from trafficsim.study.facing import NoRivalError
from trafficsim.words.language import words

FEW = {"days": 20, "customers.count": 600}
THEIRS = {"cheap": {"rivals": {"pull": 3.0}}, "gone": {"rivals": {"pull": 0.0}, "product": {"price": 85}}}


@pytest.fixture(scope="module")
def case():
    return shop(FEW).adding({"against": THEIRS})


@pytest.fixture(scope="module")
def found(case):
    return ts.against(case, replicates=8)


def test_each_arm_meets_each_of_theirs(case, found):
    assert found.rivals == (ALONE, "cheap", "gone")
    assert found.arms == case.arms
    assert found.payoffs.shape == (3, 3, 8)
    for k, arm in enumerate(case.arms):
        alone = ts.evaluate(case, [{}], ["profit"], replicates=8)["profit"].sel(arm=arm)
        assert np.array_equal(found.payoffs[k, 0], alone.to_numpy()[0])  # what the file says is the first column
        other = case.replace({"rivals.pull": 3.0})
        cheap = ts.evaluate(other, [{}], ["profit"], replicates=8)["profit"].sel(arm=arm)
        assert np.array_equal(found.payoffs[k, 1], cheap.to_numpy()[0])


def test_arms_for_equal_money_meet_rivals_as_compare_has_them():
    equal = shop({**FEW, "advertising.feed.budget_per_day": 1}).adding({"equal_budget": ["paid", "private"]})
    met = ts.against(equal, THEIRS, replicates=2)
    compared = ts.compare(equal, 2)
    assert met.scaled == compared.about.equal_budget.factors
    assert met.scaled["paid"] != 1.0
    paid, profit = met.arms.index("paid"), compared.estimate("profit", "paid").above
    assert met.payoffs[paid, 0] == pytest.approx(profit, rel=1e-12)  # the order of adding up differs
    cheap = shop({**FEW, "rivals.pull": 3.0, "advertising.feed.budget_per_day": met.scaled["paid"]})
    again = ts.compare(cheap, 2).estimate("profit", "paid").above
    assert met.payoffs[paid, 1] == pytest.approx(again, rel=1e-12)
    assert "the ad budget of “paid” was" in " ".join(facing_told(met))


def test_best_answers_are_those_of_the_table(case, found):
    mean = found.payoffs.mean(axis=2)
    for column, answer in enumerate(found.answers):
        order = np.argsort(-mean[:, column])
        assert [answer.best, answer.next] == [case.arms[k] for k in order[:2]]
        assert answer.ahead.middle == pytest.approx(mean[order[0], column] - mean[order[1], column])
        assert answer.staying.middle == pytest.approx(mean[order[0], column] - mean[0, column])
        assert answer.harm.middle == pytest.approx(mean[0, 0] - mean[0, column])
    assert found.answers[1].harm.low > 0  # a rival who pulls more takes orders
    assert found.safest == case.arms[int(np.argmax(mean.min(axis=1)))]
    table = found.table()
    assert len(table) == 9
    assert (table["behind"] >= 0).all()


@pytest.fixture
def rival_pool():
    """The shipped mechanism, as long as a test lasts."""
    before = dict(own._known)
    load_mechanisms(["rival_pool"])
    yield
    own._known.clear()
    own._known.update(before)


@pytest.mark.usefixtures("rival_pool")
def test_a_rival_s_pool_is_a_mechanism_of_its_own():
    pools = {"pool": {"rival_pool": {"asked_per_week": 0.9, "taken": 1.0, "offers": 0.9}}}
    facing = ts.against(shop(FEW), pools, replicates=3)
    assert facing.rivals == (ALONE, "pool")
    assert facing.answers[1].harm.middle > 0


def test_what_the_file_says_of_rivals_changes_no_other_run(case):
    plain = shop(FEW)
    assert case.digest == plain.digest
    assert load_text(case.text, "again").rival_arms == case.rival_arms
    assert case.replace({"days": 10}).rival_arms == case.rival_arms


def test_labels_and_claims_of_arms_are_no_hindrance():
    claims = "claims: {pays: {says: It pays., source: test, expect: {metric: profit, arm: paid, at_least: 0}}}\n"
    theirs = "against: {cheap: {rivals: {pull: 2.0}}}\nlabels: {paid: ads, cheap: a cheap rival}\n"
    text = shop(FEW).yaml + claims + theirs
    labelled = ts.against(load_text(text, "shop"), replicates=2)
    assert "a cheap rival" in " ".join(facing_told(labelled))


def test_what_cannot_be_is_refused(case):
    with pytest.raises(NoRivalError, match="give their arms under against"):
        ts.against(shop(FEW))
    with pytest.raises(ScenarioError, match="pul"):
        ts.against(shop(FEW), {"typo": {"rivals": {"pul": 1.0}}})
    with pytest.raises(ScenarioError, match="stands for already"):
        ts.against(shop(FEW), {ALONE: {"rivals": {"pull": 1.0}}})
    with pytest.raises(ValueError, match="cac is no sum"):
        ts.against(case, name="cac")
    with pytest.raises(KeyError, match="fame"):
        ts.against(case, name="fame")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_told_and_drawn(found, language):
    said = facing_told(found, language)
    assert all(rival_name(found, rival, words(language)) in " ".join(said) for rival in found.rivals)
    names = {rival: rival_name(found, rival, words(language)) for rival in found.rivals}
    assert png(answers(found, names, language=language)).startswith(b"\x89PNG")
    plain = json.loads(json.dumps(as_plain(found), allow_nan=False))
    assert [answer["rival"] for answer in plain["answers"]] == list(found.rivals)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("--replicates", "2", "--out", "table.png"), 0, "If rivals do nothing new"),
        (("--replicates", "2", "--json"), 0, '"safest"'),
        (("--metric", "fame"), 2, "fame"),
        (("--out", "table.pdf"), 2, "must end in .png or .csv"),
    ],
)
def test_the_command(command, case, tmp_path, monkeypatch, arguments, status, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(case.yaml, "utf-8")
    ended, told = command("against", "shop.yaml", *arguments)
    assert ended == status, told.err
    assert says in " ".join((told.out + told.err).replace("│", " ").split())
    if "--json" in arguments:
        conforming(told.out)
