"""The Chinese README links to files that there are; `test_code_blocks` tries its commands."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.zh.md").read_text("utf-8")


def test_links_lead_to_files():
    assert all((ROOT / link).is_file() for link in re.findall(r"\]\(([^)]+)\)", PAGE))
