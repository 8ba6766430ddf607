"""The tables of the probabilistic comparison by their columns."""

import duckdb

KEPT_ABOVE = 0.05
"""Least match probability of a scored pair that is kept: what is asked of people begins at
`review_above`, the figures by threshold look a little below it."""

PROPOSAL_TABLES = {
    # What a customer has of a compared field, normalised; contact data as in identity.value. Place
    # 1 is what most of its records have.
    "identity.compared_value": "customer_id varchar, field varchar, value varchar, place integer",
    # A customer that is compared, and a digest of what it has.
    "identity.compared_customer": "customer_id varchar, fingerprint uuid",
    # A pair of customers, the smaller id left, that may be one person. Weights are in bits.
    "identity.proposal": "customer_id_l varchar, customer_id_r varchar, model varchar,"
    " match_weight double, match_probability double, rule varchar",
    # What a comparison adds to the weight of a proposal, in words; place 0 is the prior.
    "identity.proposal_weight": "customer_id_l varchar, customer_id_r varchar, place integer,"
    " comparison varchar, words varchar, weight double",
    # A blocking rule: how many pairs it would compare, and what became of it.
    "identity.blocking_rule": "place integer, rule varchar, pairs bigint, blocks bigint,"
    " largest_block bigint, status varchar, reason varchar",
    # A block of customers that share what a rule asks for, by a digest of it.
    "identity.block": "rule varchar, key uuid, owners bigint, is_used boolean",
    # One of the largest blocks of a rule; contact data is shown as a digest.
    "identity.large_block": "place integer, rule varchar, shown varchar, owners bigint,"
    " pairs bigint, status varchar",
    # A level of a comparison in a model: how often it is seen in matches (m) and otherwise (u).
    "identity.model_level": "model varchar, run integer, comparison varchar, place integer,"
    " level varchar, m double, u double, weight double",
}


def make_proposal_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the probabilistic comparison where they do not exist."""
    for table, columns in PROPOSAL_TABLES.items():
        con.execute(f"create table if not exists {table} ({columns})").fetchall()
