"""What the queue knows of the namespaces of the configuration, and how sure their values are."""

from importlib.resources import files

import duckdb

from c360.config import Settings
from c360.sources.normalise import install_normalisation
from c360.warehouse import fill_table

PAIR_STRENGTH = {"anchor": 1.0, "contact": 0.8, "trace": 0.2}
"""What a value that two customers share says for one person. A card is made for one, a telephone
mostly has one owner or a household, a device is passed around: an order, not a measured rate."""

BRIDGE_STRENGTH = {"contact": 0.6, "trace": 1.0}
"""How doubtful a customer is whose halves hang on one value: the weaker the value, the more so."""


def install_macros(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Define the session's macros."""
    install_normalisation(con, settings)
    text = (files("c360.stewardship") / "sql" / "macros.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            con.execute(statement).fetchall()


def set_namespaces(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write temp.namespace: the namespaces of the configuration, the strongest is tier 1.

    `bridge_strength` is null for anchors, on which nobody hangs in doubt; `is_told`: a steward is
    shown the values.
    """
    fill_table(
        con,
        "temp.namespace",
        {
            "namespace": "varchar",
            "tier": "integer",
            "pair_strength": "double",
            "bridge_strength": "double",
            "is_hashed": "boolean",
            "is_contact": "boolean",
            "is_told": "boolean",
        },
        [
            (
                name,
                tier,
                PAIR_STRENGTH[each.strength],
                BRIDGE_STRENGTH.get(each.strength),
                each.hash,
                each.strength == "contact",
                not each.visit,
            )
            for tier, (name, each) in enumerate(settings.identifiers.items(), start=1)
        ],
    )


def firm_tiers(settings: Settings) -> list[int]:
    """Return the tiers of anchors, and 0: that of what people joined."""
    tiers = enumerate(settings.identifiers.values(), start=1)
    return [0, *(tier for tier, each in tiers if each.strength == "anchor")]
