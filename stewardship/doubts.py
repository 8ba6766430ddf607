"""Where the graph leaves a doubt: shared values, weak bridges, conflicts of decisions."""

from c360.identity.components import label_components
from c360.step import Context, run_model
from c360.stewardship.namespaces import firm_tiers
from c360.warehouse import create_tables, has_rows

MOST_CARRIERS = 4
"""Of a value that more customers carry, only the two that the resolver names are asked about: what
a household shares is a question for each two of them, what a call centre shares is not."""


def find_pairs(context: Context) -> None:
    """Write temp.pair and temp.pair_value: customers that values could not bring together."""
    for table in ("carrier", "separated", "pair_value", "pair"):
        run_model("stewardship", f"temp.{table}", context, {"most_carriers": MOST_CARRIERS})


def find_bridges(context: Context) -> None:
    """Write temp.bridge_side: the keyrings of customers that a single value holds together.

    Both halves have anchors, and without the contact or trace value nothing else joins them. What
    people joined holds as firmly as an anchor, so that a bridge they confirmed is none.
    """
    con = context.con
    parameters: dict[str, object] = {"firm_tiers": firm_tiers(context.settings)}
    for table in (
        "firm",
        "firm_carried",
        "firm_meeting",
        "open_firm",
        "anchored_part",
        "bridge_candidate",
    ):
        run_model("stewardship", f"temp.{table}", context, parameters)
    for table in ("torn_keyring", "torn_edge"):
        run_model("stewardship", f"temp.{table}", context, {})
    if has_rows(con, "temp.torn_edge"):
        label_components(con, "temp.torn_edge", "torn_component")
    else:
        create_tables(con, {"temp.torn_component": "node integer, component integer"})
    run_model("stewardship", "temp.bridge_side", context, {})


def find_conflicts(context: Context) -> None:
    """Write temp.conflict: the merges that a keep_apart forbids."""
    run_model("stewardship", "temp.conflict", context, {})
