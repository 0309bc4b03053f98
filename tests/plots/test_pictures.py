"""Every picture: what is written can be read in both languages, what is drawn is the data, and it looks as it did."""

import inspect
import math
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from pictures import (
    BASELINES,
    DOTS_PER_INCH,
    DRAWN_WITH,
    HARD,
    PICTURES,
    TOLERANCE,
    apart,
    cut,
    figure_of,
    need_by_price,
    overlapping,
    portable,
    small,
    written,
)
from synthetic import ARMS, attributed, cadence_sweep, claim_of, examined, story, swept, thousand_members, with_profit
from trafficsim import plots
from trafficsim.journeys import Journey
from trafficsim.plots import sheet, style
from trafficsim.plots.covering import dash_covering
from trafficsim.plots.folding import fold_in_points, font_of, ruler
from trafficsim.plots.groups import FURTHEST
from trafficsim.plots.labels import EndLabel
from trafficsim.plots.routes import FEWEST
from trafficsim.report import drawings
from trafficsim.report.voice import Voice
from trafficsim.results import intervals
from trafficsim.study.claims import DAY, limits
from trafficsim.study.varying import Span, SweepError
from trafficsim.words.language import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*PICTURES, *HARD])
def test_no_text_is_cut_or_lies_over_another_and_no_legend_over_data(name, language):
    if language == "zh" and not style.can_draw("私域"):
        pytest.skip("no font with Chinese characters is installed")
    figure = figure_of((PICTURES | HARD)[name](language))
    boxes = written(figure)
    assert len(boxes) >= 4
    assert any(axes.get_title(loc="left") for axes in figure.axes)
    assert not overlapping(boxes)
    assert not cut(boxes, figure)
    for axes in figure.axes:
        legend = axes.get_legend()
        assert legend is None or legend.get_window_extent().y0 >= axes.bbox.y1 - 1e-6  # rounding of floats, in pixels


ON_NO_PAGE = {"overview", "many_arms_overview", "heat_map", "latin"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in PICTURES | HARD if name not in ON_NO_PAGE])
def test_a_narrow_picture_is_as_narrow_as_a_phone_and_can_be_read(name, language):
    """Letters of 7.5 points are 10 pixels high where 280 points are as wide as a screen of 380 pixels."""
    if language == "zh" and not style.can_draw("私域"):
        pytest.skip("no font with Chinese characters is installed")
    with style.narrow():
        figure = figure_of((PICTURES | HARD)[name](language))
        boxes = written(figure)
    assert figure.get_figwidth() == 3.7
    assert len(boxes) >= 4
    assert min(text.get_fontsize() for text in boxes) >= 7.5
    assert not overlapping(boxes)
    assert not cut(boxes, figure)
    for axes in figure.axes:
        legend = axes.get_legend()
        assert legend is None or legend.get_window_extent().y0 >= axes.bbox.y1 - 1e-6
    assert not style.is_narrow()


def test_texts_that_overlap_or_are_cut_are_found():
    figure = Figure()
    axes = figure.subplots()
    for at in (0.5, 0.52):
        axes.text(at, 0.5, "here", transform=axes.transAxes)
    figure.text(0.99, 0.5, "beyond the edge")
    boxes = written(figure)
    assert overlapping(boxes) == [("here", "here")]
    assert cut(boxes, figure) == ["beyond the edge"]


@pytest.mark.skipif(not mpl.__version__.startswith(f"{DRAWN_WITH}."), reason=f"copies are of matplotlib {DRAWN_WITH}")
@pytest.mark.parametrize("name", PICTURES)
def test_pictures_look_as_they_did(name):
    """Differs on purpose? `python tests/pictures.py` draws the copies anew; look at them."""
    assert apart((BASELINES / f"{name}.png").read_bytes(), small(name)) <= TOLERANCE


def test_copies_are_small_and_of_pictures_that_there_are():
    copies = list(BASELINES.glob("*.png"))
    assert {copy.stem for copy in copies} == set(PICTURES)
    assert {copy.stem: size for copy in copies if (size := copy.stat().st_size) > 64_000} == {}


def less_a_line(axes):
    axes.get_lines()[1].remove()


