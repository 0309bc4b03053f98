"""Starting the dashboard: a server on this machine alone, which makes no network requests."""

import errno
import importlib.util
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

HOST = "localhost"
FIRST_PORT = 8501
PORTS = 20
"""How many ports are tried where none is asked for."""
PATIENCE = 60.0
"""Seconds in which the server has to answer."""

MISSING = "The dashboard needs Streamlit; install it with: python -m pip install 'trafficsim[app]'"

OPTIONS = {
    "server.headless": "true",
    "server.address": HOST,
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.maxUploadSize": "1",
    "browser.serverAddress": HOST,
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorLinks": "false",
    "logger.level": "error",
    "logger.hideWelcomeMessage": "true",
    "theme.base": "light",
    "theme.primaryColor": "#0072B2",
    "theme.baseRadius": "6px",
    "theme.font": "'Source Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
}
"""Nothing is told to anybody, no outside address is looked up, and nobody else can connect."""
NAMES = (HOST, "127.0.0.1", "::1")
"""By which this machine calls itself; a page of somebody else's could have its own name lead here."""


class CannotStartError(ValueError):
    """The dashboard can't be started: one plain line."""


def installed() -> bool:
    """Whether Streamlit is there."""
    return importlib.util.find_spec("streamlit") is not None


def serve(
    case: str | None, port: int | None, mechanisms: Sequence[str] = (), *, browser: bool, tell: Callable[[str], None]
) -> int:
    """Serve the dashboard until it is interrupted; returns the exit status.

    `tell` gets the line with the address once the server answers; `mechanisms` are files or names of mechanisms of
    one's own, which the page loads.

    Raises:
        CannotStartError: without Streamlit, or if the port is taken.
    """
    if not installed():
        raise CannotStartError(MISSING)
    chosen = free_port(port)
    signal.signal(signal.SIGTERM, _interrupt)  # else the server would outlive us
    with subprocess.Popen(command(case, chosen, mechanisms)) as server:  # noqa: S603 - our own interpreter and options
        try:
            url = f"http://{HOST}:{chosen}"
            if _answers(server, url):
                tell(f"The dashboard is at {url}; Ctrl-C ends it.")
                if browser:
                    webbrowser.open(url)
            return server.wait()
        except KeyboardInterrupt:
            return _ended(server)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def command(case: str | None, port: int, mechanisms: Sequence[str] = ()) -> list[str]:
    """What is run: Streamlit with options that leave the network alone, whatever the reader's own settings are."""
    script = Path(__file__).with_name("script.py")
    options = {**OPTIONS, "server.port": str(port), "browser.serverPort": str(port)}
    flags = [f"--{name}={value}" for name, value in options.items()]
    flags += [f"--server.allowedHosts={name}" for name in NAMES]
    return [sys.executable, "-m", "streamlit", "run", str(script), *flags, "--", case or "", *mechanisms]


def free_port(wanted: int | None) -> int:
    """The port that is asked for, or else the first free one.

    Raises:
        CannotStartError: if it is taken.
    """
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS):
        if _is_free(port):
            return port
    if wanted:
        raise CannotStartError(f"port {wanted} is taken; choose another one with --port")
    raise CannotStartError(f"ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are taken; choose one with --port")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does, right after another one ended
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def _answers(server: "subprocess.Popen[bytes]", url: str) -> bool:
    """Wait until the server answers; False if it ended instead."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy can't know this machine's servers
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            with opener.open(f"{url}/_stcore/health", timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def _ended(server: "subprocess.Popen[bytes]") -> int:
    """End the server in order; the interruption may have reached it already."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
    return 0
