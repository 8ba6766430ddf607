"""What a build makes, and why: told before it is published."""

from c360.step import Context

_WORDS = {
    "whole": "made whole",
    "view": "a view: nothing to make",
    "new rows": "new and changed rows of its sources",
}


def tell_plan(context: Context) -> tuple[list[str], dict[str, object]]:
    """Return how this build makes each table, in words and as figures.

    Reads ops.build_scope and ops.made_table of the context's run.
    """
    run = {"run": context.run}
    (is_full, reason), *_ = context.con.execute(
        "select is_full, reason from ops.build_scope where run = $run", run
    ).fetchall()
    made = context.con.execute(
        "select table_name, how, customers from ops.made_table where run = $run order by rowid", run
    ).fetchall()
    width = max((len(table) for table, *_ in made), default=0)
    lines = [f"{'A full build' if is_full else 'An increment'}: {reason}."]
    for table, how, customers in made:
        noun = "customer" if customers == 1 else "customers"
        words = _WORDS.get(how) or f"{customers:,} {noun} made anew"
        lines.append(f"{table:<{width}}  {words}")
    tables = [{"table": t, "how": how, "customers": customers} for t, how, customers in made]
    return lines, {"is_full": is_full, "reason": reason, "tables": tables}
