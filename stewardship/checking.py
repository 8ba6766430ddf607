"""What contradicts what: a YES that joins what a NO keeps apart, directly or through others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
from networkx.utils import UnionFind

from c360.identity.explain_evidence import printable
from c360.step import Context, read_sql, run_model
from c360.stewardship.decision import last_number
from c360.stewardship.log import Draft
from c360.warehouse import fill_table

_RULING = {
    "ruling": "integer",
    "kind": "varchar",
    "decision_id": "varchar",
    "decided_by": "varchar",
    "records_l": "varchar[]",
    "records_r": "varchar[]",
    "identifiers_l": "varchar[]",
    "identifiers_r": "varchar[]",
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """A merge or a keep_apart, and the people that either side means: any names that tell them.

    `name` is how messages call it; `place` is where it stands among the drafts, None in the log.
    """

    kind: str
    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    place: int | None = None


class _People:
    """Who is one person by the merges so far, and each person's sides in keep_aparts by number."""

    def __init__(self) -> None:
        self._groups: UnionFind[str] = UnionFind()
        self._sides: dict[str, dict[int, str]] = {}

    def of(self, names: Sequence[str]) -> set[str]:
        return {self._groups[name] for name in names}

    def keep_apart(self, number: int, ruling: Ruling) -> None:
        for side, names in (("l", ruling.left), ("r", ruling.right)):
            for person in self.of(names):
                self._sides.setdefault(person, {}).setdefault(number, side)

    def broken_by(self, merge: Ruling) -> int | None:
        """Return the first keep_apart whose two sides a merge would make one person."""
        sides: dict[int, str] = {}
        broken = [
            number
            for person in self.of(merge.left + merge.right)
            for number, side in self._sides.get(person, {}).items()
            if sides.setdefault(number, side) != side
        ]
        return min(broken, default=None)

    def merge(self, merge: Ruling) -> None:
        names = merge.left + merge.right
        held = [self._sides.pop(person, {}) for person in sorted(self.of(names))]
        self._groups.union(*names)
        for person in self.of(names):
            self._sides[person] = {number: side for each in held for number, side in each.items()}


def find_contradictions(
    context: Context, drafts: Sequence[Draft], names: Sequence[str]
) -> dict[int, str]:
    """Return what is wrong with drafts that contradict the log or each other, by their places.

    Sides are compared by the customers that hold their records now. `names` says how messages call
    each draft, such as `line 3`.
    """
    con = context.con
    for table in ("standing_decision", "ruling"):
        run_model("stewardship", f"temp.{table}", context, {})
    first = last_number(con) + 1
    fill_table(
        con,
        "temp.drafted",
        _RULING,
        [
            (
                first + place,
                draft.kind,
                None,
                draft.decided_by,
                draft.left.records,
                draft.right.records,
                draft.left.identifiers,
                draft.right.identifiers,
            )
            for place, draft in enumerate(drafts)
            if draft.kind in ("merge", "keep_apart")
        ],
    )
    con.execute("insert into temp.ruling from temp.drafted").fetchall()
    kinds = con.execute("select count(distinct kind) from temp.ruling").fetchall()
    if kinds != [(2,)]:
        return {}
    run_model("stewardship", "temp.ruling_side", context, {})
    return contradictions(list(_rulings(con, first, names)))


def _rulings(con: duckdb.DuckDBPyConnection, first: int, names: Sequence[str]) -> Iterator[Ruling]:
    """Yield the rulings of the log and of the drafts, whose numbers begin with `first`."""
    rows = con.execute(read_sql("stewardship", "temp.ruling_told")).fetchall()
    for number, kind, decision_id, decided_by, left, right in rows:
        place = number - first
        if place < 0:
            name = f"{kind} {decision_id} of {printable(decided_by)}"
            yield Ruling(kind, name, tuple(left), tuple(right))
        else:
            yield Ruling(kind, names[int(place)], tuple(left), tuple(right), place)


def contradictions(rulings: Sequence[Ruling]) -> dict[int, str]:
    """Return what is wrong with the drafts among some rulings, by their places.

    What stands in the log holds. A keep_apart is looked at before a merge, and merges in order: one
    that would break a keep_apart joins nobody, and both are wrong where both are drafts.

    >>> no = Ruling("keep_apart", "keep_apart d_1 of Eve", ("ann",), ("bob",))
    >>> contradictions([no, Ruling("merge", "line 2", ("bob",), ("ann",), 0)])
    {0: 'joins what keep_apart d_1 of Eve keeps apart; revoke that first'}
    """
    people = _People()
    wrong: dict[int, str] = {}
    joined = [each for each in rulings if each.kind == "merge" and each.place is None]
    for merge in joined:
        people.merge(merge)
    for number, ruling in enumerate(rulings):
        if ruling.kind != "keep_apart":
            continue
        both = people.of(ruling.left) & people.of(ruling.right)
        if both and ruling.place is not None:
            joining = next(each for each in joined if people.of(each.left + each.right) & both)
            wrong[ruling.place] = f"keeps apart what {joining.name} joins; revoke that first"
        else:
            people.keep_apart(number, ruling)
    for merge in rulings:
        if merge.kind != "merge" or merge.place is None:
            continue
        number_broken = people.broken_by(merge)
        if number_broken is None:
            people.merge(merge)
            continue
        broken = rulings[number_broken]
        if broken.place is None:
            wrong[merge.place] = f"joins what {broken.name} keeps apart; revoke that first"
        else:
            wrong[merge.place] = f"joins what {broken.name} keeps apart; leave one of the two"
            wrong[broken.place] = f"keeps apart what {merge.name} joins; leave one of the two"
    return wrong
