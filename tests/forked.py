"""Programs in processes of their own that begin with numba loaded, which is most of a process's start."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SERVER = """
import json, os, sys, traceback
import numba

def become(asked):
    for stream in (1, 2):
        os.dup2(os.open(asked["streams"][stream - 1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))  # read at a program's start only
    numba.core.config.reload_config()
    os.chdir(asked["folder"])
    sys.path[1:1] = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    exec(compile(asked["program"], "<string>", "exec"), {"__name__": "__main__"})

for line in sys.stdin:
    child = os.fork()
    if not child:
        status = 1
        try:
            become(json.loads(line))
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forked:
    """Runs programs as `python -c` does; what they are forked from has imported numba, and nothing of ours.

    It begins with the first program.
    """

    def __init__(self):
        self._server = None

    def run(self, program, environment, folder=None):
        """The program in an environment and a folder: exit status, standard output and standard error."""
        if self._server is None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self._server = subprocess.Popen([sys.executable, "-c", SERVER], text=True, **pipes)
        with tempfile.TemporaryDirectory() as place:
            streams = [Path(place) / name for name in ("out", "err")]
            asked = {"program": program, "environment": environment, "folder": str(folder or Path.cwd())}
            self._server.stdin.write(json.dumps({**asked, "streams": list(map(str, streams))}) + "\n")
            self._server.stdin.flush()
            status = int(self._server.stdout.readline())
            return subprocess.CompletedProcess(program, status, *(path.read_text("utf-8") for path in streams))

    def close(self):
        """End what programs are forked from."""
        if self._server is not None:
            self._server.communicate()
            self._server = None
