"""What a reader sees of a picture: its texts, measured by the renderer."""

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text


def drawn_texts(picture):
    """The visible texts of a picture and where they stand, once it has been drawn."""
    figure = picture if isinstance(picture, Figure) else picture.figure
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    found = [text for text in found if text.axes is None or text.axes.axison or text not in ticks_of(text.axes)]
    return figure, [(text.get_text(), Text.get_window_extent(text, renderer)) for text in found]


def ticks_of(axes):
    return [*axes.get_xticklabels(), *axes.get_yticklabels()]


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
