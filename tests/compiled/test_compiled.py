"""The decorators, and the private cache of compiled code in processes and folders of its own."""

import os
import pickle
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numba
import numpy as np
import pytest

from forked import Forked
from trafficsim import compiled
from trafficsim.compiled.cache import KernelCache
from trafficsim.compiled.fingerprint import version_of
from trafficsim.files import cache_folder, sealed, sources, trust
from trafficsim.files import whole as files

COMPILED = Path(compiled.__file__).parent
NEEDED = [Path(module.__file__) for module in (cache_folder, files, sealed, sources, trust)]
"""What the cache stands on."""
PROGRAM = """
import sys
from mini import loops
print(loops.total(3), sum(loops.total.entry.stats.cache_hits.values()), loops.compiled.is_warm())
print("numba.np.arraymath" in sys.modules, file=sys.stderr)
"""
SOURCES = {
    "__init__.py": "",
    "constants.py": "STEP = 10\n",
    "helpers.py": """
from mini.compiled import rule
from mini.constants import STEP

@rule
def step(i):
    return i * STEP
""",
    "loops.py": """
from mini import compiled
from mini.helpers import step

@compiled.kernel
def total(n):
    found = 0
    for i in range(n):
        found += step(i)
    return found
""",
    "bystander.py": "WORDS = 'no kernel here'\n",
}

FORKED = Forked()

pytestmark = pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="about compiled code")


def made(folder):
    """A small package with its own copy of the decorators, compiler and cache."""
    package = folder / "mini"
    package.mkdir()
    for path in (*COMPILED.glob("*.py"), *NEEDED):
        copy = package / path.relative_to(COMPILED.parent)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text("utf-8").replace("trafficsim.", "mini."), "utf-8")
    for name, source in SOURCES.items():
        (package / name).write_text(
            source.replace("@compiled.kernel", "@kernel").replace(
                "from mini import compiled\n", "from mini import compiled\nfrom mini.compiled import kernel\n"
            )
        )
    return package


@pytest.fixture
def mini(tmp_path):
    """The package, of which nothing is compiled yet."""
    return made(tmp_path)


@pytest.fixture(scope="module", autouse=True)
def _forked_no_more():
    yield
    FORKED.close()


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory):
    package = made(tmp_path_factory.mktemp("compiled"))
    assert run(package) == (30, 0, True)
    return package


@pytest.fixture
def warm(compiled_once, tmp_path):
    """The package beside its compiled code."""
    return shutil.copytree(compiled_once.parent, tmp_path / "warm") / compiled_once.name


def run(package, cache=None, warns="", **settings):
    """Result, number of functions loaded from the cache, and whether the cache was warm in the end."""
    settings = {"TRAFFICSIM_CACHE_DIR": str(cache or package.parent / "cache"), **settings}
    return told(package, warns, settings)


def told(package, warns, settings, cwd=None, program=PROGRAM):
    """The same in an environment; the first warning is asked for."""
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1", **settings}
    environment = {name: value for name, value in environment.items() if value is not None}
    done = FORKED.run(program, environment, cwd)
    assert done.returncode == 0, done.stderr
    result, hits, warm = done.stdout.split()
    *warned, loaded = done.stderr.splitlines()
    assert program != PROGRAM or loaded == str(hits == "0")  # what numba knows of NumPy is loaded for compiling only
    assert bool(warned) == bool(warns), done.stderr
    assert not warns or warns in warned[0]
    return int(result), int(hits), warm == "True"


def entries(package):
    return {path: path.stat().st_mtime_ns for path in package.parent.glob("cache/*/*.code")}


def way_in(package):
    """The cached code that Python calls."""
    (path,) = package.parent.glob("cache/*/mini.loops.total-*.code")
    return path


def test_a_second_process_compiles_nothing(warm):
    before = entries(warm)
    assert before
    assert run(warm) == (30, 1, True)
    assert entries(warm) == before


