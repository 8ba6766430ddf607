"""What the probabilistic comparison adds and costs: `python bench/proposals.py --customers 100000`.

Prints Markdown: the deterministic resolution and the one that compares too, in the same run; then,
held against the truth, how many of the proposals are right by kind and probability, what recall
accepting the true ones would add, and which share of the missed pairs any comparison could have
found; the pairs compared by blocking rule; and an increment of nothing against a full comparison.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
import yaml

from bench.measuring import Line, Measured, Resolved, print_table, run_c360, run_resolve, twin
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

PROPOSAL = "identity.proposal"
DETERMINISTIC = "c360 resolve --full, deterministic"
BANDS = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99)


def main() -> None:
    """Make the sample, or take one that is resolved without comparison, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--workspace", type=Path, help="resolved, not comparing; it is only copied")
    parser.add_argument("--scratch", type=Path, help="folder for temporary files")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as folder:
        scratch = Path(folder)
        sample = Workspace(arguments.workspace or scratch / "sample")
        if arguments.workspace is None:
            words = ("--customers", str(arguments.customers), "--format", "parquet")
            run_c360(sample, "generate", *words)
            run_c360(sample, "resolve")
        _measure(twin(sample, scratch / "compared"), sample)


def _measure(compared: Workspace, sample: Workspace) -> None:
    plain = run_resolve(twin(sample, compared.root.parent / "plain"), "--full")
    tree = yaml.safe_load(compared.config.read_text(encoding="utf-8"))
    compared.config.write_text(
        yaml.safe_dump(tree | {"probabilistic": {"enabled": True}}, sort_keys=False),
        encoding="utf-8",
    )
    first, again = run_resolve(compared), run_resolve(compared)
    print_table(
        "comparing customers",
        [
            Line(DETERMINISTIC, [plain.command]),
            Line("identity.proposal, with training", [_step(first)], DETERMINISTIC),
            Line("identity.proposal, nothing new", [_step(again)], DETERMINISTIC),
        ],
    )
    with open_warehouse(compared.warehouse, read_only=True) as con:
        _read_truth(con, sample)
        _print_rules(con)
        _print_bands(con)
        _print_recall(con)


def _step(resolved: Resolved) -> Measured:
    return resolved.steps[PROPOSAL]


def _read_truth(con: duckdb.DuckDBPyConnection, sample: Workspace) -> None:
    truth = next(iter(sorted((sample.root / "data" / "raw").glob("truth.*"))))
    con.execute(
        "create temp table placed as select member.customer_id, truth.person, count(*) as records"
        f" from '{truth}' as truth join identity.member as member"
        " on member.source = truth.source and member.record_id = cast(truth.record_id as varchar)"
        " where member.to_run is null group by all"
    ).fetchall()
    # A proposal is right where most records of both customers are one person's.
    con.execute(
        "create temp table whose as select customer_id,"
        " arg_max(person, (records, person)) as person from placed group by customer_id"
    ).fetchall()
    con.execute(
        "create temp table judged as select p.*, l.person = r.person as is_right,"
        " item.kind as kind from identity.proposal as p"
        " join whose as l on l.customer_id = p.customer_id_l"
        " join whose as r on r.customer_id = p.customer_id_r"
        " left join stewardship.review_item as item on item.state <> 'obsolete'"
        " and least(item.customer_id_l, item.customer_id_r) = p.customer_id_l"
        " and greatest(item.customer_id_l, item.customer_id_r) = p.customer_id_r"
    ).fetchall()


def _print_rules(con: duckdb.DuckDBPyConnection) -> None:
    _print_row("rule", "pairs", "largest block", "status")
    _print_row("---", "---:", "---:", "---")
    for rule, pairs, largest, status in con.execute(
        "select rule, pairs, largest_block, status from identity.blocking_rule order by place"
    ).fetchall():
        _print_row(rule, f"{pairs:,}", f"{largest:,}", status)


def _print_bands(con: duckdb.DuckDBPyConnection) -> None:
    _print_row("probability from", "kind", "proposals", "right", "precision")
    _print_row("---:", "---", "---:", "---:", "---:")
    for above in BANDS:
        for kind, proposals, right in con.execute(
            "select coalesce(kind, 'not asked'), count(*), count(*) filter (is_right) from judged"
            " where match_probability >= $above group by all order by all",
            {"above": above},
        ).fetchall():
            _print_row(f"{above}", kind, f"{proposals:,}", f"{right:,}", f"{right / proposals:.3f}")


def _print_recall(con: duckdb.DuckDBPyConnection) -> None:
    """Print recall over pairs of records: as resolved, with the right proposals, and at best."""
    truth, found, proposed, comparable = con.execute(
        "with pair as (select l.person, l.customer_id as customer_id_l,"
        " r.customer_id as customer_id_r, l.records * r.records as pairs from placed as l"
        " join placed as r using (person) where l.customer_id < r.customer_id)"
        " select (select sum(n * (n - 1) / 2) from"
        " (select sum(records) as n from placed group by person)),"
        " (select sum(records * (records - 1) / 2) from placed),"
        " (select sum(pairs) from pair semi join (from identity.proposal where"
        " match_probability >= 0.5) using (customer_id_l, customer_id_r)),"
        " (select sum(pairs) from pair"
        " where customer_id_l in (select customer_id from identity.compared_customer)"
        " and customer_id_r in (select customer_id from identity.compared_customer))"
    ).fetchall()[0]
    _print_row("recall over pairs of records", "")
    _print_row("---", "---:")
    _print_row("deterministic", f"{found / truth:.4f}")
    _print_row("with the right proposals", f"{(found + (proposed or 0)) / truth:.4f}")
    best = f"{(found + comparable) / truth:.4f}"
    _print_row("with all pairs of customers that describe a person", best)


def _print_row(*cells: str) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
