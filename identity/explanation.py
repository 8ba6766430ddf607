"""`c360 explain`: why records are one customer, and why two are not."""

from pathlib import Path

from c360.errors import C360Error, MissingStepError
from c360.identity.explain_customer import explain_customer
from c360.identity.explain_customer_text import FEW, customer_text
from c360.identity.explain_figures import customer_figures
from c360.identity.explain_pair import explain_pair
from c360.identity.explain_pair_text import pair_figures, pair_text
from c360.identity.explain_reference import Subject, find_subject
from c360.outcome import Outcome
from c360.runs import reading
from c360.step import Context
from c360.warehouse import has_table
from c360.workspace import Workspace


def explain_one(
    workspace: Workspace,
    reference: str,
    *,
    as_of_run: int | None = None,
    svg: Path | None = None,
    everything: bool = False,
) -> Outcome:
    """Explain the customer that a reference leads to.

    Args:
        workspace: Where customers have been resolved.
        reference: A customer id, source:record_id or namespace:value.
        as_of_run: Show the records as that run left them; None: as they are.
        svg: Write the picture of the customer's graph there.
        everything: Name every record, not the first few.

    Raises:
        MissingStepError: nothing has been resolved.
        C360Error: the reference means nothing, several things, or no one customer.
    """
    with reading(workspace) as context:
        _require_resolved(context)
        _require_run(context, as_of_run)
        subject = find_subject(context, reference, as_of_run)
        if subject.customer_id is None:
            raise C360Error(_nobodys(subject))
        explanation = explain_customer(
            context, subject, as_of_run, most=None if everything else FEW
        )
    text = customer_text(explanation, everything=everything)
    figures = customer_figures(explanation)
    if svg is not None:
        from c360.identity.explain_picture import write_picture

        write_picture(explanation, svg)
        text += f"\n\nWrote the picture to {svg}"
        figures["svg"] = str(svg)
    return Outcome(text, figures)


def explain_two(
    workspace: Workspace, left: str, right: str, *, as_of_run: int | None = None
) -> Outcome:
    """Explain why two references lead to one customer, or why they do not.

    Args:
        workspace: Where customers have been resolved.
        left: A customer id, source:record_id or namespace:value.
        right: Likewise.
        as_of_run: Judge the customers as that run left them; None: as they are.

    Raises:
        MissingStepError: nothing has been resolved.
        C360Error: a reference means nothing or several things.
    """
    with reading(workspace) as context:
        _require_resolved(context)
        _require_run(context, as_of_run)
        pair = explain_pair(
            context,
            find_subject(context, left, as_of_run),
            find_subject(context, right, as_of_run),
            as_of_run,
        )
    return Outcome(pair_text(pair), pair_figures(pair))


def _require_resolved(context: Context) -> None:
    if not has_table(context.con, "identity.overridden_guard"):
        missing = "no customers have been resolved, or only by an earlier version of c360"
        raise MissingStepError(missing, "c360 resolve")


def _require_run(context: Context, run: int | None) -> None:
    if run is not None and not 1 <= run <= context.run:
        msg = f"there is no run {run}; ops.run lists the runs from 1 to {context.run}"
        raise C360Error(msg)


def _nobodys(subject: Subject) -> str:
    return (
        f"{subject.note or subject.name}; it is no customer's: `c360 explain pair` says why two"
        " customers that share it are apart"
    )
