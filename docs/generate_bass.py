"""Can calibrate follow how durables spread? Yearly sales of colour televisions and room air conditioners, fitted.

Fitted are how many find out by media, how often those who know tell others, and how large the market is (Bass 1969: p,
q and m); a day of the run stands for a week of the market, so that 52 are a year. Sales are those of Bass's series.

    python docs/generate_bass.py FOLDER
"""

import argparse
import datetime as dt
import json
from pathlib import Path

import numpy as np

from trafficsim.files.whole import write_whole
from trafficsim.scenario.loading import load_text
from trafficsim.study.calibrating import calibrate

OUT = Path(__file__).with_name("calibration_bass.json")
YEAR, START = 52, dt.date(2024, 1, 1)
SOLD = {
    "room air conditioners, 1949 to 1961": [96, 195, 238, 380, 1045, 1230, 1267, 1828, 1586, 1673, 1800, 1580, 1500],
    "colour televisions, 1963 to 1970": [747, 1480, 2646, 5118, 5777, 5982, 5962, 4631],
}
"""Thousands a year."""
TEXT = """\
format: 1
title: {title}
start: {start}
days: {days}
customers:
  count: {count}
  each_stands_for: {each}
  segments: {{all: {{share: 1, days_between_needs: 30, fit: 0.5, deal_prone: 0.3}}}}
  ties: {{kind: mixed, mean: 10}}
product: {{price: 90, unit_cost: 40}}
places:
  shop: {{kind: store}}
  media: {{kind: public, visits_per_week: 0.002}}
posts: {{media: {{per_week: 7, reach: 1.0}}}}
word_of_mouth: {{who: aware, tell: 0.0008}}
purchasing: "off"
sources:
  places.media.visits_per_week: {{assumed: true, range: [0.0003, 0.006]}}   # p of 0.2 to 4 % a year
  word_of_mouth.tell: {{assumed: true, range: [0.0003, 0.0018]}}            # q of 0.15 to 0.95 a year
  customers.count: {{assumed: true, range: [{low}, {high}]}}
"""
CUSTOMERS = 4_000
"""Simulated, about: a market of so many thousands is a sample of it."""
FIT = ("places.media.visits_per_week", "word_of_mouth.tell", "customers.count")


def main() -> None:
    """Fit each series and write how far the fit is off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder, found = parser.parse_args().folder, {}
    for title, sold in SOLD.items():
        each = max(1, round(1.5 * sum(sold) / CUSTOMERS))
        low, high = (round(sum(sold) * times / each) for times in (1.0, 2.5))
        text = TEXT.format(
            title=title, start=START, days=YEAR * len(sold), each=each, low=low, high=high, count=(low + high) // 2
        )
        ends = [START + dt.timedelta(days=YEAR * k) for k in range(len(sold) + 1)]
        rows = [f"{a}~{b - dt.timedelta(days=1)},{n}" for a, b, n in zip(ends, ends[1:], sold, strict=False)]
        counts = folder / f"{title.split(',')[0].replace(' ', '_')}.csv"
        write_whole(counts, "\n".join(["date,aware", *rows]) + "\n")
        fitted = calibrate(load_text(text, "bass", folder), counts, fit=FIT, held_out=0.0)
        middle = fitted.bands["middle"].to_numpy()
        off = np.abs(np.cumsum(middle) - np.cumsum(sold)).mean() / sum(sold)
        found[title] = {
            "mean_cumulative_error": float(off),
            "numbers": {told.path: [told.after, told.verdict] for told in fitted.told},
            "discrepancy": fitted.discrepancy,
            "reached": fitted.fit.reached,
        }
        print(title, json.dumps(found[title]), flush=True)  # noqa: T201 - a program
    write_whole(OUT, json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
