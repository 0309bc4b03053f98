"""A report's levers: size of the page, fit where nothing was fitted, and milliseconds for an answer in Chromium.

    python -m benchmarks.levers results/restaurant

What must be reached: less than 2 MB, .97, 50 ms. It needs playwright (the extra [browser]);
`TRAFFICSIM_CHROMIUM` names a browser.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from trafficsim.results import Result

MEASURE = """() => {
  const times = [];
  const lever = levers.data.levers[0];
  for (let k = 0; k <= 100; k++) {
    const before = performance.now();
    levers.set(0, lever.low + (k / 100) * (lever.high - lever.low));
    document.body.offsetHeight;  // the page is laid out
    times.push(performance.now() - before);
  }
  return times;
}"""
PHONE = 4
"""How many times slower a phone is taken to be (assumed; Chromium's own throttling)."""


def main(folder: Path) -> None:
    """Print what the levers of a folder come to."""
    page, found = folder / "report.html", Result.load(folder).about.levers
    if found is None:
        raise SystemExit(f"{folder}: a report without levers")
    print(f"size: {page.stat().st_size / 1e6:.2f} MB")
    print(f"least share of the variance of an arm's profit that is foretold: {found.worst_fit:.4f}")
    print(f"left out: {', '.join(found.left_out) or 'nothing'}")
    names = (os.environ.get("TRAFFICSIM_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((there for name in names if name and (there := shutil.which(name))), None)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, slower in (("this machine", 1), ("a phone", PHONE)):
            times = _times(browser, page, slower)
            print(f"an answer on {name}: {times[50]:.1f} ms in the median, {times[-1]:.1f} ms at most")
        browser.close()


def _times(browser: Any, page: Path, slower: int) -> list[float]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(page.resolve().as_uri())
    opened.context.new_cdp_session(opened).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    return sorted(opened.evaluate(MEASURE))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
