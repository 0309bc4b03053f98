"""The machine and the versions: what numbers are worth nothing without."""

import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from trafficsim.scenario.needs import memory_of_machine, processors

PACKAGES = ("trafficsim", "numba", "llvmlite", "numpy", "scipy", "mesa")


def described() -> Mapping[str, str]:
    """Processor, cores, memory, system and versions; nothing that tells whose machine it is."""
    memory = memory_of_machine()
    return {
        "processor": _processor(),
        "cores": f"{processors()}",
        "memory": f"{memory / 1e9:.0f} GB" if memory else "unknown",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        **{name: version(name) for name in PACKAGES},
    }


def _processor() -> str:
    """The processor's name; Linux tells it in a file, others elsewhere."""
    if platform.system() == "Linux":
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        facts = dict(line.split(":", 1) for line in lines if ":" in line)
        named = {key.strip(): value.strip() for key, value in facts.items()}
        kind = [f"{key} {named[key]}" for key in ("cpu family", "model") if key in named]
        return f"{named.get('model name', platform.machine())} ({', '.join(kind)})" if kind else platform.machine()
    return platform.processor() or platform.machine()
