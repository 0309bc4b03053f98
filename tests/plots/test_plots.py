"""Pictures: what they name, that labels keep apart, and that the same result gives the same picture."""

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from synthetic import ARMS, story, swept, with_profit
from trafficsim import plots
from trafficsim.plots import style
from trafficsim.plots.labels import Amounts, EndLabel, apart, in_two_lines
from trafficsim.study.varying import Span


def texts(axes):
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize(("arms", "days"), [(ARMS[:2], 60), (ARMS[:4], 365), (ARMS, 1095), (ARMS[:1], 1)])
def test_every_arm_is_named_at_the_end_of_its_line(arms, days):
    result = story(arms, days, replicates=3)
    figure = plots.overview(result)
    assert len(figure.axes) == 2 + any(arm not in {"nothing", "paid"} for arm in arms)
    for axes in figure.axes:
        for shown in style.drawable_names(arms).values():
            assert sum(text.startswith(f"{shown} ") for text in texts(axes)) >= 1


def test_labels_of_lines_that_end_together_do_not_overlap():
    figure = plots.profit(with_profit(np.full((3, 2, 50), 7))).figure
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    labels = figure.axes[0].findobj(EndLabel)
    boxes = sorted((Text.get_window_extent(text, renderer) for text in labels), key=lambda box: box.y0)
    assert len(boxes) == 3
    assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))


def test_labels_of_many_lines_find_their_places_together(monkeypatch):
    """Not anew for each label, which took minutes for hundreds of arms; only where the axes have changed."""
    asked = []
    monkeypatch.setattr("trafficsim.plots.labels.apart", lambda *given: asked.append(given) or apart(*given))
    figure = plots.profit(story(("nothing", *(f"arm {n}" for n in range(19))), 50, 2)).figure
    figure.draw(FigureCanvasAgg(figure).get_renderer())
    assert 1 <= len(asked) <= 10  # layouts that were tried; each of 20 labels asks in each
    assert {len(given[0]) for given in asked} == {20}


def test_axes_carry_units_and_the_picture_says_what_its_bands_are():
    figure = plots.profit(story(replicates=5)).figure
    assert figure.axes[0].get_ylabel() == "CNY"
    assert [text.get_text() for text in figure.axes[0].get_xticklabels()][:1] == ["Jan\n2024"]
    assert "95% interval of that mean" in figure.get_supxlabel().replace("\n", " ")
    assert "unknown" in plots.profit(story(replicates=1)).figure.get_supxlabel()


def test_crossover_is_marked_in_words():
    ahead = [[-1, -1, 5, 1], [-1, 5, 1, 1], [-1, -1, 5, 1], [-1, -1, 5, 1], [-1, -1, -1, 9], [-1, 5, 1, 1]]
    result = with_profit([np.zeros((6, 4)), ahead])
    assert "“private” ahead of “nothing” in the median run from 3 Jan 2024 (2 Jan 2024 to 4 Jan 2024)" in texts(
        plots.profit(result, ("private", "nothing"))
    )
    said = "In the median run “nothing” does not get ahead of “private” for good within 4 days"
    assert said in texts(plots.profit(result, ("nothing", "private")))


def test_the_same_result_gives_the_same_svg():
    first, second = (plots.svg(plots.overview(story(days=30, replicates=3))) for _ in range(2))
    assert first == second
    assert first.startswith("<svg")
    assert "Date" not in first


def test_pictures_leave_the_settings_of_the_reader_alone():
    before = {name: mpl.rcParams[name] for name in mpl.rcParams}
    plots.svg(story(days=10, replicates=2).pictures.overview())
    assert {name: mpl.rcParams[name] for name in mpl.rcParams} == before


def test_a_name_without_a_font_is_replaced_and_said(monkeypatch):
    monkeypatch.setattr(style, "font_families", lambda: ("DejaVu Sans",))
    figure = plots.growth(story(("nothing", "私域流量"), days=9, replicates=2)).figure
    figure.draw_without_rendering()
    assert any(text.startswith("arm 2 ") for text in texts(figure.axes[0]))
    assert "arm 2 = 私域流量" in plots.font_note(["nothing", "私域流量"])
    assert plots.font_note(["nothing"]) == ""


def test_png_is_a_png():
    assert plots.png(plots.profit(story(days=9, replicates=2))).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("ticks", "labels"),
    [
        ([0, 500, 1000], ["0", "500", "1,000"]),
        ([-20_000, 0, 20_000], ["-20k", "0", "20k"]),
        ([0, 500_000, 1_000_000], ["0", "0.5M", "1.0M"]),
        ([0, 2.5, 5], ["0.0", "2.5", "5.0"]),
    ],
)
def test_ticks_of_an_axis_share_unit_and_decimals(ticks, labels):
    assert Amounts("en").format_ticks(ticks) == labels
    assert Amounts("en")(12_300) == "12.3k"


