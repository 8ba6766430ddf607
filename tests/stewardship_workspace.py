"""A shop with doubts: its feeds, the queue that they make, and the tables of its decisions."""

import atexit
import json
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import httpx2
import shop_workspace
from shop_workspace import CRM, ORDERS, VISITS, query
from sources_shop import write
from starlette.applications import Starlette
from starlette.testclient import TestClient

from c360.errors import C360Error
from c360.stewardship.page.app import make_app
from c360.stewardship.page.serving import HOST
from c360.workspace import Workspace

BASE = "http://127.0.0.1:8360"
ANN, BEN = "ann-token-0123456789", "ben-token-0123456789"
"""Tokens of two stewards."""

LOG = "select kind, reason, decided_by, needs_second from stewardship.decision order by number"
NAMED = CRM | {
    "identifiers": {"card": "card", "member": "member", "email": "email"},
    "attributes": {"name": "name", "born": "born"},
}
SECTIONS: dict[str, Any] = {
    "identifiers": {
        "card": {"strength": "anchor"},
        "member": {"strength": "anchor", "per_person": 5},
        "email": {"strength": "contact", "normalise": "email", "hash": True},
        "device": {"strength": "trace"},
    },
    "sources": {"crm": NAMED, "orders": ORDERS, "visits": VISITS},
    "guards": {"one_per_person": ["born"], "generic_after": 5},
}
HOSTILE = "<img src=x onerror=alert(1)>"
"""The name that Eve gave."""

FEEDS = {
    "crm.csv": f"""
        contact_id,card,member,email,name,born,updated_at
        C1,K1,,ann@shop.example,Ann Ash,1980-01-01,2026-01-01
        C2,K2,,bob@shop.example,Bob Birch,1979-05-05,2026-01-01
        C3,K3,,ann@shop.example,Anne Ash,1980-01-01,2026-01-02
        C4,K4,,dan@shop.example,Dan Dill,1990-02-02,2026-01-02
        C5,K5,,dan@shop.example,{HOSTILE},1991-03-03,2026-01-03
        C6,,M6,flo@shop.example,Flo Fern,,2026-01-03
        C7,,M7,flo@shop.example,Florian Fern,,2026-01-04
        """,
    "orders.csv": """
        order_id,card,email,ordered_at,amount
        O1,K1,,2026-01-02,10.00
        O2,K2,,2026-01-02,20.00
        O3,K3,,2026-01-02,900.00
        O4,K4,,2026-01-02,9000.00
        O5,,flo@shop.example,2026-01-05,70.00
        """,
    "visits.csv": """
        visit_id,email,device,seen_at
        V1,bob@shop.example,tablet,2026-01-03
        V2,,tablet,2026-01-04
        """,
}
"""Ann (C1) and Anne (C3) share an e-mail, and so do Dan (C4) and one who is up to no good (C5).

Flo (C6) and Florian (C7) are one customer by nothing but their e-mail.
"""


def lay_out(folder: Path, **sections: Any) -> Path:
    """Lay out the shop, resolve it with its queue, and build the marts that price it."""
    shop_workspace.configure(folder, **SECTIONS | sections)
    for name, text in FEEDS.items():
        write(folder, name, text)
    shop_workspace.resolve(folder)
    built = shop_workspace.c360("build", folder)
    assert built.exit_code == 0, built
    return folder


def lay_out_copy(folder: Path, **sections: Any) -> Path:
    """Lay out the shop as a copy of one that was laid out before."""
    return Path(shutil.copytree(_laid_out(json.dumps(sections)), folder))


@cache
def _laid_out(sections: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="c360_review_page_"))
    atexit.register(shutil.rmtree, folder)
    return lay_out(folder / "shop", **json.loads(sections))


def rehearse(folder: Path, item_id: str, decision: str) -> str:
    """Stand for the rehearsal that the command line gives the page."""
    if decision == "keep_apart":
        msg = f"{item_id} cannot be rehearsed"
        raise C360Error(msg)
    return f"{decision} of {item_id}, all in {folder}/plan.csv: merged 1 <b>not bold</b>"


def break_off(folder: Path, item_id: str, decision: str) -> str:
    """Stand for a rehearsal that the operating system ends, as when memory runs out."""
    os._exit(9)


def items(folder: Path, columns: str = "kind, state") -> list[tuple[Any, ...]]:
    """Return columns of the review items, the most valuable first."""
    return query(
        folder,
        f"select {columns} from stewardship.review_item join stewardship.review_impact"
        " using (item_id) order by priority desc, item_id",
    )


def query_writing(folder: Path, sql: str) -> None:
    """Change the published warehouse behind everybody's back."""
    with duckdb.connect(str(folder / "c360.duckdb")) as con:
        con.execute(sql)


def open_page(folder: Path, **options: Any) -> TestClient:
    """Return a browser of `ann`, for whom no token is asked unless `tokens` says so."""
    given: dict[str, Any] = {"host": HOST} | options
    if "tokens" not in given:
        given = {"user": "ann"} | given
    return TestClient(make_app(Workspace(folder), **given), base_url=BASE)


def token_file(folder: Path, text: str = f"ann {ANN}\nben {BEN}\n", mode: int = 0o600) -> Path:
    """Write a file of stewards and their tokens."""
    path = folder / "tokens"
    path.write_text(text)
    path.chmod(mode)
    return path


def signed_in(app: Starlette, token: str) -> TestClient:
    """Return the browser of whoever has the token."""
    client = TestClient(app, base_url=BASE)
    answer = client.post("/sign-in", data={"steward_token": token})
    assert answer.status_code == 200, answer.text
    return client


def item_of(folder: Path, kind: str = "anchor_conflict") -> str:
    """Return the id of the most valuable item of a kind."""
    return next(item_id for each, item_id in items(folder, "kind, item_id") if each == kind)


def fields_of(client: TestClient, item_id: str, form: str = "decide") -> dict[str, str]:
    """Return the hidden fields of a form on the page of an item."""
    text = client.get(f"/items/{item_id}").text
    found = re.search(rf'<form[^>]*action="/items/{item_id}/{form}[^"]*".*?</form>', text, re.S)
    assert found is not None, text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0]))


def decide(
    client: TestClient,
    item_id: str,
    decision: str,
    reason: str = "seen the papers",
    **fields: str,
) -> httpx2.Response:
    """Open an item, fill in its form and send it; stay at the answer."""
    filled = fields_of(client, item_id) | {"decision": decision, "reason": reason} | fields
    return client.post(f"/items/{item_id}/decide", data=filled, follow_redirects=False)
