"""Ties: the form of each graph, its independence of the number of customers, and graphs that are given.

Where a number is estimated from one graph, the tolerance is four standard errors.
"""

import math
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest

from trafficsim.kernel import rng
from trafficsim.population import ties

KEY = rng.stream(5, 0, "ties")
MADE = ("small_world", "random", "scale_free")
SHARES = np.array([0.6, 0.3, 0.1])


def segments(n):
    return np.searchsorted(SHARES.cumsum()[:-1], rng.uniforms(rng.stream(5, 0, "segments"), 0, n)).astype(np.uint8)


def build(kind="small_world", n=400, mean=6.0, rewired=0.1, homophily=0.0, key=KEY):
    return ties.build(kind, segments(n), mean, rewired, homophily, key)


def pairs(graph):
    """Each tie once, the smaller number first."""
    ends = np.column_stack([np.repeat(np.arange(graph.customers), graph.degrees()), graph.indices])
    return {(int(a), int(b)) for a, b in ends if a < b}


def both_ways(graph):
    return {(a, int(b)) for a in range(graph.customers) for b in graph.of(a)}


def clustering(graph):
    """Share of a customer's acquaintances who know each other, by networkx, as an independent reference."""
    return nx.average_clustering(nx.Graph(list(pairs(graph))))


