"""Lines that lie on each other: all are seen if those on top have gaps."""

from collections.abc import Sequence

import numpy as np
from matplotlib.lines import Line2D

_NEAR = 0.01
"""Lines that nowhere are further apart than this share of the highest lie on each other for the eye (assumed)."""
_PERIOD = 12.0
"""Widths of a line after which its dashes repeat."""


def dash_covering(lines: Sequence[Line2D]) -> bool:
    """Dash lines that lie on others of `lines`, which are drawn in this order; returns whether there are any.

    All lines need values at the same places. Of `n` lines on each other each shows an `n`-th of their length.
    """
    values = [np.asarray(line.get_ydata(), dtype=float) for line in lines]
    most = max((float(np.nanmax(np.abs(each), initial=0.0)) for each in values), default=0.0)
    heaps = list[list[int]]()
    for number, own in enumerate(values):
        under = (heap for heap in heaps if np.nanmax(np.abs(own - values[heap[0]]), initial=0.0) <= _NEAR * most)
        heap = next(under, None)
        if heap is None:
            heaps.append([number])
        else:
            heap.append(number)
    for heap in heaps:
        for above, number in enumerate(heap[1:], 1):
            shown = _PERIOD * (len(heap) - above) / len(heap)
            lines[number].set_linestyle((0, (shown, _PERIOD - shown)))
            lines[number].set_dash_capstyle("butt")
    return len(heaps) < len(lines)
