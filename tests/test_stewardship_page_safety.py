"""What other sites and hostile text cannot do on the review page, and what it never shows."""

import re

import pytest
from stewardship_workspace import (
    ANN,
    BEN,
    HOSTILE,
    LOG,
    decide,
    fields_of,
    item_of,
    items,
    lay_out_copy,
    open_page,
    query,
    signed_in,
    token_file,
)

from c360.stewardship.page.app import MOST_BYTES, make_app
from c360.stewardship.page.guarding import hosts_of
from c360.stewardship.page.serving import HOST
from c360.stewardship.page.site import COOKIE
from c360.workspace import Workspace

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there


@pytest.fixture
def shop(tmp_path):
    return lay_out_copy(tmp_path / "shop")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8360", "", "127.0.0.1@evil.example"]
)
def test_another_host_name_gets_no_answer(shop, host):
    answer = open_page(shop).get("/", headers={"host": host})

    assert answer.status_code == 421
    assert COOKIE not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    ("host", "names", "good", "bad"),
    [
        ("127.0.0.1", (), ["127.0.0.1:8360", "localhost", "[::1]:1"], ["vm.local", "10.0.0.1"]),
        ("10.0.0.1", (), ["10.0.0.1:80"], ["10.0.0.2", "localhost"]),
        (EVERYWHERE, (), ["10.0.0.1:80", "localhost"], ["evil.example"]),
        ("127.0.0.1", ["Review.shop"], ["review.SHOP", "localhost:1"], ["shop"]),
    ],
)
def test_the_page_answers_to_its_own_names(host, names, good, bad):
    hosts = hosts_of(host, names)

    assert [name for name in (*good, *bad) if hosts.has(name)] == good


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_of_another_site_is_refused(shop, headers):
    client, item_id = open_page(shop), item_of(shop)
    fields = fields_of(client, item_id) | {"decision": "merge", "reason": "evil"}

    answer = client.post(f"/items/{item_id}/decide", data=fields, headers=headers)

    assert answer.status_code == 403
    assert query(shop, LOG) == []


@pytest.mark.parametrize("form", ["decide", "assign", "second", "revoke", "plan"])
@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_the_token_of_its_session_does_nothing_and_keeps_what_was_written(
    shop, form, token
):
    client, item_id = open_page(shop), item_of(shop)
    fields = fields_of(client, item_id) | {"token": token, "decision": "merge", "to": "me"}

    answer = client.post(f"/items/{item_id}/{form}", data=fields | {"reason": "my long words"})

    assert answer.status_code == 403
    assert "my long words" in answer.text
    assert query(shop, LOG) == []
    assert {state for (state,) in items(shop, "state")} == {"open"}


def test_a_token_of_another_session_does_not_count(shop, tmp_path):
    app, item_id = make_app(Workspace(shop), host=HOST, tokens=token_file(tmp_path)), item_of(shop)
    ann, ben = signed_in(app, ANN), signed_in(app, BEN)

    answer = decide(ben, item_id, "merge", token=fields_of(ann, item_id)["token"])

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/items/i_none", 404), ("/nowhere", 404), ("/sign-in", 200)]
)
def test_every_answer_carries_the_headers_that_keep_scripts_out(shop, tmp_path, path, status):
    client = signed_in(make_app(Workspace(shop), host=HOST, tokens=token_file(tmp_path)), ANN)

    answer = client.get(path)

    assert answer.status_code == status
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_has_no_script_or_style_of_its_own(shop):
    client = open_page(shop)

    for path in ("/", f"/items/{item_of(shop)}"):
        text = client.get(path).text
        assert not re.search(r"<script(?! src=\"/static/)|<style|style=|\son\w+=\"", text)


def test_a_form_that_is_too_large_is_refused(shop):
    answer = open_page(shop).post("/sign-in", content=b"a" * (MOST_BYTES + 1))

    assert answer.status_code == 413


def test_what_customers_wrote_is_text_and_nothing_else(shop):
    client = open_page(shop)

    for path in ("/", f"/items/{item_of(shop)}"):
        text = client.get(path).text
        assert HOSTILE not in text
        assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_no_page_shows_contact_data_or_a_whole_hash(shop):
    client = open_page(shop)

    for item_id in [*(item_id for (item_id,) in items(shop, "item_id"))]:
        text = client.get(f"/items/{item_id}").text.replace(fields_of(client, item_id)["token"], "")
        assert "shop.example" not in text
        assert not re.search("[0-9a-f]{32}", text)