@pytest.mark.nojit
@pytest.mark.parametrize("homophily", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("kind", [*MADE, "mixed"])
def test_rows_are_mutual_sorted_and_without_oneself(kind, homophily):
    graph = build(kind, homophily=homophily)
    assert graph.kind == kind
    assert graph.indptr[0] == 0
    assert graph.indptr[-1] == graph.indices.size
    assert (graph.indptr.dtype, graph.indices.dtype) == (np.int32, np.int32)
    for i in range(graph.customers):
        row = graph.of(i).tolist()
        assert row == sorted(set(row) - {i})
    assert both_ways(graph) == {(b, a) for a, b in both_ways(graph)}


@pytest.mark.nojit
@pytest.mark.parametrize("kind", MADE)
def test_the_same_key_gives_the_same_ties_and_another_others(kind):
    assert pairs(build(kind)) == pairs(build(kind))
    assert pairs(build(kind)) != pairs(build(kind, key=rng.stream(6, 0, "ties")))


@pytest.mark.parametrize("mean", [0.5, 1.0, 4.0, 7.0, 9.3])
@pytest.mark.parametrize("kind", MADE)
def test_the_mean_number_of_acquaintances_is_what_was_asked_for(kind, mean):
    n = 20_000
    graph = build(kind, n, mean, homophily=0.3)
    fraction = mean / 2 - math.floor(mean / 2)
    chance = 4 * 2 * math.sqrt(fraction * (1 - fraction) / n)
    ties_made = (graph.indices.size / 2 + graph.duplicates_removed) * 2 / n
    assert ties_made == pytest.approx(mean, abs=chance + mean / n)  # in scale_free the first customer makes none
    assert graph.duplicates_removed < 0.005 * n * mean


def test_an_unrewired_small_world_is_a_ring():
    assert pairs(build(n=7, mean=4.0, rewired=0.0)) == {
        tuple(sorted((i, (i + s) % 7))) for i in range(7) for s in (1, 2)
    }


def test_own_segments_form_rings_when_nobody_mixes():
    graph = ties.build("small_world", np.array([0, 1, 0, 1, 0, 1], np.uint8), 2.0, 0.0, 1.0, KEY)
    assert pairs(graph) == {(0, 2), (2, 4), (0, 4), (1, 3), (3, 5), (1, 5)}


def test_rewiring_takes_the_clusters_apart():
    """Watts and Strogatz 1998: C(0) = 3 (k - 2) / (4 (k - 1)); Barrat and Weigt 2000: C(p) ~ C(0) (1 - p)^3."""
    of_ring = 3 * 8 / (4 * 9)
    found = [clustering(build(n=4000, mean=10.0, rewired=p)) for p in (0.0, 0.1, 0.3, 1.0)]
    assert found[0] == pytest.approx(of_ring, abs=1e-12)
    assert found[1] == pytest.approx(of_ring * 0.9**3, rel=0.05)  # the formula neglects terms of order 1 / n and p / k
    assert found[0] > found[1] > found[2] > found[3]
    assert found[3] < 0.01


def test_degrees_of_a_random_graph_are_half_poisson():
    """Five ties made by everyone, and a Poisson number of five received: variance 5."""
    degrees = build("random", 20_000, 10.0).degrees()
    assert degrees.var() == pytest.approx(5.0, abs=4 * 5 * math.sqrt(2.2 / 20_000))  # kurtosis of Poisson(5) is 3.2


@pytest.mark.parametrize("homophily", [0.0, 0.3, 0.8, 1.0])
@pytest.mark.parametrize("kind", ["small_world", "random"])
def test_colemans_index_is_recovered_in_each_segment(kind, homophily):
    n = 40_000
    own = segments(n)
    graph = ties.build(kind, own, 10.0, 0.1, homophily, KEY)
    a = np.repeat(own, graph.degrees())
    same = a == own[graph.indices]
    for segment, share in enumerate(np.bincount(own) / n):
        inside = same[a == segment]
        expected = homophily + (1 - homophily) * share
        error = math.sqrt(expected * (1 - expected) / (inside.size / 2))  # a tie within stands in two rows
        assert inside.mean() == pytest.approx(expected, abs=4 * error + 1e-12)


def test_homophily_of_a_scale_free_graph():
    """Whom a tie meets depends on chance inequality of degrees too, so only the ties' own choice is compared."""
    n = 40_000
    own = segments(n)
    found = []
    for homophily in (0.0, 0.5, 1.0):
        graph = ties.build("scale_free", own, 10.0, 0.0, homophily, KEY)
        found.append((np.repeat(own, graph.degrees()) == own[graph.indices]).mean())
    by_chance = (SHARES**2).sum()
    assert found[0] == pytest.approx(by_chance, abs=0.05)  # the few oldest customers' segments weigh heavily
    assert found[1] == pytest.approx(0.5 + 0.5 * found[0], abs=0.05)
    assert found[2] > 0.999


def test_scale_free_has_a_heavy_tail():
    """Barabasi and Albert 1999: P(degree >= k) ~ k^-2. Hill's estimator on the top 500, four standard errors."""
    degrees = np.sort(build("scale_free", 50_000, 6.0).degrees())[::-1]
    top = degrees[:500] - 0.5
    exponent = 1 / np.log(top / top[-1])[:-1].mean()
    assert exponent == pytest.approx(2.0, abs=4 * 2.0 / math.sqrt(500))
    assert degrees[0] > 10 * np.sort(build("random", 50_000, 6.0).degrees())[-1]


@pytest.mark.nojit
@pytest.mark.parametrize("homophily", [0.0, 0.5])
@pytest.mark.parametrize("kind", MADE)
def test_one_more_customer_changes_only_the_seam_and_ties_to_the_newcomer(kind, homophily):
    n, mean = 300, 5.0
    before, after = pairs(build(kind, n, mean, 0.3, homophily)), pairs(build(kind, n + 1, mean, 0.3, homophily))
    gone = before - after
    new = {tie for tie in after - before if n not in tie}
    own = segments(n)
    seam = {int(i) for s in range(3) for i in np.flatnonzero(own == s)[-6:]} | set(range(n - 6, n))
    picked_newcomer = {a for a, b in after if b == n}
    assert all(set(tie) & (seam | picked_newcomer) for tie in gone)
    assert all(set(tie) & seam for tie in new)
    assert len(gone) < 30
    if kind == "scale_free":
        assert not gone


@pytest.mark.nojit
@pytest.mark.parametrize("kind", [*MADE, "mixed"])
def test_the_smallest_populations(kind):
    assert build(kind, 0).customers == 0
    assert build(kind, 1, homophily=0.5).degrees().tolist() == [0]
    assert pairs(build(kind, 2)) == (set() if kind == "mixed" else {(0, 1)})


@pytest.mark.nojit
@pytest.mark.parametrize("kind", MADE)
def test_nobody_is_asked_to_know_anybody(kind):
    assert build(kind, mean=0.0).indices.size == 0


@pytest.mark.nojit
@pytest.mark.parametrize("kind", MADE)
def test_someone_alone_in_their_segment_knows_others(kind):
    alone = np.zeros(200, np.uint8)
    alone[150] = 2
    graph = ties.build(kind, alone, 6.0, 0.1, 1.0, KEY)
    assert graph.of(150).size >= 3


def test_more_acquaintances_than_customers_gives_everybody():
    assert len(pairs(build(n=5, mean=20.0, rewired=0.0))) == 10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "hexagonal"}, "kind: must be"),
        ({"mean": -1.0}, "mean: must be"),
        ({"mean": math.inf}, "mean: must be"),
        ({"mean": math.nan}, "mean: must be"),
        ({"rewired": 1.1}, "rewired: must be within 0 and 1"),
        ({"homophily": math.nan}, "homophily: must be within 0 and 1"),
        ({"segments": np.zeros((3, 1), np.uint8)}, "segments: must have the shape"),
    ],
)
def test_impossible_wishes_are_refused(change, message):
    wish = {"kind": "random", "segments": segments(4), "mean": 2.0, "rewired": 0.1, "homophily": 0.0}
    with pytest.raises(ValueError, match=message):
        ties.build(**{**wish, **change}, key=KEY)


