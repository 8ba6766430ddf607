"""The graph of a customer as the picture that `c360 explain` draws."""

from starlette.responses import PlainTextResponse, Response

from c360.identity.explain_customer import explain_customer
from c360.identity.explain_picture import picture
from c360.identity.explain_reference import find_subject
from c360.stewardship.page.site import Visit

MOST_RECORDS = 2_000
"""Records of a customer whose graph is drawn while somebody waits; beyond, a command draws it."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""The picture brings its own style, and nothing else."""

_SECONDS_KEPT = 600
"""How long a browser keeps a picture; the run in its address tells the next one apart."""


def show_picture(visit: Visit) -> Response:
    """Answer with the picture of a customer that is alive and not too large to wait for."""
    customer_id = visit.part("customer_id")
    with visit.site.door.reading() as context:
        alive = context.con.execute(
            "select records from identity.customer where customer_id = $customer_id"
            " and to_run is null and redirects_to is null and records <= $most",
            {"customer_id": customer_id, "most": MOST_RECORDS},
        ).fetchall()
        if not alive:
            return PlainTextResponse("There is no picture of this customer.\n", 404)
        subject = find_subject(context, customer_id, None)
        drawn = picture(explain_customer(context, subject, None, most=0))
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": f"private, max-age={_SECONDS_KEPT}",
    }
    return Response(drawn, media_type="image/svg+xml", headers=headers)
