"""What stewards do on the review page: what is recorded, and what is said if it is not."""

import re

import pytest
from stewardship_workspace import (
    ANN,
    BEN,
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

from c360.stewardship.page.app import make_app
from c360.stewardship.page.serving import HOST
from c360.workspace import Workspace


@pytest.fixture
def shop(tmp_path):
    return lay_out_copy(tmp_path / "shop")


@pytest.mark.parametrize(
    ("decision", "kind", "state"),
    [
        ("merge", "merge", "decided"),
        ("keep_apart", "keep_apart", "decided"),
        ("not_shared", "not_shared", "decided"),
        ("not_shared_r", "not_shared", "decided"),
        ("defer", "defer", "held"),
    ],
)
def test_a_decision_is_recorded_with_its_reason_and_who_made_it(shop, decision, kind, state):
    client, item_id = open_page(shop), item_of(shop)

    answer = decide(client, item_id, decision, reason="  because\r\nI know them ")

    assert answer.status_code == 303
    assert query(shop, LOG) == [(kind, "because\nI know them", "ann", False)]
    assert dict(items(shop, "item_id, state"))[item_id] == state


@pytest.mark.parametrize("decision", ["merge", "keep_apart", "defer"])
def test_a_customer_that_hangs_on_one_value_is_confirmed_or_cut(shop, decision):
    client, item_id = open_page(shop), item_of(shop, "weak_bridge")

    decide(client, item_id, decision)

    assert query(shop, "select kind from stewardship.decision") == [(decision,)]


def test_after_a_decision_comes_the_next_item_of_the_same_list(shop):
    (first, _), (second, _), _ = items(shop, "item_id, kind")
    client = open_page(shop)
    fields = fields_of(client, first) | {"decision": "defer", "reason": "later"}

    answer = client.post(f"/items/{first}/decide?kind=anchor_conflict", data=fields)

    assert answer.url.path == f"/items/{second}"
    assert "kind=anchor_conflict" in str(answer.url)
    assert "<strong>Recorded:</strong> defer" in answer.text
    assert f'href="/items/{first}"' in answer.text


def test_after_the_last_decision_comes_the_list(shop):
    client = open_page(shop)
    answers = [decide(client, item_id, "defer") for (item_id,) in items(shop, "item_id")]

    assert answers[-1].headers["location"].startswith("/?after=d_")
    assert "Nothing is left to decide here." in client.get("/").text


def test_every_decision_is_in_the_file_of_decisions_at_once(shop):
    decide(open_page(shop), item_of(shop), "keep_apart", reason="two people")

    written = (shop / "data" / "stewardship" / "decisions.csv").read_text(encoding="utf-8-sig")
    assert "two people" in written


@pytest.mark.parametrize(
    ("decision", "reason", "problem"),
    [
        ("merge", "", "no reason"),
        ("merge", " \n ", "no reason"),
        ("merge", "a" * 2_001, "2,001 characters"),
        ("", "why", "unknown decision"),
        ("delete", "why", "unknown decision"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_kept(shop, decision, reason, problem):
    client, item_id = open_page(shop), item_of(shop)

    answer = decide(client, item_id, decision, reason=reason)

    assert answer.status_code == 422
    assert problem in answer.text
    assert reason.strip() in answer.text
    assert query(shop, LOG) == []


def test_a_merge_that_would_break_a_keep_apart_is_refused(shop):
    client, item_id = open_page(shop), item_of(shop)
    decide(client, item_id, "keep_apart")
    query_writing(shop, "update stewardship.review_item set state = 'open', decision_id = null")
    query_writing(shop, "update stewardship.decision set item_id = null")

    answer = decide(client, item_id, "merge")

    assert answer.status_code == 422
    assert "keep_apart" in answer.text
    assert len(query(shop, LOG)) == 1


def test_who_decides_second_is_told_by_whom_and_what_and_keeps_what_they_wrote(shop, tmp_path):
    app, item_id = make_app(Workspace(shop), host=HOST, tokens=token_file(tmp_path)), item_of(shop)
    ann, ben = signed_in(app, ANN), signed_in(app, BEN)
    seen = fields_of(ben, item_id)
    decide(ann, item_id, "keep_apart", reason="they are sisters")

    answer = ben.post(
        f"/items/{item_id}/decide", data=seen | {"decision": "merge", "reason": "same birthday"}
    )

    assert answer.status_code == 409
    assert "<strong>ann</strong> said <strong>keep apart</strong>" in answer.text
    assert "they are sisters" in answer.text
    assert "same birthday" in answer.text
    assert query(shop, LOG) == [("keep_apart", "they are sisters", "ann", False)]


def test_who_decides_on_an_item_that_somebody_took_is_told(shop, tmp_path):
    app, item_id = make_app(Workspace(shop), host=HOST, tokens=token_file(tmp_path)), item_of(shop)
    ann, ben = signed_in(app, ANN), signed_in(app, BEN)
    seen = fields_of(ben, item_id)
    ann.post(f"/items/{item_id}/assign", data=fields_of(ann, item_id, "assign"))

    answer = ben.post(f"/items/{item_id}/decide", data=seen | {"decision": "merge", "reason": "x"})

    assert answer.status_code == 409
    assert "<strong>ann</strong> works on it now" in answer.text


def test_who_decides_on_what_a_run_has_changed_is_told(shop):
    client, item_id = open_page(shop), item_of(shop)
    seen = fields_of(client, item_id)
    query_writing(shop, "update stewardship.review_item set changed_run = 9, last_run = 9")

    answer = client.post(
        f"/items/{item_id}/decide", data=seen | {"decision": "merge", "reason": "x"}
    )

    assert answer.status_code == 409
    assert "Run 9 found something new" in answer.text
    assert query(shop, LOG) == []


@pytest.mark.parametrize("version", ["", "0", "1.1.held.."])
def test_a_version_that_nobody_was_shown_counts_as_changed(shop, version):
    client, item_id = open_page(shop), item_of(shop)

    assert decide(client, item_id, "merge", version=version).status_code == 409


def test_a_steward_takes_an_item_and_gives_it_back(shop):
    client, item_id = open_page(shop), item_of(shop)

    client.post(f"/items/{item_id}/assign", data=fields_of(client, item_id, "assign"))
    taken = items(shop, "item_id, state, assignee")
    mine = client.get("/?whose=mine").text
    client.post(f"/items/{item_id}/assign", data=fields_of(client, item_id, "assign"))

    assert (item_id, "assigned", "ann") in taken
    assert mine.count("data-row") == 1
    assert (item_id, "open", None) in items(shop, "item_id, state, assignee")


def test_a_dear_decision_counts_once_somebody_else_confirms_it(tmp_path):
    shop = lay_out_copy(tmp_path / "shop", stewardship={"two_person_above": 1000})
    app, item_id = make_app(Workspace(shop), host=HOST, tokens=token_file(tmp_path)), item_of(shop)
    ann, ben = signed_in(app, ANN), signed_in(app, BEN)
    decide(ann, item_id, "merge")
    in_force = "select count(*) from stewardship.decision_in_force"
    assert query(shop, in_force) == [(0,)]

    own = ann.get(f"/items/{item_id}").text
    fields = fields_of(ben, item_id, "second")
    theirs = ann.post(
        f"/items/{item_id}/second",
        data=fields | {"token": fields_of(ann, item_id, "revoke")["token"], "reason": "me again"},
    )
    before = query(shop, in_force)
    answer = ben.post(f"/items/{item_id}/second", data=fields | {"reason": "I agree"})

    assert "You decided it yourself" in own
    assert f"/items/{item_id}/second" not in own
    assert theirs.status_code == 422
    assert before == [(0,)]
    assert answer.status_code == 200
    assert query(shop, in_force) == [(1,)]
    assert dict(items(shop, "item_id, state"))[item_id] == "decided"


def test_a_decision_is_revoked_with_a_reason_and_the_item_is_open_again(shop):
    client, item_id = open_page(shop), item_of(shop)
    decide(client, item_id, "keep_apart")
    fields = fields_of(client, item_id, "revoke")

    refused = client.post(f"/items/{item_id}/revoke", data=fields | {"reason": " "})
    answer = client.post(f"/items/{item_id}/revoke", data=fields | {"reason": "wrong file"})

    assert refused.status_code == 422
    assert [kind for kind, *_ in query(shop, LOG)] == ["keep_apart", "revoke"]
    assert "<strong>Recorded:</strong> revoke" in answer.text
    assert dict(items(shop, "item_id, state"))[item_id] == "open"


def test_of_two_decisions_that_contradict_one_is_revoked(shop):
    client, item_id = open_page(shop), item_of(shop)
    decide(client, item_id, "keep_apart", reason="two people")
    decision_id = query(shop, "select decision_id from stewardship.decision")[0][0]
    query_writing(
        shop,
        "update stewardship.review_item set kind = 'decision_conflict',"
        f" evidence = 'keep_apart {decision_id} forbids it' where kind = 'weak_bridge'",
    )
    conflict = item_of(shop, "decision_conflict")

    text = client.get(f"/items/{conflict}").text
    fields = fields_of(client, conflict, "revoke")
    client.post(f"/items/{conflict}/revoke", data=fields | {"reason": "the other is right"})

    assert re.findall('name="decision" value="([a-z_]+)"', text) == ["defer"]
    assert "two people" in text
    assert fields["decision_id"] == decision_id
    assert query(shop, "select count(*) from stewardship.decision_in_force") == [(0,)]