def test_given_edges_lose_repetitions_and_selves():
    graph = ties.from_edges(5, [(3, 1), (1, 3), (0, 4), (2, 2), (3, 1)])
    assert pairs(graph) == {(1, 3), (0, 4)}
    assert graph.duplicates_removed == 3


def test_no_edges_are_fine():
    assert ties.from_edges(3, []).degrees().tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([(0, 5)], r"pairs\[0\]: customers are numbered 0 to 4 \(got 0, 5\)"),
        ([(0, 1), (-1, 2)], r"pairs\[1\]"),
        ([(0.5, 1)], "whole numbers"),
        ([(0, 1, 2)], "shape"),
    ],
)
def test_given_edges_are_checked(given, message):
    with pytest.raises(ValueError, match=message):
        ties.from_edges(5, given)


def test_a_file_gives_the_same_ties_as_its_pairs(tmp_path):
    graph = build()
    path = tmp_path / "ties.csv"
    path.write_text("\ufeffa,b\r\n" + "\r\n".join(f" {a}, {b}" for a, b in pairs(graph)) + "\r\n\r\n", encoding="utf-8")
    read = ties.read_edges(path, graph.customers)
    assert read.kind == "file"
    assert pairs(read) == pairs(graph)


def test_a_file_may_hold_no_ties(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text("a,b\n")
    assert ties.read_edges(path, 3).indices.size == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ties.csv:1: the header must be a,b"),
        ("0,1\n", "ties.csv:1: the header must be a,b"),
        ("a,b\n0,1\n\n0,x\n", "ties.csv:4: must be two whole numbers, 0 or more"),
        ("a,b\n0,-1\n", "ties.csv:2: must be two whole numbers, 0 or more"),
        ("a,b\n0,1\n0,3\n", "ties.csv:3: customers are numbered 0 to 2 (got 3)"),
        ("a,b\n0,1,2\n", "ties.csv:2: must hold two customer numbers (got 3 fields)"),
        ("a,b\n0,99999999999999999999\n", "ties.csv:2: customers are numbered"),
        (f"a,b\n0,{'9' * 5000}\n", "ties.csv:2: must be two whole numbers, 0 or more"),
    ],
)
def test_mistakes_in_a_file_are_named_with_their_line(tmp_path, text, message):
    path = tmp_path / "ties.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"ties\.csv") as caught:
        ties.read_edges(path, 3)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["{}\n", "a,b\n0,{}\n", "a,b\n{},1\n", "a,b\n0,1,{}\n", "a,b\n{}\n"])
def test_no_message_repeats_what_a_file_holds(tmp_path, text):
    path = tmp_path / "ties.csv"
    path.write_text(text.format("PASSWORD=hunter2"))
    with pytest.raises(ValueError, match=r"ties\.csv:[12]: ") as caught:
        ties.read_edges(path, 3)
    assert "hunter2" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv"):
        ties.read_edges(tmp_path / "nowhere.csv", 3)


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph])
def test_a_networkx_graph_gives_its_ties(kind):
    graph = kind([(0, 1), (1, 2), (2, 1)])
    assert pairs(ties.from_networkx(graph, 4)) == {(0, 1), (1, 2)}


