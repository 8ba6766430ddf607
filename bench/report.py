"""What the quality report takes: `python bench/report.py --customers 100000`.

Prints Markdown: `c360 report` on the sample, and the share of everything that the last run of each
command took; then the same workspace with 3,000 checks over 200 runs, a quarter of them failing
with 20 rows each. Owed are at most 5 % of the run, and 3 s and 2 MB for the many.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.measuring import Line, Measured, print_table, run_c360, twin
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

SAMPLE, MANY = "c360 report, the sample", "c360 report, 3,000 checks over 200 runs"

_MANY = (
    "insert into ops.quality_check by name select 'drift' as family, 'own_check_' || i as metric,"
    " i as value, 'at most 0' as threshold, if(i % 4 = 0, 'fail', 'pass') as status,"
    " repeat('What it means, and what to do. ', 8) as explanation, 'error' as severity,"
    " 'count' as unit, cast([] as varchar[]) as tables, ['website'] as consumers,"
    " 900 as failing_rows, repeat('select 1 ', 60) as sql, false as is_builtin"
    " from range(3000 - (select count(*) from ops.quality_check)) t(i)",
    "insert into ops.check_history select run, timestamp '2025-01-01' + to_days(run), metric,"
    " (run * 7919) % 101, 'pass' from ops.quality_check, range(-199, 0) t(run)",
    "insert into ops.failing_row select metric, position, 'k' || position,"
    " json_object('customer_id', md5(metric), 'expected', position, 'found', repeat('*', 30))"
    " from ops.quality_check, range(1, 21) t(position)"
    " where status = 'fail' and metric like 'own_check_%'",
)


def main() -> None:
    """Make the sample, or take one that is checked, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--workspace", type=Path, help="checked; it is only copied")
    parser.add_argument("--scratch", type=Path, help="folder for temporary files")
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as folder:
        scratch = Path(folder)
        sample = Workspace(arguments.workspace or scratch / "sample")
        if arguments.workspace is None:
            words = ("--customers", str(arguments.customers), "--format", "parquet")
            run_c360(sample, "generate", *words)
            run_c360(sample, "run")
        _measure(twin(sample, scratch / "measured"), arguments.repeat)


def _measure(workspace: Workspace, repeat: int) -> None:
    plain = [run_c360(workspace, "report") for _ in range(repeat)]
    size = workspace.report("html").stat().st_size
    with open_warehouse(workspace.warehouse) as con:
        for statement in _MANY:
            con.execute(statement).fetchall()
        whole = con.execute(
            "select sum(seconds) from (select command, max_by(date_diff('millisecond',"
            " started_at, finished_at), run) / 1000 as seconds from ops.run"
            " where command in ('resolve', 'build', 'check') group by command)"
        ).fetchall()[0][0]
    many = [run_c360(workspace, "report") for _ in range(repeat)]
    print_table("the quality report", [Line(SAMPLE, plain), Line(MANY, many)])
    share = _median(plain) / (whole + _median(plain))
    most = workspace.report("html").stat().st_size
    sys.stdout.write(
        f"\nThe sample's page has {size:,} bytes and took {share:.1%} of the whole run; that of"
        f" 3,000 checks has {most:,} bytes.\n"
    )


def _median(runs: list[Measured]) -> float:
    return Line("", runs).seconds


if __name__ == "__main__":
    main()