def less_a_band(axes):
    axes.collections[1].remove()


def less_the_title(axes):
    axes.set_title("", loc="left")


def less_a_label(axes):
    axes.findobj(EndLabel)[0].remove()


def another_scale(axes):
    axes.set_ylim(top=1.1 * axes.get_ylim()[1])


@pytest.mark.parametrize("change", [less_a_line, less_a_band, less_the_title, less_a_label, another_scale])
def test_the_tolerance_sees_what_is_gone(change):
    with portable():
        axes = PICTURES["growth"]("en")
        before = plots.png(axes, DOTS_PER_INCH)
        change(axes)
        after = plots.png(axes, DOTS_PER_INCH)
    assert apart(before, before) == 0
    assert apart(before, after) > TOLERANCE


def test_pictures_in_chinese_need_a_font_and_say_which(monkeypatch):
    monkeypatch.setattr(style, "font_families", lambda: ("DejaVu Sans",))
    with pytest.raises(plots.NoFontError, match="install one, such as Noto Sans CJK"):
        story(days=9).pictures.growth(language="zh")
    assert story(days=9).pictures.growth(language="en").get_ylabel() == "customers"


def test_the_scenarios_language_is_spoken_unless_another_is_asked_for():
    result = story(days=9)
    result.data.attrs["language"] = "zh"
    if not style.can_draw("私域"):
        pytest.skip("no font with Chinese characters is installed")
    assert result.pictures.growth().get_title(loc="left") == "新客（自开始累计）"
    assert result.pictures.growth(language="en").get_title(loc="left") == "New customers, cumulative"


def test_a_picture_is_drawn_on_axes_of_ones_own():
    figure = Figure(figsize=(12, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    assert story(days=99).pictures.profit(axes=left) is left
    assert attributed().pictures.funnel(axes=right) is right
    boxes = written(figure)
    assert not overlapping(boxes)
    assert not cut(boxes, figure)
    notes = [text for text in boxes if "95% interval" in text.get_text()]
    assert len(notes) == 2
    for note, axes in zip(notes, (left, right), strict=True):
        assert Text.get_window_extent(note).width <= axes.bbox.width + 1


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 60, "one two\nthree"),
        ("线为均值。色带", 52, "线为均\n值。色\n带"),
        ("线为均值。色带", 40, "线为\n均\n值。\n色带"),
    ],
)
def test_notes_break_between_words_and_chinese_characters(text, width, lines):
    class Eight:
        """Latin letters are 8 pixels wide, others 16."""

        def get_text_width_height_descent(self, text, *_, **__):
            return sum(16 if ord(letter) > 0x2E80 else 8 for letter in text), 9, 1

    assert sheet.fold(text, width, Eight(), None) == lines


def test_lines_have_room_where_letters_do_not_keep_to_pixels():
    """As in a page: these 273.6 points on pixels are 279.7 as shapes."""
    said = "“pool” ahead of “ads” in the median run from 15 Feb 2027"
    folded = [sheet.fold(said, width * 100 / 72, ruler(100.0), font_of(9.5)) for width in (277.0, 281.0)]
    assert [lines.count("\n") for lines in folded] == [1, 0]


def test_short_names_in_quotation_marks_stay_whole_where_they_can():
    assert fold_in_points("自今日起领先“投放加私域”", 80.0, 9.0) == "自今日起领先\n“投放加私域”"
    assert fold_in_points("自今日起领先“投放加私域”", 40.0, 9.0).count("\n") > 1


def test_lines_on_each_other_share_their_length():
    axes = Figure().subplots()
    lines = [axes.plot(day)[0] for day in ([0, 5, 100], [0, 50, 100], [0, 5.5, 100], [np.nan, 5, 99.5])]
    assert dash_covering(lines)
    assert [line.is_dashed() for line in lines] == [False, False, True, True]
    assert not dash_covering(lines[:2])


def line_of(axes, colour):
    (line,) = [
        line for line in axes.get_lines() if to_hex(line.get_color()) == colour.lower() and len(line.get_xdata()) > 2
    ]
    return line.get_ydata()