def test_ticks_in_chinese_count_in_ten_thousands():
    assert Amounts("zh").format_ticks([-5_000, 0, 5_000]) == ["-5,000", "0", "5,000"]
    assert Amounts("zh").format_ticks([0, 5_000, 10_000]) == ["0", "0.5万", "1.0万"]
    assert Amounts("zh").format_ticks([0, 5e7, 1e8]) == ["0", "0.5亿", "1.0亿"]


def test_labels_move_as_little_as_possible():
    assert apart(np.array([10.0, 50.0]), 8, 100).tolist() == [10, 50]
    assert apart(np.array([50.0, 50.0]), 8, 100).tolist() == [46, 54]
    assert apart(np.array([0.0, 0.0, 0.0]), 8, 100).tolist() == [0, 8, 16]
    assert apart(np.array([100.0, 100.0]), 8, 100).tolist() == [92, 100]
    assert apart(np.array([5.0, 5.0, 5.0]), 8, 10).tolist() == [0, 5, 10]


def test_long_names_take_two_lines():
    assert in_two_lines("private") == "private"
    assert in_two_lines("paid_media_and_search_ads") == "paid_media_and_\nsearch_ads"
    assert in_two_lines("a" * 20) == "a" * 16 + "\n" + "a" * 4


def test_colours_repeat_only_after_seven():
    arms = [f"arm_{i}" for i in range(8)]
    assert len(set(style.colours(arms, "arm_0").values())) == 8


def everything_written(figure):
    """All texts of a figure in one line."""
    figure.draw_without_rendering()
    return " ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


def need_by_price(difference, **attrs):
    return swept({"needs": Span(10, 1000, 3, log=True), "price": Span(1, 100, 3, log=True)}, difference, **attrs)


def test_a_map_names_its_axes_levels_numbers_and_who_leads():
    written = everything_written(plots.heat_map(need_by_price(lambda needs, price: 1e3 * (price - needs / 10))).figure)
    for label in ("needs", "price", "10", "1,000", "+99k", "-99k", "private ahead", "nothing ahead", "CNY"):
        assert label in written
    assert "Contribution profit: “private” minus “nothing”" in written
    assert "mean of 3 paired differences. Runs of 30 days." in written
    assert "assumptions can move a result more" in written


def test_a_map_draws_and_names_the_break_even_where_its_table_has_it():
    result = need_by_price(lambda needs, price: price - needs / 20)
    figure = plots.heat_map(result).figure
    assert "break-even" in everything_written(figure)
    (contour,) = [c for c in figure.axes[0].collections if hasattr(c, "allsegs")]
    drawn = {(round(x, 6), round(y, 6)) for segment in contour.allsegs[0] for x, y in segment}
    steps = [(np.log10(row["needs"]) - 1, np.log10(row["price"])) for row in result.break_even().to_dict("records")]
    assert {(round(x, 6), round(y, 6)) for x, y in steps} == drawn


def test_a_map_without_a_break_even_says_who_leads_throughout():
    figure = plots.heat_map(need_by_price(lambda needs, price: -needs - price)).figure
    written = everything_written(figure)
    assert "No break-even within these values: “nothing” leads throughout." in written
    assert not [c for c in figure.axes[0].collections if hasattr(c, "allsegs")]
    assert figure.axes[0].get_legend() is None


def test_a_map_with_undecided_points_says_that_only_means_lead_throughout():
    result = need_by_price(lambda needs, price: -needs - price)
    luck = np.zeros((9, 3))
    luck[4] = [-1e4, 0, 1e4]
    result.data["amount"].loc[{"arm": "private"}] += luck[:, None, :]
    written = everything_written(plots.heat_map(result).figure)
    assert "No break-even within these values: “nothing” leads throughout, by its mean alone." in written


def test_undecided_cells_are_hatched_and_counted():
    result = need_by_price(lambda needs, price: price - needs / 20)
    luck = np.zeros((9, 3))
    luck[4] = [-1e4, 0, 1e4]
    result.data["amount"].loc[{"arm": "private"}] += luck[:, None, :]
    figure = plots.heat_map(result).figure
    hatched = [patch for patch in figure.axes[0].patches if patch.get_hatch()]
    assert [(patch.get_x(), patch.get_y()) for patch in hatched] == [(0.5, 0.5)]
    assert "Undecided (hatched): the 95% interval includes 0, at 1 of 9 points." in everything_written(figure)


def test_a_line_names_its_break_even_band_and_units():
    result = swept({"price": Span(1, 100, 3)}, lambda price: price - 20, ("nothing", "私域流量"))
    written = everything_written(result.pictures.difference().figure)
    assert "break-even 20" in written
    assert "Band: 95% interval of that mean" in written
    assert "price" in written
    assert "CNY" in written
