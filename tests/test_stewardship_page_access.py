"""Who may use the review page: by which tokens, and for how long."""

import re

import pytest
import shop_workspace
from starlette.testclient import TestClient
from stewardship_workspace import (
    ANN,
    BASE,
    BEN,
    lay_out_copy,
    open_page,
    query_writing,
    signed_in,
    token_file,
)

from c360.errors import C360Error, MissingStepError
from c360.stewardship.page.app import make_app
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
