"""A comparison draws itself: the pictures of `trafficsim.plots` as methods of `Result`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from trafficsim.language import Language
from trafficsim.measures import SeriesName
from trafficsim.origins import CohortValue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trafficsim.results import Result

# ruff: noqa: PLC0415 - matplotlib is slow to import, and plots stand above results


class Pictured:
    """Pictures: `axes` to draw on instead of a new figure, `language` instead of the scenario's; `.figure` to save."""

    @property
    def _result(self) -> Result:
        return cast("Result", self)

    def plot(self, *, language: Language | None = None) -> Figure:
        """One picture of the comparison: profit, new customers and members over time, by arm."""
        from trafficsim.labelled import labelled
        from trafficsim.plots import overview

        return overview(labelled(self._result), language=language)

    def growth(
        self, name: SeriesName = "new_customers", *, axes: Axes | None = None, language: Language | None = None
    ) -> Axes:
        """A series over time, by arm, with bands: flows such as `new_customers` added up, `members` as they are."""
        from trafficsim.plots import growth

        return growth(self._result, name, axes=axes, language=language)

    def profit(
        self, pair: tuple[str, str] | None = None, *, axes: Axes | None = None, language: Language | None = None
    ) -> Axes:
        """Contribution profit, added up, by arm, and the day from which `pair[0]` stays ahead of `pair[1]`."""
        from trafficsim.plots import profit

        return profit(self._result, pair, axes=axes, language=language)

    def paired_difference(
        self,
        name: SeriesName = "profit",
        pair: tuple[str, str] | None = None,
        *,
        axes: Axes | None = None,
        language: Language | None = None,
    ) -> Axes:
        """A series of one arm less that of another over time, replicate by replicate, and when it leaves 0 for good."""
        from trafficsim.plots import paired_difference

        return paired_difference(self._result, name, pair, axes=axes, language=language)

    def flow_map(
        self,
        arm: str,
        window: int | None = None,
        *,
        against: str | None = None,
        axes: Axes | None = None,
        language: Language | None = None,
    ) -> Axes:
        """Who moved between platforms, stores and pools in an arm, over the run or the 28 days around day `window`."""
        from trafficsim.plots import flow_map

        return flow_map(self._result, arm, window, against=against, axes=axes, language=language)

    def animate_flow(
        self, path: str | Path, arm: str | Sequence[str] | None = None, *, language: Language | None = None
    ) -> Path:
        """Write the flow map in motion as one HTML file; two arms stand side by side."""
        from trafficsim.plots import animate_flow

        return animate_flow(self._result, path, arm, language=language)

    def money_change(
        self, pair: tuple[str, str] | None = None, *, axes: Axes | None = None, language: Language | None = None
    ) -> Axes:
        """Where the money of `pair[0]` differs from that of `pair[1]`: sales, each cost, and contribution profit."""
        from trafficsim.plots import money_change

        return money_change(self._result, pair, axes=axes, language=language)

    def funnel(self, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
        """Customers who know the brand, joined a pool, ordered first and ordered again, by arm (`by_stage`)."""
        from trafficsim.plots import funnel

        return funnel(self._result, axes=axes, language=language)

    def cac_and_clv(self, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
        """Cost lines of a route and CLV to the last day, per new customer, by arm and route (`by_route`)."""
        from trafficsim.plots import cac_and_clv

        return cac_and_clv(self._result, axes=axes, language=language)

    def last_touch_cac(self, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
        """CAC of the routes that cost money by first touch, by last touch, and true (`attribution`)."""
        from trafficsim.plots import last_touch_cac

        return last_touch_cac(self._result, axes=axes, language=language)

    def cohort_map(
        self,
        arm: str,
        value: CohortValue = "retention",
        *,
        axes: Axes | None = None,
        language: Language | None = None,
    ) -> Axes:
        """Cohorts over the periods of their lives in one arm, as a heat map of retention, orders or clv."""
        from trafficsim.plots import cohort_map

        return cohort_map(self._result, arm, value, axes=axes, language=language)

    def cohort_curves(
        self, value: CohortValue = "clv", *, axes: Axes | None = None, language: Language | None = None
    ) -> Axes:
        """All cohorts together over the periods since the first order, by arm: retention, orders or clv."""
        from trafficsim.plots import cohort_curves

        return cohort_curves(self._result, value, axes=axes, language=language)
