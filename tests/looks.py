"""What a reader sees of a picture: its texts, measured by the renderer."""

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text


def drawn_texts(picture):
    """The visible texts of a picture and where they stand, once it has been drawn."""
    figure = picture if isinstance(picture, Figure) else picture.figure
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    unseen = {text for axes in figure.axes for text in ticks_out_of_view(axes)}
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return figure, [(t.get_text(), Text.get_window_extent(t, renderer)) for t in found if t not in unseen]


def ticks_out_of_view(axes):
    """The labels of ticks beyond the limits of an axis, which are never drawn."""
    for axis in (axes.xaxis, axes.yaxis):
        drawn = {id(tick) for tick in axis._update_ticks()}
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if id(tick) not in drawn:
                yield from (tick.label1, tick.label2)


def check_texts(picture):
    """No text is cut by the figure's edge, and none lies over another."""
    figure, found = drawn_texts(picture)
    edge = figure.bbox.padded(0.5)
    for text, box in found:
        assert edge.x0 <= box.x0 <= box.x1 <= edge.x1, f"cut at the side: {text!r}"
        assert edge.y0 <= box.y0 <= box.y1 <= edge.y1, f"cut above or below: {text!r}"
    for (text, box), (other, under) in combinations(found, 2):
        assert not box.padded(-0.5).overlaps(under.padded(-0.5)), f"{text!r} lies over {other!r}"
    return [text for text, _ in found]
