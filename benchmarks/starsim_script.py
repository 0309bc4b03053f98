"""Time Starsim's own SIR model, and print nanoseconds per agent and step, and the version. Needs Starsim alone.

python benchmarks/starsim_script.py AGENTS STEPS REPEATS
"""

import json
import sys
import time
from statistics import median

import starsim as ss


def measure(agents: int, steps: int) -> float:
    """Nanoseconds per agent and step; setting up stands apart."""
    sim = ss.Sim(
        n_agents=agents,
        diseases=ss.SIR(init_prev=0.05),
        networks=ss.RandomNet(n_contacts=10),
        start=ss.days(0),
        dur=ss.days(steps),
        dt=ss.days(1),
        verbose=0,
    )
    sim.init()
    begin = time.perf_counter()
    sim.run()
    return float((time.perf_counter() - begin) / agents / sim.t.npts * 1e9)


def main() -> None:
    """Measure and print."""
    agents, steps, repeats = map(int, sys.argv[1:])
    taken = median(measure(agents, steps) for _ in range(repeats))
    print(json.dumps({"ns": taken, "version": ss.__version__}))


if __name__ == "__main__":
    main()
