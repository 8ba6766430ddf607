"""The review queue: what each run finds doubtful, and what has become of earlier doubts."""

from c360.identity.decisions import make_decision_tables
from c360.step import Context, read_sql, run_model
from c360.stewardship.doubts import find_bridges, find_conflicts, find_pairs
from c360.stewardship.fields import MOST_TOLD, lay_fields
from c360.stewardship.layout import make_queue_tables
from c360.stewardship.namespaces import install_macros, set_namespaces
from c360.stewardship.probable import find_proposals
from c360.warehouse import has_table


def build_review_items(context: Context) -> None:
    """Write stewardship.review_item, review_field, review_value, review_part and review_score.

    Items are found anew in every run. One that was there before keeps its id, its first run and its
    assignee; what a decision in force names is decided or held; what is no longer in doubt and was
    not decided is obsolete, until it is in doubt again.
    """
    con = context.con
    make_decision_tables(con)
    make_queue_tables(con)
    install_macros(con, context.settings)
    set_namespaces(con, context.settings)
    run_model("stewardship", "temp.idle_observation", context, {})
    find_pairs(context)
    find_proposals(context)
    find_bridges(context)
    find_conflicts(context)
    lay_fields(context)
    parameters: dict[str, object] = {"most_told": MOST_TOLD, "run": context.run}
    for table in (
        "held_namespace",
        "pair_item",
        "bridge_item",
        "conflict_item",
        "probable_item",
        "item_now",
        "changed_item",
        "standing_decision",
        "answer",
        "item_next",
        "value_now",
    ):
        run_model("stewardship", f"temp.{table}", context, parameters)
    _write(context)


def _write(context: Context) -> None:
    """Put temp.item_next in force, and what this run tells of the items that it has seen."""
    con = context.con
    con.execute("delete from stewardship.review_item").fetchall()
    con.execute(
        "insert into stewardship.review_item from temp.item_next order by item_id"
    ).fetchall()
    for table, items, select in (
        # In the order of the configuration: readers order an item's fields by the row.
        (
            "review_field",
            "changed_item",
            "select item_id, field, value_l, value_r, is_agreeing from temp.field_now"
            " semi join temp.changed_item using (item_id) order by item_id, place",
        ),
        ("review_value", "item_now", "from temp.value_now order by item_id, namespace, value"),
        (
            "review_part",
            "item_now",
            "select item_id, keyring, side from temp.bridge_side order by item_id, keyring",
        ),
        (
            "review_score",
            "probable",
            "select item_id, model, match_weight, match_probability from temp.probable"
            " semi join temp.item_now using (item_id) order by item_id",
        ),
    ):
        con.execute(
            f"delete from stewardship.{table} where item_id in (select item_id from temp.{items})"
        ).fetchall()
        con.execute(f"insert into stewardship.{table} {select}").fetchall()


def price_items(context: Context) -> None:
    """Write stewardship.review_impact from the marts last built; before the first, none is known.

    Columns: item_id, impact_usd (null: not known), priority: what is at stake in USD and records,
    times the uncertainty. Grain: (item_id).
    """
    con = context.con
    make_queue_tables(con)
    con.execute("delete from stewardship.review_impact").fetchall()
    if has_table(con, "gold.customer_360"):
        select = read_sql("stewardship", "stewardship.review_impact")
    else:
        select = (
            "select item_id, null, round(records * uncertainty, 2) from stewardship.review_item"
        )
    con.execute(f"insert into stewardship.review_impact {select} order by item_id").fetchall()
