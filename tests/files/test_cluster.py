"""A dask cluster: the same bits, whatever becomes of its workers, and a plain line where there is none."""

import signal
import socket
import subprocess
import sys
import time

import pytest

import trafficsim as ts
from comparisons import shop
from trafficsim import cli
from trafficsim.files.cluster import ClusterError, dask_cluster

CASE = shop({"days": 40})
REPLICATES = 12


def start(*arguments):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]], **quiet)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def cluster():
    """The address of a scheduler, and two workers, a process each."""
    port = free_port()
    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
    address = f"tcp://127.0.0.1:{port}"
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    workers = [start("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_worker_that_is_killed_in_the_middle_changes_no_bit(cluster, tmp_path):
    address, workers = cluster
    told = []

    def kill_one(number):
        told.append(number)
        if len(told) == 3:
            workers[0].send_signal(signal.SIGKILL)

    with dask_cluster(address) as executor:
        there = ts.compare(CASE, REPLICATES, executor=executor, folder=tmp_path, done=kill_one)
    assert workers[0].wait() == -signal.SIGKILL
    assert workers[1].poll() is None
    assert sorted(told) == list(range(REPLICATES))
    assert len(list(tmp_path.glob("*.replicate"))) == REPLICATES
    assert there.data.identical(ts.compare(CASE, REPLICATES).data)


@pytest.mark.slow
def test_commands_run_there(cluster, tmp_path, monkeypatch, capsys):
    (tmp_path / "shop.yaml").write_text(shop({"days": 5, "customers.count": 200}).yaml, "utf-8")
    monkeypatch.chdir(tmp_path)
    asked = "sweep", "shop.yaml", "--vary", "product.price=70,90", "--arms", "private", "paid", "--replicates", "2"
    found = [
        run(monkeypatch, *asked, "--json", "--out", out, *on) for out, on in (("a", ()), ("b", ("--dask", cluster[0])))
    ]
    assert found == [0, 0]
    here, there = capsys.readouterr().out.split("\n}\n")[:2]
    assert here == there


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["trafficsim", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0


@pytest.mark.parametrize("address", ["here", "tcp://10.0.0.5", "10.0.0.5:", "a b:80", "host:123456"])
def test_what_is_no_address_is_refused(monkeypatch, capsys, tmp_path, address):
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "compare", "cadence", "--dask", address) == 2
    assert "Invalid value for --dask" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_dask_that_is_not_installed_is_told(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert (
        run(
            monkeypatch,
            "sweep",
            "cadence",
            "--vary",
            "days=20,30",
            "--arms",
            "daily",
            "silent",
            "--dask",
            "127.0.0.1:8786",
        )
        == 1
    )
    assert capsys.readouterr().err.endswith("dask is not installed; pip install 'trafficsim[dask]' installs it\n")
    assert not list(tmp_path.rglob("run.json"))


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr("trafficsim.files.cluster.PATIENCE_SECONDS", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(ClusterError, match=f"no dask scheduler answers at {address} within 1 s"), dask_cluster(address):
        pass
