"""Sales that recur, in runs of two years: they are what would be written out, however a run is made."""

from worlds import LIVELY, after, different, world_of

TWO_YEARS = (
    LIVELY.replace("days: 40", "days: 560")
    .replace("count: 300", "count: 30")
    .replace("01-03", "05-27")
    .replace("day: 20", "day: 0")
)
SALES = """
  mid_year: {every: year, on: 06-01, days: 20, set: {posts.vip_group.discount: 0.4},
             times: {demand: 1.8, advertising.review_site.cpm: 1.5, product.price: 0.9}}
  double_eleven: {every: year, on: 11-11, times: {demand: 2.5}}
"""
WRITTEN_OUT = """
  june_4: {day: 2024-06-01, set: {demand: 1.8, advertising.review_site.cpm: 112.5, product.price: 85.5,
           posts.vip_group.discount: 0.4}}
  over_4: {day: 2024-06-21, set: {demand: 1, advertising.review_site.cpm: 75, product.price: 95,
           posts.vip_group.discount: 0.25}}
  november_4: {day: 2024-11-11, set: {demand: 2.5}}
  past_4: {day: 2024-11-12, set: {demand: 1}}
  june_5: {day: 2025-06-01, set: {demand: 1.8, advertising.review_site.cpm: 112.5, product.price: 85.5,
           posts.vip_group.discount: 0.4}}
  over_5: {day: 2025-06-21, set: {demand: 1, advertising.review_site.cpm: 75, product.price: 95,
           posts.vip_group.discount: 0.25}}
  november_5: {day: 2025-11-11, set: {demand: 2.5}}
  past_5: {day: 2025-11-12, set: {demand: 1}}
"""
"""The same, on the prices that LIVELY's own event sets on day 0."""


def test_sales_of_every_year_are_bit_for_bit_those_written_out_for_two():
    assert different(after(TWO_YEARS + SALES), after(TWO_YEARS + WRITTEN_OUT)) == []
    assert different(after(TWO_YEARS + SALES, threads=2), after(TWO_YEARS + SALES)) == []


def test_a_world_saved_in_the_midst_of_an_event_goes_on_bit_for_bit(tmp_path):
    world_of(TWO_YEARS + SALES).run(until=15).save(tmp_path / "saved.npz")
    gone_on = world_of(TWO_YEARS + SALES).restore(tmp_path / "saved.npz").run(until=200)
    assert different(gone_on, after(TWO_YEARS + SALES, until=200)) == []