def test_lines_and_bands_are_the_means_and_intervals_of_the_result():
    result = story(days=60, replicates=5)
    for axes, name in ((result.pictures.growth("members"), "members"), (result.pictures.profit(), "profit")):
        colour = style.colours(result.arms, result.baseline)
        for arm, band in zip(result.arms, axes.collections, strict=False):
            middle, low, high = intervals.band(result.series(name, cumulative=True).sel(arm=arm).to_numpy())
            assert line_of(axes, colour[arm]).tolist() == middle.tolist()
            corners = band.get_paths()[0].vertices
            assert corners[:, 1].max() == pytest.approx(high.max())
            assert corners[:, 1].min() == pytest.approx(low.min())


def said_above(axes):
    return [text.get_text() for text in axes.texts]


def test_a_money_bridge_has_intervals_of_all_leads_together():
    def reach(axes):
        return max(float(np.ptp(line.get_segments()[-1][:, 0])) for line in axes.collections)

    plain, wide = (story().pictures.money_change(together=together) for together in (1, 3))
    assert reach(wide) > reach(plain)
    assert "all 3 other arms together" in " ".join(wide.figure.get_supxlabel().split())


def test_a_paired_difference_is_drawn_replicate_by_replicate():
    """Luck that both arms share leaves no band."""
    luck = np.random.default_rng(5).integers(0, 5000, (1, 6, 40))
    result = with_profit(np.concatenate([luck, luck + 300 + np.zeros((1, 6, 40), int)]))
    axes = result.pictures.paired_difference(pair=("private", "nothing"))
    assert line_of(axes, style.COLOURS[0]).tolist() == pytest.approx([3.0 * day for day in range(1, 41)])
    assert np.ptp(axes.collections[0].get_paths()[0].vertices[:, 1]) == pytest.approx(117)
    assert "Sure from the first day: from then on the 95% interval stays above 0" in said_above(axes)
    turned = result.pictures.paired_difference(pair=("nothing", "private"))
    assert line_of(turned, style.COLOURS[0])[-1] == pytest.approx(-120)


def test_the_day_on_which_an_interval_leaves_zero_is_the_last_one():
    """Above 0 from day 2 on, after a time in which luck decides."""
    daily = np.array([[9, -9, 200, 1], [-9, 9, 210, 1], [9, -9, 190, 1], [-9, 9, 200, 1]])
    axes = with_profit([np.zeros((4, 4)), daily]).pictures.paired_difference(pair=("private", "nothing"))
    assert "Sure from 3 Jan 2024: from then on the 95% interval stays above 0" in said_above(axes)
    undecided = with_profit([np.zeros((4, 3)), daily[:, :2].repeat([1, 2], axis=1)]).pictures.paired_difference(
        pair=("private", "nothing")
    )
    assert any(text.get_text().startswith("Undecided: on the last day") for text in undecided.texts)


def test_what_is_asked_for_is_drawn_first_even_if_it_is_no_series():
    result = story(ARMS[:3], 20).saying(asks="delivered")
    result.data["delivered"].loc[{"arm": "paid", "day": [3, 5]}] = 7
    first = drawings._main(result, Voice("en", result.currency))[0]
    axes = first.draw()
    assert first.says == "What is asked for, over time (home-delivery orders): how far each arm is ahead of “nothing”."
    assert axes.get_title(loc="left") == "Home-delivery orders, cumulative: ahead of “nothing”"
    assert axes.get_ylabel() == "orders"
    places = result.data.sizes["place"]
    assert line_of(axes, style.COLOURS[0])[[2, 3, 5, 19]].tolist() == [0, 7 * places, 14 * places, 14 * places]
    earning = drawings._main(story(ARMS[:3], 20), Voice("en", result.currency))[0]
    assert "has earned" in earning.says


def test_a_difference_needs_two_arms():
    with pytest.raises(ValueError, match="needs two arms"):
        story(ARMS[:1], 9).pictures.paired_difference()


def bars(axes):
    return [patch.get_width() for patch in axes.patches if hasattr(patch, "get_width") and patch.get_height() < 1]


