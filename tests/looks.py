"""What a reader sees of a picture: whether its texts can be read."""

from pictures import cut, figure_of, overlapping, written


def check_texts(picture):
    """The texts of a picture, none of which is cut by the figure's edge or lies over another."""
    figure = figure_of(picture)
    boxes = written(figure)
    assert not overlapping(boxes)
    assert not cut(boxes, figure)
    return [text.get_text() for text in boxes]