@pytest.mark.parametrize("file", ["helpers.py", "constants.py"])
def test_an_edit_in_another_file_is_noticed(warm, file):
    source = warm / file
    source.write_text(source.read_text().replace("i * STEP", "i * STEP * 7").replace("= 10", "= 70"))
    assert run(warm) == (210, 0, True)


def test_an_edit_compiles_what_it_reaches_and_nothing_else(warm):
    (warm / "others.py").write_text(
        (warm / "loops.py").read_text().replace("step(i)", "i").replace("step\n", "step as _\n")
    )
    program = PROGRAM.replace("import loops", "import loops, others").replace("loops.total.entry", "others.total.entry")
    program = program.replace("print(loops.total(3)", "print(loops.total(3) + others.total(3)")
    assert told(warm, "", {"TRAFFICSIM_CACHE_DIR": str(warm.parent / "cache")}, program=program) == (33, 0, True)
    (warm / "helpers.py").write_text((warm / "helpers.py").read_text().replace("i * STEP", "STEP * i"))
    assert told(warm, "", {"TRAFFICSIM_CACHE_DIR": str(warm.parent / "cache")}, program=program) == (33, 1, True)
    assert len(list(warm.parent.glob("cache/*/mini.*.code"))) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("STEP = 10", "STEP = 70"),  # what is named below another module
        ("return i * STEP", "return i * STEP * (lambda x: x * 7)(1)"),
        ("return i * STEP", "return i * more(7)"),
    ],
)
def test_whatever_a_function_reaches_counts(warm, before, after):
    constants = warm / "constants.py"
    constants.write_text(constants.read_text().replace(before, after))
    helpers = warm / "helpers.py"
    more = "@rule\ndef more(x):\n    return x * STEP\n\n@rule\ndef step"
    helpers.write_text(helpers.read_text().replace(before, after).replace("@rule\ndef step", more))
    assert run(warm) == (210, 0, True)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("def step(i, by=1):\n    return i * STEP * by", "def step(i, by=7):\n    return i * STEP * by"),
        ("def step(i):\n    return i * STEP + (i in (8,))", "def step(i):\n    return i * STEP + 180 * (i in (1,))"),
    ],
)
def test_defaults_and_members_of_sets_count(warm, first, then):
    helpers, plain = warm / "helpers.py", "def step(i):\n    return i * STEP"
    helpers.write_text(helpers.read_text().replace(plain, first))
    assert run(warm)[:2] == (30, 0)
    helpers.write_text(helpers.read_text().replace(first, then))
    assert run(warm)[:2] == (210, 0)


def version_of_adding(column):
    """The version of a function that names an array."""
    names = {"np": np, "column": column}
    exec("def adding():\n    return column.sum()", names)
    return version_of(names["adding"], "trafficsim.compiled")


def test_the_kind_and_shape_of_an_array_count():
    arrays = [np.zeros(4, np.int64), np.zeros(4), np.zeros((2, 2)), np.ones(4), np.zeros(8, np.int32)]
    assert len({version_of_adding(array) for array in arrays}) == len(arrays)
    assert version_of_adding(np.ones(4)) == version_of_adding(np.ones(4))


def test_every_process_looks_for_the_same_code():
    program = """
from trafficsim.engine.day import DAY
print([line.step.entry._cache._version(line.step.takes) for line in DAY])
"""
    seen = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_what_stands_elsewhere_in_a_file_does_not_count(warm):
    (warm / "helpers.py").write_text("# moved down\n\n" + (warm / "helpers.py").read_text() + "\nOTHER = 3\n")
    assert run(warm) == (30, 1, True)  # and nobody is told of compiling again


def test_an_edit_that_no_kernel_can_see_keeps_the_cache(warm):
    (warm / "bystander.py").write_text("WORDS = 'still no kernel'\n")
    assert run(warm) == (30, 1, True)


