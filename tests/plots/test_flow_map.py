"""The flow map: what is drawn is what was counted, places and words keep apart, in both languages."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon

from looks import check_texts
from synthetic import MOVES, with_moves
from trafficsim import plots
from trafficsim.plots.moves import movements
from trafficsim.plots.places import TIP, WIDEST, Curve, lay_out, radii


def ribbons(axes):
    return {patch.get_gid(): patch for patch in axes.patches if isinstance(patch, Polygon)}


def numbers(axes):
    return [text for text in axes.texts if text.get_gid() and text.get_visible()]


def width_at_start(patch):
    outline = patch.get_xy()[:-1]
    return np.hypot(*(outline[0] - outline[-1]))


def test_every_move_has_a_ribbon_as_wide_as_its_people():
    drawn = ribbons(plots.flow_map(with_moves(MOVES), "private"))
    people = {"0>1": 400, "0>2": 100, "1>3": 200, "2>3": 50, "1>2": 30}
    assert set(drawn) == {*people, "scale"}
    for gid, count in people.items():
        assert width_at_start(drawn[gid]) == pytest.approx(WIDEST * count / 400, rel=1e-6)


def test_a_window_holds_its_own_moves_and_arms_share_a_scale():
    result = with_moves(MOVES)
    assert set(ribbons(plots.flow_map(result, "private", 0))) == {"0>1", "0>2", "scale"}
    assert set(ribbons(plots.flow_map(result, "private", 55))) == {"1>3", "2>3", "1>2", "scale"}
    (ribbon,) = [patch for gid, patch in ribbons(result.pictures.flow_map("nothing", 27)).items() if gid != "scale"]
    assert width_at_start(ribbon) == pytest.approx(WIDEST * 300 / 400, rel=1e-6)


def test_places_are_as_large_as_the_people_there_at_the_end():
    axes = plots.flow_map(with_moves(MOVES), "private")
    circles = [patch for patch in axes.patches if isinstance(patch, Circle)]
    areas = np.array([circle.get_radius() ** 2 for circle in circles])
    assert areas / areas[0] == pytest.approx(np.array([500, 170, 80, 250]) / 500)


def test_places_carry_names_and_counts_and_numbers_the_colour_of_their_ribbons():
    axes = plots.flow_map(with_moves(MOVES, spread=10), "private")
    written = check_texts(axes)
    assert "Who moved where: “private”, days 0 to 55" in written
    assert "review_site\n165" in written  # 405 came, 205 and 35 left
    assert "outside\n490" in written
    assert "405" in written
    shapes = ribbons(axes)
    for number in numbers(axes):
        assert to_rgb(number.get_color()) == shapes[number.get_gid()].get_facecolor()[:3]


@pytest.mark.parametrize("count", [3, 5, 8])
def test_a_number_stands_on_the_middle_of_its_own_ribbon_and_touches_no_other_of_its_colour(count):
    axes = plots.flow_map(many(count), "private")
    check_texts(axes)
    shapes = ribbons(axes)
    standing = numbers(axes)
    assert standing
    for number in standing:
        own, box = shapes[number.get_gid()], number.get_window_extent()
        middle = (box.min + box.max) / 2
        assert np.hypot(*(own.middle()[0] - middle).T).min() < box.height / 4
        for shape in set(shapes.values()) - {own, shapes["scale"]}:
            path = shape.get_transform().transform_path(shape.get_path())
            assert not path.contains_point(middle)
            if shape.get_facecolor()[:3] == own.get_facecolor()[:3]:
                assert not path.intersects_bbox(box)


def test_all_movements_of_a_map_are_told_the_widest_first():
    result = with_moves(MOVES, spread=10)
    told = movements(result, "private", "en")
    assert len(told) == len(ribbons(plots.flow_map(result, "private"))) - 1  # without the scale
    assert told[0][:2] == ("outside", "review_site")
    assert told[0][2].startswith("405 (")
    assert movements(with_moves(MOVES, replicates=1), "private", "zh")[0] == ("圈外", "review_site", "400")


def test_all_people_of_a_map_are_counted_in_the_same_unit():
    result = with_moves({"private": {(0, 0, 1): 840, (0, 0, 2): 5}})
    result.data["moved"] *= 1000
    written = check_texts(plots.flow_map(result, "private"))
    assert {"outside\n155k", "review_site\n840k", "dining_room\n5k"} <= set(written)


def test_what_is_hardly_anything_is_left_out_unless_it_is_of_a_pool():
    moves = {"private": {(0, 0, 1): 900, (0, 0, 2): 4, (0, 0, 3): 1}}
    assert set(ribbons(plots.flow_map(with_moves(moves), "private"))) == {"0>1", "0>3", "scale"}


def test_against_another_arm_ribbons_are_differences():
    result = with_moves({"nothing": {(0, 0, 1): 300}, "private": {(0, 0, 1): 200, (0, 0, 3): 400}})
    axes = plots.flow_map(result, "private", against="nothing")
    drawn = ribbons(axes)
    assert width_at_start(drawn["0>1"]) == pytest.approx(WIDEST * 100 / 400, rel=1e-6)
    assert drawn["0>1"].get_facecolor() != drawn["0>3"].get_facecolor()
    written = check_texts(axes)
    assert "review_site\n-100" in written
    assert "+400" in written


def test_a_difference_that_is_undecided_is_grey():
    result = with_moves({"private": {(0, 0, 1): 100, (0, 0, 3): 5}}, spread=0)
    result.data["moved"].loc[{"arm": "private", "replicate": 0, "from_place": "outside", "to_place": "vip_group"}] = 0
    drawn = ribbons(plots.flow_map(result, "private", against="nothing"))
    red, green, blue, _ = drawn["0>3"].get_facecolor()
    assert red == green == blue
    red, green, blue, _ = drawn["0>1"].get_facecolor()
    assert blue > red


def test_nothing_moves_and_one_replicate():
    axes = plots.flow_map(with_moves({}, replicates=1), "private")
    assert ribbons(axes) == {}
    assert "outside\n1,000" in check_texts(axes)
    assert "its random variation is unknown" in " ".join(axes.figure.get_supxlabel().split())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"arm": "paid"}, "no arm 'paid'; there are nothing, private"),
        ({"arm": "private", "against": "both"}, "no arm 'both'"),
        ({"arm": "private", "against": "private"}, "can't be compared with itself"),
        ({"arm": "private", "window": 56}, "no day 56; the run has days 0 to 55"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong, says):
    with pytest.raises((KeyError, ValueError), match=says):
        plots.flow_map(with_moves(MOVES), **wrong)


def many(count):
    """Places of all kinds, each of which sends people to every other one."""
    kinds = ["public", "pool", "store", "pool", "paid", "pool", "public", "store", "pool", "public", "store", "pool"]
    names = [f"place_with_a_name_{k}" for k in range(count)]
    moves = {(0, 0, k + 1): 70 for k in range(count)}
    moves |= {(1, a + 1, b + 1): 1 + (a + 2 * b) % 5 for a in range(count) for b in range(count) if a != b}
    return with_moves({"private": moves}, places=names, kinds=dict(zip(names, kinds, strict=False)))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("count", [1, 2, 5, 8, 12])
def test_texts_keep_apart_with_few_and_many_places(count, language):
    written = check_texts(plots.flow_map(many(count), "private", language=language))
    assert sum("place_with_a_" in text for text in written) == count
    assert ("圈外\n" in " ".join(written)) == (language == "zh")


def test_texts_keep_apart_on_small_axes_of_somebody_elses():
    figure = Figure(figsize=(11, 5.2), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, arm in zip(figure.subplots(1, 2), ("nothing", "private"), strict=True):
        assert plots.flow_map(with_moves(MOVES), arm, axes=axes) is axes
    check_texts(figure)


def test_no_ribbon_runs_through_a_third_place():
    places = lay_out(many(12))
    sizes = dict(zip([p.code for p in places], radii(np.full(13, 100.0), 100, places), strict=True))
    for a in places:
        for b in places:
            if a is b:
                continue
            middle = Curve.between(a, b).points(np.linspace(0, 1, 200))
            for other in places:
                if other not in (a, b):
                    assert np.hypot(*(middle - other.at).T).min() > sizes[other.code]


def test_a_ribbon_tapers_and_ends_before_its_place():
    places = lay_out(with_moves(MOVES))
    outline = Curve.between(places[0], places[1]).outline(0.2, 0.1, 0.3)
    first, last = outline[: len(outline) // 2], outline[len(outline) // 2 :][::-1]
    widths = np.hypot(*(first - last).T)
    assert widths[0] == pytest.approx(0.2)
    assert widths[-1] == pytest.approx(0.2 * TIP)
    assert np.all(np.diff(widths) < 0)
    assert np.hypot(*((first[-1] + last[-1]) / 2 - places[1].at)) >= 0.3


def test_two_directions_lie_side_by_side():
    a, b, *_ = lay_out(with_moves(MOVES))
    there, back = (curve.points(np.array([0.5]))[0] for curve in (Curve.between(a, b), Curve.between(b, a)))
    assert np.hypot(*(there - back)) > 0.2
