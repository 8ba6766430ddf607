"""Who may use the review page, and what other sites and other people cannot do."""

import re

import pytest
import shop_workspace
from starlette.testclient import TestClient
from stewardship_workspace import (
    ANN,
    BASE,
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
    query_writing,
    signed_in,
    token_file,
)

from c360.errors import C360Error, MissingStepError
from c360.stewardship.page.app import MOST_BYTES, make_app
from c360.stewardship.page.guarding import hosts_of
from c360.stewardship.page.serving import HOST
from c360.stewardship.page.sessions import HOURS, Sessions
from c360.stewardship.page.site import COOKIE, own_path
from c360.stewardship.page.tokens import name_of, read_tokens
from c360.workspace import Workspace

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there


@pytest.fixture
def shop(tmp_path):
    return lay_out_copy(tmp_path / "shop")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "either --user NAME, or --tokens FILE"),
        ({"user": " "}, "--user is blank"),
        ({"user": "ann", "host": EVERYWHERE}, "0.0.0.0 can be reached from other machines"),
        ({"user": "ann", "host": "shop.example"}, "give --tokens FILE instead"),
        ({"user": "ann", "names": ["review.shop.example"]}, "review.shop.example can be reached"),
        ({"user": "ann", "names": ["https://shop"]}, "is no host name"),
    ],
)
def test_a_page_that_others_can_reach_demands_tokens(shop, options, problem):
    with pytest.raises(C360Error, match=problem):
        make_app(Workspace(shop), **{"host": HOST} | options)


def test_user_and_tokens_do_not_go_together(shop, tmp_path):
    with pytest.raises(C360Error, match="either --user"):
        make_app(Workspace(shop), host=HOST, user="ann", tokens=token_file(tmp_path))


def test_the_page_needs_a_warehouse(tmp_path):
    shop_workspace.lay_out(tmp_path)

    with pytest.raises(C360Error, match="run `c360 resolve` first"):
        make_app(Workspace(tmp_path), host=HOST, user="ann")


def test_a_queue_that_was_never_made_is_told(shop):
    query_writing(shop, "drop table stewardship.review_item")

    with pytest.raises(MissingStepError, match="the review queue has not been made"):
        make_app(Workspace(shop), host=HOST, user="ann")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it names nobody"),
        ("# only a comment\n\n", "it names nobody"),
        ("ann\n", "line 1: it has 1 words; write `name token`"),
        ("ann short\n", "line 1: the token of ann has 5 characters, at least 20"),
        (f"ann {ANN}\nann {BEN}\n", "line 2: ann has a token already"),
        (f"ann {ANN}\nben {ANN}\n", "line 2: the token of ben is somebody else's too"),
        (f"a<b {ANN}\n", "line 1: the name may have letters"),
    ],
)
def test_a_wrong_token_file_is_refused_by_line_and_without_its_tokens(tmp_path, text, problem):
    with pytest.raises(C360Error, match=problem) as caught:
        read_tokens(token_file(tmp_path, text))

    assert ANN not in str(caught.value)
    assert BEN not in str(caught.value)


def test_a_token_file_that_others_may_read_is_refused(tmp_path):
    with pytest.raises(C360Error, match="mode 0640: others may read it"):
        read_tokens(token_file(tmp_path, mode=0o640))


def test_a_token_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(C360Error, match="cannot be read"):
        read_tokens(tmp_path / "nothing")


def test_a_token_names_its_steward_and_nobody_else(tmp_path):
    tokens = read_tokens(token_file(tmp_path, f"# stewards\n\nann {ANN}\nben {BEN}\n"))

    assert [name_of(tokens, each) for each in (ANN, BEN, "", f"{ANN}x")] == [
        "ann",
        "ben",
        None,
        None,
    ]
    assert ANN not in str(tokens)


@pytest.mark.parametrize("path", ["/", "/items/i_1", "/items/i_1/plan", "/customers/c/picture.svg"])
def test_nobody_sees_a_page_before_signing_in(shop, tmp_path, path):
    client = open_page(shop, tokens=token_file(tmp_path))

    answer = client.get(path, follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?then=%2F")


def test_a_steward_signs_in_with_a_token_and_goes_where_they_wanted(shop, tmp_path):
    client = open_page(shop, tokens=token_file(tmp_path))

    answer = client.post(
        "/sign-in?then=/?kind=weak_bridge", data={"steward_token": ANN}, follow_redirects=False
    )

    assert answer.headers["location"] == "/?kind=weak_bridge"
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Max-Age=43200"))
    assert ANN not in cookie
    assert ">ann</span>" in client.get("/").text


def test_a_wrong_token_signs_nobody_in(shop, tmp_path):
    client = open_page(shop, tokens=token_file(tmp_path))

    answer = client.post("/sign-in", data={"steward_token": "a guess"})

    assert answer.status_code == 403
    assert "token.</strong> Check it" in answer.text
    assert COOKIE not in client.cookies


def test_who_signs_out_is_out_even_with_the_old_cookie(shop, tmp_path):
    app = make_app(Workspace(shop), host=HOST, tokens=token_file(tmp_path))
    client = signed_in(app, ANN)
    old = client.cookies[COOKIE]
    token = re.findall(r'action="/sign-out"><input[^>]*value="(\w+)"', client.get("/").text)[0]

    client.post("/sign-out", data={"token": token})

    thief = TestClient(app, base_url=BASE, cookies={COOKIE: old})
    assert thief.get("/", follow_redirects=False).status_code == 303


def test_a_session_ends_after_a_working_day():
    now = [1_000_000.0]
    sessions = Sessions(lambda: now[0])
    cookie = sessions.seal(sessions.begin("ann"))

    assert sessions.open(cookie) is not None
    now[0] += HOURS * 3600
    assert sessions.open(cookie) is None


def test_a_cookie_of_another_server_or_a_changed_one_is_worth_nothing():
    sessions = Sessions()
    cookie = sessions.seal(sessions.begin("ann"))
    text, _, mac = cookie.partition(".")

    for forged in ("", "x", ".", f"{text}.", f"{text[:-4]}AAAA.{mac}", f"{cookie}0", "é.é"):
        assert sessions.open(forged) is None
    assert Sessions().open(cookie) is None


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb"]
)
def test_signing_in_leads_to_no_other_site(path):
    assert own_path(path) == "/"


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
