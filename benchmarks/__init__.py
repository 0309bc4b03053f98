"""Benchmarks: how fast and how small, measured in one run beside what the machine itself can do.

    python -m benchmarks [--quick] [--only NAME ...] [--json FILE] [--write docs/performance.md]

Each module is one part and gives its tables; `targets.py` says what was promised.
"""
