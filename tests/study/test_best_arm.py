"""Which arm is the best of a world, where arms may earn the same."""

import numpy as np

from trafficsim.study.hinging import best_in


def test_arms_that_earn_the_same_share_a_world():
    profits = np.array([[1.0, 3.0, 2.0], [5.0, 5.0, 1.0], [0.0, 0.0, 0.0]])
    assert best_in(profits).tolist() == [[0, 1, 0], [0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3]]