def test_bars_of_the_funnel_are_its_table():
    result = attributed()
    table = result.by_stage()
    in_order = table.set_index(["stage", "arm"])["customers"]
    wanted = [in_order[stage, arm] for stage in ("aware", "joined", "new", "repeat") for arm in result.arms]
    wanted = [count for count in wanted if count > 0]  # an arm without a pool has no bar of those who joined one
    assert len(wanted) == 4 * len(result.arms) - 2
    assert bars(result.pictures.funnel()) == pytest.approx(wanted)


def test_cac_and_clv_are_those_by_route():
    result = attributed()
    table = result.by_route()
    known = table[table["new_customers"] > 0]
    marks = [line for line in result.pictures.cac_and_clv().get_lines() if len(line.get_xdata()) == 1]
    drawn = {marker: sorted(float(m.get_xdata()[0]) for m in marks if m.get_marker() == marker) for marker in "oD"}
    assert drawn["o"] == pytest.approx(sorted(known["clv"]))
    assert drawn["D"] == pytest.approx(sorted(known["route_cost"].dropna()))


def test_a_route_that_hardly_anybody_came_by_is_left_out_and_said():
    result = attributed()
    result.data["first_orders"].loc[{"route": "told", "arm": ["nothing", "paid"]}] = 0
    result.data["first_orders"].loc[{"route": "told", "arm": ["nothing", "paid"], "day": 3}] = FEWEST - 1
    axes = result.pictures.cac_and_clv()
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows.count("private") - rows.count("nothing") == 1
    note = " ".join(axes.figure.get_supxlabel().split())
    assert f"Left out: fewer than {FEWEST} new customers in the mean run." in note
    assert "Left out" not in attributed().pictures.cac_and_clv().figure.get_supxlabel()


def test_an_interval_that_knows_nothing_is_cut_and_said():
    result = attributed()
    assert "Arrows" not in result.pictures.cac_and_clv().figure.get_supxlabel()
    luck = np.array([-90, 90, -90, 90, -90, 90]) * 100_000
    result.data["margin_of_new"].loc[{"arm": "both", "route": "store", "day": 3}] += luck
    axes = result.pictures.cac_and_clv()
    assert "Arrows: the interval goes on." in axes.figure.get_supxlabel()
    largest = result.by_route()["clv"].max()
    ends = [x for line in axes.get_lines() if len(line.get_xdata()) == 2 for x in line.get_xdata()]
    assert (min(ends), max(ends)) == pytest.approx((-FURTHEST * largest, FURTHEST * largest))


def test_stages_by_hand():
    """Of 1000 customers 800 know the brand, 90 joined; 100 bought first, 40 of them again."""
    result = attributed(("nothing", "private"), replicates=2)
    result.data["first_orders"][:] = 0
    result.data["first_orders"].loc[{"route": "told", "day": [1, 5]}] = 50
    result.data["repeaters_of_segment"][:] = 20
    found = result.by_stage().set_index(["arm", "stage"])
    assert found.loc[("private", "aware"), ["customers", "share"]].tolist() == [800, 0.8]
    assert found.loc[("private", "joined"), ["customers", "share"]].tolist() == [90, 0.1125]
    assert found.loc[("private", "new"), ["of", "customers", "share"]].tolist() == ["aware", 100, 0.125]
    assert found.loc[("nothing", "repeat"), ["of", "customers", "share"]].tolist() == ["new", 40, 0.4]


def test_attribution_by_hand():
    """100 yuan of advertising won 10 more customers; 20 are called paid by first touch and 5 by last touch."""
    result = attributed(("nothing", "paid"), replicates=3)
    data = result.data
    for name in ("first_orders", "first_orders_touched", "advertising"):
        data[name][:] = 0
    data["first_orders"].loc[{"route": "organic", "day": 0}] = [[30, 31, 32], [20, 21, 22]]
    data["first_orders"].loc[{"arm": "paid", "route": "paid", "day": 0}] = 20
    data["first_orders_touched"].loc[{"arm": "paid", "touch": "paid", "day": 0}] = 5
    data["advertising"].loc[{"arm": "paid", "place": "review_site", "day": 0}] = 10_000
    (row,) = result.attribution().to_dict("records")
    assert (row["route"], row["arm"], row["without"]) == ("paid", "paid", "nothing")
    assert (row["first_touch"], row["last_touch"], row["true_cac"]) == pytest.approx((5, 20, 10))
    assert bars(result.pictures.last_touch_cac()) == pytest.approx([5, 20, 10])


