"""Processes for trials: they give results, and none is left however the one that began them ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

from trafficsim.files.processes import processes

SCRIPT = """
import sys, time, os
from trafficsim.files.processes import processes

if __name__ == "__main__":
    with processes(2) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        [pool.submit(time.sleep, 60) for _ in range(8)]
        time.sleep(60)
"""


def test_work_comes_back_and_is_waited_for():
    with processes(2) as pool:
        jobs = [pool.submit(pow, 2, n) for n in range(5)]
    assert [job.result() for job in jobs] == [1, 2, 4, 8, 16]


def test_an_error_ends_them_in_the_middle_of_their_work():
    began = time.monotonic()
    pids, jobs = [], []

    def interrupted():
        with processes(1) as pool:
            pids.append(pool.submit(os.getpid).result())
            jobs.extend(pool.submit(time.sleep, 60) for _ in range(3))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - began < 30
    assert all(job.done() for job in jobs)
    assert gone(*pids)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_one_that_began_it(tmp_path, how):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    ) as parent:
        child = int(parent.stdout.readline())
        if how == signal.SIGINT:
            os.killpg(parent.pid, how)  # as a terminal does
        else:
            parent.send_signal(how)
        try:
            parent.wait(30)
        finally:
            parent.kill()  # or leaving the block would wait for ever
    assert parent.returncode != 0
    assert gone(child)


def gone(pid):
    """Whether a process ends within a few seconds."""
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.1)
    return False


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
