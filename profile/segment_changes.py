"""The log of who entered, changed and left a segment: added to by each build, never made anew."""

from importlib.resources import files

from c360.profile.parameters import profile_parameters
from c360.step import Context, parameters_of

TABLE = "gold.segment_change"
_COLUMNS = (
    "number bigint, run integer, changed_at timestamp, customer_id varchar, kind varchar,"
    " from_segment varchar, to_segment varchar, churn_risk_score integer, is_churn_risk boolean"
)


def build_segment_changes(context: Context) -> None:
    """Add to gold.segment_change what this build changes; a full build keeps the history too.

    Reads gold.customer_360(customer_id, segment, churn_risk_score).
    """
    con = context.con
    con.execute(f"create table if not exists {TABLE} ({_COLUMNS})").fetchall()
    parameters = {**profile_parameters(context), "run": context.run}
    select = segment_change_sql()
    named = {name: parameters[name] for name in parameters_of(select)}
    con.execute(f"insert into {TABLE}\n{select}", named).fetchall()


def segment_change_sql() -> str:
    """Return the SELECT of the changes that a build makes."""
    path = files("c360.profile") / "sql" / "gold" / "segment_change.sql"
    return path.read_text(encoding="utf-8")