def test_without_a_counterfactual_no_true_cost_is_invented():
    axes = attributed(("paid", "private")).pictures.last_touch_cac()
    assert len(bars(axes)) == 2
    assert "can't be told" in [text.get_text() for text in axes.texts]


def test_extra_customers_that_cannot_be_told_from_none_have_no_cost():
    result = attributed(("nothing", "paid"), replicates=4)
    result.data["first_orders"].loc[{"arm": "paid"}] = result.data["first_orders"].sel(arm="nothing").to_numpy()[::-1]
    axes = result.pictures.last_touch_cac()
    assert "can't be told" in [text.get_text() for text in axes.texts]
    assert "Paid media: “paid”, true against “nothing”" in [text.get_text() for text in axes.texts]
    assert "where the extra customers may be none" in " ".join(axes.figure.get_supxlabel().split())


def test_the_ratio_of_means_has_fiellers_interval():
    """By hand for t = 4.303 (2 degrees of freedom): the limits solve (12 - 4 r)^2 = t^2 / 3 x (1 + r^2)."""
    above, below = np.array([11.0, 12.0, 13.0]), np.array([4.0 - 1, 4.0 + 1, 4.0])
    found = intervals.ratio(above, below)
    covariance = np.cov(above, below)
    for limit in (found.low, found.high):
        variance = covariance[0, 0] - 2 * limit * covariance[0, 1] + limit**2 * covariance[1, 1]
        assert (12 - 4 * limit) ** 2 == pytest.approx(4.302652729911275**2 / 3 * variance)
    assert found.middle == 3
    assert found.low < 3 < found.high
    assert math.isnan(intervals.ratio(above, below - 4).middle)
    assert intervals.ratio(above[:1], below[:1]).middle == pytest.approx(11 / 3)


def test_the_best_cadence_is_marked_with_those_that_are_as_good():
    result = cadence_sweep()
    axes = result.pictures.cadence()
    assert line_of(axes, style.COLOURS[0]).tolist() == pytest.approx([100, 190, 200, 198, 50])
    assert axes.get_lines()[-1].get_xdata()[0] == pytest.approx(4)
    assert "best: 4; 2 to 8 can't be told from it" in [text.get_text() for text in axes.texts]
    assert axes.get_xlabel() == "posts a week"


def test_a_cadence_curve_needs_one_number():
    two = swept({"a": Span(1, 2, 2), "b": Span(1, 2, 2)}, lambda a, b: a + b)
    with pytest.raises(SweepError, match="one number"):
        two.pictures.cadence()
    with pytest.raises(SweepError, match="no arm 'nobody'"):
        cadence_sweep().pictures.cadence(arm="nobody")


def test_the_tornado_puts_the_largest_first_and_marks_what_turns():
    axes = thousand_members().pictures.tornado("the_claim")
    texts = [text.get_text() for text in axes.texts]
    numbers = [text.split(" = ")[0] for text in texts if " = " in text]
    assert numbers == [
        "posts.vip_group.open_rate",
        "deal_hunters: days between two needs",
        "Price of the product",
    ]
    assert "1,100: supported" in texts
    assert sum(": supported" in text or ": not supported" in text for text in texts) == 1
    assert [bar.get_x() + bar.get_width() for bar in axes.patches if bar.get_height() < 1] == pytest.approx(
        [400, 1100, 870, 900, 880]
    )
    assert axes.get_legend().get_texts()[1].get_text() == "limit of the claim: 1,000"


def test_a_crossover_that_never_comes_ends_at_the_edge():
    ends = {"product.price": ((90, 60, 150), (40.0, "holds"), (math.inf, "contradicted"))}
    expect = {"metric": "profit", "arm": "private", "crossover": {"over": "paid", "before": 200}}
    found = examined(((100.0, 80.0, 120.0), "holds"), ends, what=DAY, **expect)
    axes = found.pictures.tornado("the_claim")
    texts = [text.get_text() for text in axes.texts]
    assert {"day 40", "never: not supported"} <= set(texts)
    assert max(bar.get_x() + bar.get_width() for bar in axes.patches if bar.get_height() < 1) == axes.get_xlim()[1]