def test_an_edit_compiles_what_lies_between_it_and_python(warm):
    """What compiled code calls is cached by itself: an edit leaves alone what calls nothing that changed."""
    ways_in, inside = "mini.loops.total", "inside.mini.helpers.step"
    assert {path.name.partition("-")[0] for path in entries(warm)} == {ways_in, inside}
    before = {path.name: changed for path, changed in entries(warm).items()}
    (warm / "loops.py").write_text((warm / "loops.py").read_text().replace("found = 0", "found = 2"))
    assert run(warm) == (32, 0, True)
    after = {path.name: changed for path, changed in entries(warm).items()}
    assert {name.partition("-")[0] for name in after.keys() - before.keys()} == {ways_in}
    (same,) = before.keys() & after.keys()
    assert same.startswith(inside)
    assert before[same] == after[same]


def test_code_for_another_layout_of_what_it_takes_is_not_taken(mini, monkeypatch):
    """A piece that takes frames reads where they have their words: its source says nothing of it."""
    kind = SimpleNamespace(layout="two words")
    kept = KernelCache(way_in, "trafficsim.compiled")
    monkeypatch.setattr("trafficsim.compiled.cache.cache_folder", lambda: mini)
    first = kept._path((kind,))
    assert first == kept._path((kind,)) != kept._path((SimpleNamespace(),))
    kind.layout = "three words"
    assert kept._path((kind,)) != first


def test_checked_and_unchecked_code_do_not_mix(mini):
    run(mini, NUMBA_BOUNDSCHECK="0")
    assert run(mini, NUMBA_BOUNDSCHECK="1") == (30, 0, True)


