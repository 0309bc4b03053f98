"""50 worlds with two channels whose true return is known, for tools that estimate it.

    python -m benchmarks.truth OUT          # writes all 50 worlds, and says of each whether all bits are as expected
    python -m benchmarks.truth OUT --renew  # writes what is expected, after the model was changed
    python -m benchmarks.truth --fit OUT    # how near a geometric-adstock saturation fit comes to the truth of each

A world is eight towns that don't hear of each other, two years long. Budgets of both channels are drawn anew for each
town and week, independently of each other (an uncorrelated design). Worlds differ in how dear and how noticeable
advertisements are, in how long they are remembered, in need and in luck.
"""