@pytest.mark.parametrize(
    ("expect", "found"),
    [
        ({"arm": "a", "at_least": 3.0}, (3, math.inf)),
        ({"arm": "a", "at_most": 3.0}, (-math.inf, 3)),
        ({"arm": "a", "between": (1.0, 3.0)}, (1, 3)),
        ({"arm": "a", "more_than": {"arm": "b", "by": 5.0}}, (5, math.inf)),
        ({"order": ("a", "b")}, (0, math.inf)),
        ({"arm": "a", "crossover": {"over": "b", "before": 9}}, (-math.inf, 9)),
        ({"arm": "a", "crossover": {"over": "b", "never": True}}, (-math.inf, math.inf)),
    ],
)
def test_limits_of_claims(expect, found):
    assert limits(claim_of(metric="profit", **expect).expect) == found


def test_what_a_tornado_cannot_be_drawn_of():
    made = thousand_members()
    with pytest.raises(KeyError, match="no claim 'other'; there are the_claim"):
        made.pictures.tornado("other")
    with pytest.raises(ValueError, match="robust"):
        type(made)(made.scenario, made.verdicts, 16, 1).pictures.tornado("the_claim")


DRAWN_OF = {
    "result": story,
    "swept": cadence_sweep,
    "examined": thousand_members,
    "found": lambda: Journey.__new__(Journey),
}


def test_every_picture_is_one_of_what_it_shows_and_has_its_line_in_the_page():
    no_pictures = {"NoFontError", "font_note", "png", "require_fonts", "svg"}
    page = (Path(__file__).parents[2] / "docs" / "pictures.md").read_text("utf-8")
    lines = set(re.findall(r"^\| `(\w+)\.(?:pictures\.)?(\w+)\(", page, re.MULTILINE))
    found = {(name, picture) for name, make in DRAWN_OF.items() for picture in dir(make().pictures)}
    assert lines == found | {("plots", "spreading")}  # of a scenario
    assert {picture for _, picture in lines} == set(plots.__all__) - no_pictures


def test_a_picture_is_the_function_of_its_name():
    result = story(days=9)
    picture = result.pictures.growth
    assert (picture.__func__, picture.__self__) == (plots.growth, result)
    assert list(inspect.signature(picture).parameters) == ["name", "axes", "language"]
    assert repr(result.pictures).startswith("Pictures(ahead_of_baseline, animate_flow, ")


def test_a_picture_that_there_is_not_is_told_with_those_that_there_are():
    with pytest.raises(AttributeError, match="no picture 'pie' of a SweepResult; there are cadence, difference, "):
        _ = cadence_sweep().pictures.pie
    assert not hasattr(story(days=9).pictures, "_repr_html_")


@pytest.mark.parametrize("looks_into_code", [True, False])
def test_tab_completes_pictures_in_a_notebook(looks_into_code):
    from IPython.core.completer import IPCompleter, provisionalcompleter  # noqa: PLC0415 - slow

    completer = IPCompleter(namespace={"result": story(days=9)}, use_jedi=looks_into_code)
    with provisionalcompleter():
        offered = {found.text.lstrip(".") for found in completer.completions("result.pictures.", 16)}
    assert {"growth", "profit", "overview"} <= offered


def test_a_sweeps_picture_is_a_map_of_two_settings_and_a_line_of_one():
    for sweep, same in ((need_by_price(), plots.heat_map), (cadence_sweep(), plots.difference_line)):
        assert plots.svg(sweep.pictures.difference()) == plots.svg(same(sweep))
    with pytest.raises(SweepError, match="a line shows one setting; 2 varied"):
        need_by_price().pictures.difference_line()
    with pytest.raises(SweepError, match="a map shows two settings; 1 varied"):
        cadence_sweep().pictures.heat_map()
    three = swept(dict.fromkeys("abc", Span(1, 2, 2)), lambda a, b, c: a + b + c)
    with pytest.raises(SweepError, match="one or two settings; 3 were varied"):
        three.pictures.difference()
