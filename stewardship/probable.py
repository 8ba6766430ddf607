"""What is asked of the proposals of the probabilistic comparison, and what stands against them."""

from c360.config import Settings
from c360.identity.probabilistic.layout import make_proposal_tables
from c360.step import Context, run_model
from c360.warehouse import fill_table


def find_proposals(context: Context) -> None:
    """Write temp.probable: the pairs of customers that people are asked about, one item each.

    Reads identity.proposal and proposal_weight, temp.separated and temp.namespace. Columns:
    item_id, both customers, model, match_weight (bits), match_probability, is_guarded, evidence.

    Left out are pairs below `review_above`, those that a keep_apart in force separates, and what a
    source of `one_to_one` promises not to be. The uncertainty of a probable match is its match
    probability; of a pair that values bring up as well, the greater of that and what the values
    say, because both look at the same attributes and must not count them twice.
    """
    make_proposal_tables(context.con)
    settings = context.settings
    _set_guards(context, settings)
    parameters: dict[str, object] = {
        "review_above": settings.probabilistic.review_above,
        "one_to_one": list(settings.probabilistic.one_to_one),
    }
    for table in ("likely", "listed", "proposed", "limited_value", "guarded", "probable"):
        run_model("stewardship", f"temp.{table}", context, parameters)


def _set_guards(context: Context, settings: Settings) -> None:
    """Write temp.customer_guard: the guards in the order of the configuration, namespaces first."""
    named = [
        *((name, each.limit, False) for name, each in settings.identifiers.items() if each.limit),
        *((name, 1, True) for name in settings.guards.one_per_person),
    ]
    fill_table(
        context.con,
        "temp.customer_guard",
        {"place": "integer", "guard": "varchar", "most": "integer", "is_attribute": "boolean"},
        [(place, *each) for place, each in enumerate(named, start=1)],
    )
