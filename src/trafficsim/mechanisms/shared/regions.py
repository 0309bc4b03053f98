"""Regions: stretches of where customers live, by which they are counted and at which campaigns are aimed.

They lie along the same line as the branches of stores, so that a region can be some branches, or one.
"""

from trafficsim.compiled import part
from trafficsim.kernel.frame import Frame
from trafficsim.kernel.records import Records


@part
def region_of(f: Frame, i: int) -> int:
    """The region in which customer i lives; -1 where there are none."""
    for region in range(f.regions.size):
        if f.traits.home[i] < f.regions[region].ends:
            return region
    return -1


@part
def lives_where_shown(f: Frame, i: int, ad: Records) -> bool:
    """Whether customer i lives where a campaign is shown."""
    return ad.reached >= 1.0 or ad.in_region[region_of(f, i)] > 0
