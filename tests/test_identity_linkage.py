"""Groups of customers that probable links join."""

from itertools import combinations
from math import log2

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from c360.identity.probabilistic.linkage import ASKED_SHARE, MOST_BITS, Edge, link_clusters

ABOVE = 0.9


def _edges(*links: str, p: float = 0.99) -> list[Edge]:
    """Read "ab" or "ab .95" as an edge; without a number it has the probability `p`."""
    read = []
    for link in links:
        pair, _, probability = link.partition(" ")
        read.append(Edge(pair[0], pair[1], float(probability or p)))
    return read


def _groups(edges, claims=None, limits=None, join_above=ABOVE) -> list[str]:
    found = link_clusters(edges, claims or {}, limits or {}, join_above=join_above)
    return ["".join(sorted(group)) for group in found]


def _holds(guard: str, **values: str) -> dict[str, frozenset[tuple[str, str]]]:
    return {customer: frozenset({(guard, value)}) for customer, value in values.items()}


@pytest.mark.parametrize(
    ("rule", "edges", "groups"),
    [
        ("two that are linked are joined", _edges("ab"), ["ab"]),
        ("a link at the threshold joins", _edges("ab .9"), ["ab"]),
        ("a link below the threshold does not", _edges("ab .89"), []),
        ("a triangle is one group", _edges("ab", "ac", "bc"), ["abc"]),
        ("a chain of three is one group", _edges("ab", "bc"), ["abc"]),
        ("a chain of four is not", _edges("ab", "bc", "cd"), ["ab", "cd"]),
        ("a certain chain of four is not", _edges("ab", "bc", "cd", p=1), ["ab", "cd"]),
        ("a chain ends at its weakest link", _edges("ab", "bc .999", "cd .995"), ["bcd"]),
        ("one link does not join triangles", _edges("ab", "ac", "bc", "de", "df", "ef", "cd"),
         ["abc", "def"]),
        ("half of the links join one more", _edges("ab", "ac", "ad", "bc", "bd", "cd", "de", "ce"),
         ["abcde"]),
        ("the heaviest link comes first", _edges("ab", "bc .998", "cd", "ae .998"),
         ["ae", "bcd"]),
        ("a weak pair speaks less against than none", _edges("ab", "bc", "cd", "ad .4", "bd .4",
         "ac .4"),
         ["abcd"]),
        ("weak links alone join nobody", _edges("ab .8", "bc .8", "ac .8"), []),
        ("of a pair given twice the heavier counts", _edges("ab .2", "ab .95"), ["ab"]),
        ("groups of other components do not matter", _edges("ab", "cd", "ce", "de"), ["ab", "cde"]),
    ],
)  # fmt: skip
def test_groups(rule, edges, groups):
    assert _groups(edges) == groups, rule


def test_below_one_half_no_link_joins():
    assert _groups(_edges("ab .4", "cd .6"), join_above=0.1) == ["cd"]


def test_the_higher_the_threshold_the_more_of_the_pairs_must_match():
    chain = _edges("ab", "bc", p=0.97)

    assert _groups(chain, join_above=0.8) == ["abc"]
    assert _groups(chain, join_above=0.95) == ["ab"]


@pytest.mark.parametrize(
    ("rule", "claims", "limits", "groups"),
    [
        ("a guard splits at the weakest link", _holds("card", a="1", c="2"), {}, ["bc"]),
        ("one value is no conflict", _holds("card", a="1", c="1"), {}, ["abc"]),
        ("different guards are no conflict",
         {**_holds("card", a="1"), **_holds("born", c="2")}, {}, ["abc"]),
        ("a limit allows more than one value", _holds("card", a="1", c="2"), {"card": 2}, ["abc"]),
        ("a limit is of the whole group", _holds("card", a="1", b="2", c="3"), {"card": 2}, ["bc"]),
        ("what breaks a guard by itself joins nobody",
         {"b": frozenset({("card", "1"), ("card", "2")})}, {}, ["ac"]),
        ("a keep_apart is a guard", _holds("keep_apart d_1", b="l", c="r"), {}, ["ac"]),
        ("what nobody is linked to does not matter", _holds("card", a="1", z="2"), {}, ["abc"]),
    ],
)  # fmt: skip
def test_guards(rule, claims, limits, groups):
    edges = _edges("ab .95", "ac .97", "bc .99")

    assert _groups(edges, claims, limits) == groups, rule


