"""What a result says about itself: typed in Python, attributes of the same names in the data and its file."""

import datetime as dt
import json
from dataclasses import fields

import numpy as np
import pytest

from synthetic import story, zeros
from trafficsim.results import Result
from trafficsim.results.about import About, Assumed, End, EqualBudget, Influence, Leaning, Sourced
from trafficsim.results.stopping import Stopping

SAID = {
    "seed": 2**64 - 1,
    "equal_budget": EqualBudget(("paid", "private"), {"paid": 0.5}, {"paid": 1.0, "private": 2.0}),
    "stopping": Stopping("decided", 3, reached=True),
    "assumed": [Assumed("a.b", 1, (0, 2.5)), Assumed("a.on", True, None), Assumed("start", "2024-01-01", None)],
    "leaning": Leaning(
        "paid",
        6,
        {"nothing": 1.5},
        (Influence("a.b", 1, (0, 2.5), (End(0, {"nothing": (1.0, 0.5, 1.5)}, ""), End(2.5, {}, "can't be run"))),),
    ),
}


def test_each_field_is_an_attribute_of_its_name():
    about = Result(zeros()).about
    assert list(about.attributes()) == [field.name for field in fields(About)]
    assert {**zeros().attrs, **about.attributes()}.keys() == about.attributes().keys()


def test_it_says_the_same_after_a_file(tmp_path):
    result = story(("nothing", "paid", "private"), 9, 2).saying(**SAID)
    result.save(tmp_path)
    again = Result.load(tmp_path).about
    assert again == result.about
    assert {name: getattr(again, name) for name in SAID} == SAID
    assert About.of(again.attributes()) == again


def test_numbers_stay_whole_or_broken_as_they_were():
    """1 is no 1.0 to a reader."""
    about = Result(zeros()).saying(**SAID).about
    assert [type(number) for number in (about.assumed[0].value, *about.assumed[0].range)] == [int, int, float]
    (number,) = about.leaning.numbers
    assert [type(found) for found in (number.value, *number.range)] == [int, int, float]


def test_fields_have_their_types():
    about = Result(zeros()).about
    assert about.start == dt.date(2024, 1, 1)
    assert about.sourced == [Sourced("customers.count", 30000, "004: three kilometres, 30,000 people")]
    assert about.routes_off == {"paid": []}
    assert about.leaning is about.stopping is about.equal_budget is None
    assert (about.labels, about.own, about.repeat) == ({}, (), "trafficsim compare restaurant --replicates 3 --seed 1")


def test_attributes_keep_the_form_of_files():
    attributes = Result(zeros()).saying(**SAID).data.attrs
    assert json.loads(attributes["assumed"]) == [
        ["a.b", 1, [0, 2.5], ""],
        ["a.on", True, None, ""],
        ["start", "2024-01-01", None, ""],
    ]
    assert json.loads(attributes["equal_budget"])["factors"] == {"paid": 0.5}
    assert json.loads(attributes["leaning"])["numbers"][0]["ends"][0] == {
        "value": 0,
        "leads": {"nothing": [1.0, 0.5, 1.5]},
        "problem": "",
    }


def test_data_that_lack_something_are_refused():
    attributes = zeros().attrs
    del attributes["plans"], attributes["kinds"]
    with pytest.raises(ValueError, match="lacks plans, kinds"):
        About.of(attributes)
    with pytest.raises(ValueError, match="lacks plans, kinds"):
        Result(zeros().drop_attrs().assign_attrs(attributes))


@pytest.mark.parametrize(
    ("name", "wrong"), [("days", "many"), ("plans", "[1]"), ("kinds", "no JSON"), ("start", "soon")]
)
def test_attributes_that_are_something_else_are_refused(name, wrong):
    with pytest.raises(ValueError, match=r"."):
        _ = Result(zeros().assign_attrs({name: wrong})).about


def test_numbers_of_files_are_numbers():
    assert type(Result(zeros(seed=np.uint64(7))).about.seed) is int
