"""What a notebook shows while a study runs: one line in one place, which is gone in the end."""

from itertools import count

import pytest

from trafficsim.study import notebook


class Place:
    """What `display` gives: all that was shown in turn."""

    def __init__(self):
        self.lines = []

    def update(self, data, raw):
        assert raw
        self.lines.append(data["text/plain"])


@pytest.fixture
def places(monkeypatch):
    """Where something was shown, in a notebook whose rules are compiled."""
    display = pytest.importorskip("IPython.display", reason="IPython is not installed")
    found = []

    def shown(data, raw, display_id):
        assert raw
        assert display_id
        found.append(Place())
        found[-1].update(data, raw)
        return found[-1]

    monkeypatch.setattr(display, "display", shown)
    monkeypatch.setattr(notebook, "in_notebook", lambda: True)
    monkeypatch.setattr(notebook, "compiling", lambda: "")
    seconds = count()  # a bar is drawn again after a tenth of one
    monkeypatch.setattr("tqdm.std.time", lambda: float(next(seconds)))
    return found


def test_a_bar_tells_what_is_done_and_leaves_nothing(places, capsys):
    with notebook.progress(4, None, "worlds", adds_up=True) as told:
        for done in (1, 2, 4):
            told(done)
    (place,) = places
    said = [line for line in place.lines if line]
    assert [line.partition(" |")[0] for line in said] == [f"{n} of 4 worlds" for n in (0, 1, 2, 4)]
    assert all(line.endswith("left") for line in said)
    assert "█" in said[-1]
    assert place.lines[-1] == ""
    assert capsys.readouterr() == ("", "")


def test_more_than_foreseen_and_an_interruption_leave_nothing_too(places):
    def interrupted():
        with notebook.progress(1, None) as told:
            told(7)
            told(3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    (place,) = places
    assert "2 of 2 replicates" in [line for line in place.lines if line][-1]
    assert place.lines[-1] == ""


def test_why_nothing_happens_stands_there_until_something_does(places, monkeypatch):
    monkeypatch.setattr(notebook, "compiling", lambda: "Compiling")
    with notebook.progress(2, None) as told:
        (place,) = places
        assert place.lines[-1].startswith("Compiling\n0 of 2 replicates")
        told(0)
        assert place.lines[-1].startswith("1 of 2 replicates")
    assert place.lines[-1] == ""


def test_who_wants_to_be_told_is_shown_nothing(places):
    heard = []
    with notebook.progress(2, heard.append) as told:
        told(1)
    assert heard == [1]
    assert not places
