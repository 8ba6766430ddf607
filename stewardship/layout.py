"""The tables of the review queue by their columns."""

import duckdb

QUEUE_TABLES = {
    # A doubt about two customers, or about one of which two halves hang on a single value.
    "stewardship.review_item": "item_id varchar, kind varchar, customer_id_l varchar,"
    " customer_id_r varchar, evidence varchar, uncertainty double, records bigint,"
    " first_run integer, last_run integer, changed_run integer, state varchar, assignee varchar,"
    " decision_id varchar",
    # What each side has of an attribute or of a namespace; contact data is masked.
    "stewardship.review_field": "item_id varchar, field varchar, value_l varchar, value_r varchar,"
    " is_agreeing boolean",
    # A value at issue, as in identity.value.
    "stewardship.review_value": "item_id varchar, namespace varchar, value varchar,"
    " status varchar, reason varchar",
    # A keyring's side of the cut of a weak bridge: `l` is the larger.
    "stewardship.review_part": "item_id varchar, keyring uuid, side varchar",
    # What is at stake, by the marts last built; before the first, impact_usd is null.
    "stewardship.review_impact": "item_id varchar, impact_usd decimal(18, 2), priority double",
    # The score under which an item was last proposed, kept whatever became of it since.
    "stewardship.review_score": "item_id varchar, model varchar, match_weight double,"
    " match_probability double",
}


def make_queue_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the queue where they do not exist."""
    for table, columns in QUEUE_TABLES.items():
        con.execute(f"create table if not exists {table} ({columns})").fetchall()