def test_a_graph_needs_no_networkx_but_numbers():
    assert pairs(ties.from_networkx(SimpleNamespace(edges=[(0, 1)]), 2)) == {(0, 1)}
    with pytest.raises(ValueError, match="whole numbers"):
        ties.from_networkx(SimpleNamespace(edges=[("ann", "bob")]), 2)


def classes(n):
    """Twenty-five classes of equal chance."""
    return np.floor(25 * rng.uniforms(rng.stream(5, 0, "classes"), 0, n)).astype(np.uint8)


def alike_ties(kind, n, alike, homophily=0.3, key=KEY):
    return ties.build(kind, segments(n), 10.0, 0.1, homophily, key, classes(n), alike)


@pytest.mark.nojit
@pytest.mark.parametrize("kind", MADE)
def test_without_likeness_classes_leave_the_ties_as_they_were(kind):
    n = 400
    without = ties.build(kind, segments(n), 10.0, 0.1, 0.3, KEY)
    assert without.indices.tobytes() == alike_ties(kind, n, 0.0).indices.tobytes()


@pytest.mark.parametrize("alike", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("kind", ["small_world", "random"])
def test_likeness_is_colemans_index_of_classes_and_leaves_that_of_segments(kind, alike):
    """One percent more than luck: a tie that would repeat another one is replaced within the segment, not the class."""
    n = 40_000
    graph = alike_ties(kind, n, alike)
    own, segment = classes(n), segments(n)
    i, j = np.repeat(np.arange(n), graph.degrees()), graph.indices
    for codes, index in ((own, alike), (segment, 0.3)):
        by_chance = np.square(np.bincount(codes) / n).sum()
        expected = index + (1 - index) * by_chance
        error = math.sqrt(expected * (1 - expected) / (i.size / 2))
        assert (codes[i] == codes[j]).mean() == pytest.approx(expected, abs=4 * error + 0.01)


def test_likeness_of_a_scale_free_graph():
    """As with segments, chance inequality of degrees weighs; with twenty-five classes it is small."""
    n = 40_000
    own = classes(n)
    for alike in (0.0, 0.5, 1.0):
        graph = alike_ties("scale_free", n, alike)
        same = (np.repeat(own, graph.degrees()) == own[graph.indices]).mean()
        assert same == pytest.approx(alike + (1 - alike) / 25, abs=0.03)


@pytest.mark.nojit
@pytest.mark.parametrize("kind", MADE)
def test_someone_alone_in_their_class_knows_others_of_the_segment(kind):
    alone = np.zeros(200, np.uint8)
    alone[150] = 7
    segment = np.arange(200, dtype=np.uint8) % 2
    graph = ties.build(kind, segment, 6.0, 0.1, 1.0, KEY, alone, 1.0)
    assert graph.of(150).size >= 3
    assert set(segment[graph.of(150)]) == {segment[150]}


@pytest.mark.nojit
@pytest.mark.parametrize("kind", MADE)
def test_one_more_customer_changes_few_ties_among_those_who_are_alike(kind):
    """Only those who stand at the seam of one of the rings on which they are, and ties to the newcomer."""
    n = 300
    before, after = (pairs(alike_ties(kind, count, 0.5)) for count in (n, n + 1))
    cells = segments(n + 1) * 25 + classes(n + 1)
    seam = {int(i) for of in (cells, classes(n + 1), segments(n + 1), np.zeros(n + 1)) for i in near_end(of, n)}
    picked_newcomer = {a for a, b in after if b == n}
    assert all(set(tie) & (seam | picked_newcomer) for tie in before - after)
    assert all(set(tie) & seam for tie in after - before if n not in tie)
    assert len(before - after) < 30


def near_end(codes, newcomer):
    """The last customers on the newcomer's ring of this sort: whose ties may lead across its seam."""
    return np.flatnonzero(codes == codes[newcomer])[-7:-1]


def test_likeness_out_of_range_is_refused():
    with pytest.raises(ValueError, match="alike: must be within 0 and 1"):
        alike_ties("random", 4, 1.5)
    with pytest.raises(ValueError, match="classes: must have the shape"):
        ties.build("random", segments(4), 2.0, 0.1, 0.0, KEY, np.zeros(3, np.uint8), 0.5)