def test_an_unwritable_folder_only_costs_time(mini, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert run(mini, in_the_way, warns="Compiled code is not cached: ") == (30, 0, False)


def test_damaged_files_are_compiled_anew(warm):
    for path in entries(warm):
        path.write_bytes(b"\x80damaged")
    assert run(warm, warns="is damaged; it is compiled again") == (30, 0, True)
    assert run(warm) == (30, 1, True)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_one_flipped_bit_anywhere_is_noticed(warm, share):
    """In machine code it may give other, plausible numbers instead of a crash."""
    path = way_in(warm)
    content = bytearray(path.read_bytes())
    content[round(share * (len(content) - 1))] ^= 1
    path.write_bytes(content)
    assert run(warm, warns="is damaged; it is compiled again") == (30, 0, True)


class Planted:
    """Writes a file where it is unpickled."""

    def __init__(self, traces):
        self.traces = traces

    def __reduce__(self):
        return Path.write_text, (self.traces, "executed")


def plant(path, traces):
    """Put code where compiled code is looked for, with a seal as good as ours."""
    path.write_bytes(sealed.sealed(path.name, pickle.dumps(Planted(traces))))


def test_code_is_executed_where_it_is_trusted(warm, tmp_path):
    """The other tests of planted code could not fail if this one did."""
    path = way_in(warm)
    plant(path, tmp_path / "traces")
    run(warm, warns="is damaged; it is compiled again")
    assert (tmp_path / "traces").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
@pytest.mark.parametrize(
    ("place", "mode", "says"),
    [
        ("", 0o777, "can be written by everybody (mode 777)"),
        ("..", 0o777, "can be written by everybody (mode 777)"),
        ("../..", 0o757, "can be written by everybody (mode 757)"),
        ("", 0o1777, "can be written by everybody (mode 1777)"),
        ("mini.*.code", 0o666, "is damaged"),
    ],
)
def test_nothing_is_executed_where_others_can_write(warm, tmp_path, place, mode, says):
    path = way_in(warm)
    plant(path, tmp_path / "traces")
    (changed,) = path.parent.glob(place) if "*" in place else [(path.parent / place).resolve()]
    changed.chmod(mode)
    result, hits, _ = run(warm, warns=says)
    assert (result, hits) == (30, 0)
    assert not (tmp_path / "traces").exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only the administrator can give files away")
@pytest.mark.parametrize("place", ["mini.*.code", "", "..", "../.."])
def test_nothing_is_executed_that_belongs_to_somebody_else(warm, tmp_path, place):
    path = way_in(warm)
    plant(path, tmp_path / "traces")
    (changed,) = path.parent.glob(place) if "*" in place else [(path.parent / place).resolve()]
    os.chown(changed, 12_345, -1)
    run(warm, warns="is damaged" if "*" in place else "belongs to another user (12345)")
    assert not (tmp_path / "traces").exists()


def test_a_folder_below_one_that_all_share_is_trusted(warm):
    """As below /tmp, whose sticky bit keeps others from renaming what isn't theirs."""
    warm.parent.chmod(0o1777)
    assert run(warm) == (30, 1, True)


@pytest.mark.skipif(sys.platform == "win32", reason="the home of Windows is another")
@pytest.mark.parametrize("home", ["nowhere", "/", "relative", ""])
def test_without_a_home_nothing_is_cached_or_executed(mini, tmp_path, home):
    """Where there is no home, `~` is the name of a folder like any other, and others may have made it."""
    program = "import os, pwd; pwd.getpwuid = lambda number: {}[number]" if home == "nowhere" else ""
    (mini / "__init__.py").write_text(program)
    settings = {"HOME": None if home == "nowhere" else home, "XDG_CACHE_HOME": None, "TRAFFICSIM_CACHE_DIR": None}
    says = "Compiled code is not cached: this user has no home folder"
    working = tmp_path / "working"
    working.mkdir()
    assert told(mini, says, settings, cwd=working) == (30, 0, False)
    assert list(working.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
@pytest.mark.parametrize(
    ("group", "members", "trusted"),
    [("me", [], True), ("me", ["me"], True), ("me", ["me", "you"], False), ("staff", [], False)],
)
def test_only_the_group_of_the_user_alone_may_write(tmp_path, monkeypatch, group, members, trusted):
    monkeypatch.setattr("pwd.getpwuid", lambda _: SimpleNamespace(pw_name="me", pw_gid=tmp_path.stat().st_gid))
    monkeypatch.setattr("grp.getgrgid", lambda _: SimpleNamespace(gr_name=group, gr_mem=members))
    tmp_path.chmod(0o775)
    assert trust.fault(tmp_path) == ("" if trusted else f"{tmp_path} can be written by its group (mode 775)")


def test_what_is_cached_is_closed_to_others(warm):
    path = way_in(warm)
    assert [stat.S_IMODE(place.stat().st_mode) & 0o077 for place in (path, path.parent)] == [0, 0]


def test_old_folders_are_let_go_and_others_left_alone(mini):
    cache = mini.parent / "cache"
    for number in range(5):
        folder = cache / f"{compiled.fingerprint.PREFIX}{number}"
        folder.mkdir(parents=True)
        (folder / cache_folder.TAG).write_text(cache_folder.MARK)
        os.utime(folder, (number, number))
    theirs = {"of somebody else", "kernels-of-somebody-else", "kernels-linked", "kernels-tagged"}
    for name in theirs:
        (cache / name).mkdir()
        os.utime(cache / name, (0, 0))
    (cache / "kernels-tagged" / cache_folder.TAG).write_text(cache_folder.MARK.partition("#")[0])
    (cache / "kernels-linked").rmdir()
    (cache / "kernels-linked").symlink_to(cache / "kernels-0")
    run(mini)
    names = {path.name for path in cache.iterdir()}
    assert theirs | {"kernels-4", "kernels-3"} < names
    assert len(names - theirs) == cache_folder.KEPT_FOLDERS


def test_other_peoples_functions_compile_without_our_cache():
    @compiled.rule
    def double(x):
        return 2 * x

    assert double(4) == 8
    assert double.entry._cache.cache_path is None


def test_a_rule_is_one_function_to_python_to_kernels_and_to_other_peoples_code():
    @compiled.rule
    def double(x):
        return 2 * x

    @compiled.kernel
    def twice(x):
        return double(double(x))

    @numba.njit
    def thrice(x):
        return double(twice(x))

    assert (twice(3), double(3), thrice(3)) == (12, 6, 24)


WHOLE = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize(
    "array",
    [
        WHOLE, WHOLE[0], WHOLE[0, 0], WHOLE[:0], WHOLE.T, WHOLE[:, 1:, ::2], WHOLE[0, 0, ::-1],
        WHOLE.astype(np.int16), np.zeros((2, 3), [("day", "i2"), ("spend", "i4")])["spend"],
    ],
)  # fmt: skip
def test_pieces_pass_all_that_an_array_tells(array):
    def told(a):
        return a.shape, a.strides, a.size, a.itemsize, a.sum()

    part, piece = compiled.part(lambda a: (a.shape, a.strides, a.size, a.itemsize)), compiled.allocating(told)

    @compiled.kernel
    def ours(a):
        return part(a), piece(a)

    @numba.njit
    def theirs(a):
        return part(a), piece(a)

    whole = told(array)
    assert ours(array) == theirs(array) == (whole[:4], whole)


def test_an_array_lives_as_long_as_what_a_piece_makes_of_it():
    @compiled.allocating
    def last(a):
        return a[1:]

    @compiled.kernel
    def ours(n):
        kept = last(last(np.ones(n)))
        others = np.zeros(n)  # in its place, had it been given back
        return kept.sum() + others.sum()

    assert ours(10_000) == 9_998.0


def test_a_piece_is_compiled_once_for_all_constants():
    @compiled.rule
    def double(x):
        return 2 * x

    @compiled.kernel
    def total(x):
        return double(1) + double(2) + double(x)

    assert total(3) == 12
    assert len(double.inside.overloads) == 1


def test_numba_goes_on_making_machine_code_for_others():
    """Functions of numba's own that were only linked into a kernel serve other code afterwards, and errors come out."""

    @compiled.kernel
    def ours(n):
        return np.zeros(n).sum()

    @numba.njit
    def theirs(n):
        if n < 0:
            raise ValueError("negative")
        return np.zeros(n).sum() + np.ones(n).sum()

    assert (ours(4), theirs(4)) == (0.0, 4.0)
    with pytest.raises(ValueError, match="negative"):
        theirs(-1)


def test_a_rule_may_be_told_any_scalars_without_counting_references():
    @compiled.rule
    def larger(a, b):
        return max(a, int(b))

    @compiled.kernel
    def largest(values):
        found = 0
        for value in values:
            found = larger(found, value)
        return found

    assert (larger(2, 3.5), largest(np.array([1.5, 7.5, 3.5]))) == (3, 7)
    (code,) = larger.inside.overloads.values()
    assert "NRT_incref" not in code.library.get_llvm_str()


OTHERS_CODE = """
import gc
import numba
{before}

@numba.njit
def theirs(a):
    return a[::2].sum() + max(len(a), 3)

theirs(__import__("numpy").ones(9))
print(theirs.inspect_llvm(theirs.signatures[0]).replace("{before}", ""))
print(len(gc.callbacks), gc.isenabled(), gc.get_freeze_count())
"""


def test_other_peoples_code_becomes_what_it_would_without_us():
    def made(before):
        program = OTHERS_CODE.format(before=before)
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert made("import trafficsim, trafficsim.engine.world") == made("")


def test_division_by_zero_follows_numpy_and_kernels_let_go_of_the_lock():
    @compiled.kernel
    def divide(a, b):
        return a / b

    assert divide(1.0, 0.0) == np.inf
    assert divide.entry.targetoptions["nogil"]
    assert not divide.entry.targetoptions.get("fastmath", False)


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/trafficsim"),
        ("linux", {}, "/home/me/.cache/trafficsim"),
        ("darwin", {}, "/home/me/Library/Caches/trafficsim"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/trafficsim"),
        ("linux", {"TRAFFICSIM_CACHE_DIR": "/chosen"}, "/chosen"),
    ],
)
def test_each_platform_has_its_folder(monkeypatch, platform, variables, folder):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "TRAFFICSIM_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/me")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder.cache_root() == Path(folder)