def test_equal_links_are_taken_by_their_ids():
    claims = _holds("card", a="1", c="2")

    assert _groups(_edges("ab", "bc"), claims) == ["ab"]
    assert _groups(_edges("bc", "ab"), claims) == ["ab"]


nodes = st.sampled_from("abcdefghi")
probabilities = st.one_of(
    st.sampled_from([0.05, 0.3, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0]), st.floats(0.05, 1)
)
graphs = st.dictionaries(
    st.tuples(nodes, nodes).filter(lambda pair: pair[0] < pair[1]), probabilities, max_size=36
).map(lambda found: [Edge(*pair, probability) for pair, probability in found.items()])
held = st.frozensets(st.tuples(st.sampled_from(["card", "born"]), st.sampled_from("123")))
claims_of = st.dictionaries(nodes, held, max_size=6)
limits_of = st.dictionaries(st.just("card"), st.integers(1, 2))
thresholds = st.sampled_from([0.5, 0.9, 0.95, 0.99])


@for_all(graphs, claims_of, limits_of, thresholds)
def test_groups_are_disjoint_connected_and_keep_every_guard(edges, claims, limits, join_above):
    found = link_clusters(edges, claims, limits, join_above=join_above)

    members = [customer for group in found for customer in group]
    assert len(members) == len(set(members))
    for group in found:
        assert len(group) > 1
        assert _is_connected(group, edges, join_above)
        assert _holds_guards(group, claims, limits)


@for_all(st.data(), graphs, claims_of, thresholds)
def test_the_order_of_the_edges_does_not_matter(data, edges, claims, join_above):
    shuffled = data.draw(st.permutations(edges))

    assert _groups(shuffled, claims, join_above=join_above) == _groups(
        edges, claims, join_above=join_above
    )


@for_all(graphs, claims_of, limits_of, thresholds)
def test_the_groups_are_those_of_the_plain_algorithm(edges, claims, limits, join_above):
    found = link_clusters(edges, claims, limits, join_above=join_above)

    assert found == _plain_average_linkage(edges, claims, limits, join_above)


def _plain_average_linkage(edges, claims, limits, join_above) -> list[frozenset[str]]:
    """Join the best of all pairs of groups, looking at every pair of customers anew each time."""
    weight = {
        (edge.customer_id_l, edge.customer_id_r): _weight(edge.match_probability) for edge in edges
    }
    joins = {
        (edge.customer_id_l, edge.customer_id_r)
        for edge in edges
        if edge.match_probability >= join_above
    }
    groups = [frozenset({end}) for end in sorted({end for pair in weight for end in pair})]
    while True:
        candidates = []
        for one, other in combinations(groups, 2):
            pairs = [tuple(sorted((left, right))) for left in one for right in other]
            mean = sum(weight.get(pair, _weight(0.05)) for pair in pairs) / len(pairs)
            if (
                mean >= ASKED_SHARE * _weight(join_above)
                and not joins.isdisjoint(pairs)
                and _holds_guards(one | other, claims, limits)
            ):
                candidates.append((-mean, *sorted((min(one), min(other))), one, other))
        if not candidates:
            return sorted((group for group in groups if len(group) > 1), key=min)
        *_, one, other = min(candidates, key=lambda candidate: candidate[:3])
        groups = [group for group in groups if group not in (one, other)] + [one | other]


def _weight(match_probability: float) -> int:
    if match_probability == 1:
        return round(MOST_BITS * 1e6)
    bits = log2(match_probability / (1 - match_probability))
    return round(max(-MOST_BITS, min(bits, MOST_BITS)) * 1e6)


def _holds_guards(group, claims, limits) -> bool:
    values = {each for customer in group for each in claims.get(customer, ())}
    return all(
        len({value for name, value in values if name == guard}) <= limits.get(guard, 1)
        for guard, _ in values
    )


def _is_connected(group, edges, join_above) -> bool:
    reached = {min(group)}
    for _ in group:
        for edge in edges:
            ends = {edge.customer_id_l, edge.customer_id_r}
            if edge.match_probability >= join_above and ends <= group and ends & reached:
                reached |= ends
    return reached == group
