"""The review page and the warehouse: never held, in turn with others, rehearsed on a copy."""

import re
import socket
import subprocess
import sys
import threading
import time
from functools import partial

import httpx2
import pytest
from stewardship_workspace import (
    ANN,
    LOG,
    break_off,
    fields_of,
    item_of,
    lay_out_copy,
    open_page,
    query,
    rehearse,
    token_file,
)

from c360.errors import C360Error
from c360.stewardship.decision_file import export_decisions
from c360.stewardship.page.door import Door
from c360.stewardship.page.glance import DoorClosedError
from c360.stewardship.page.serving import serve
from c360.workspace import Workspace


@pytest.fixture
def shop(tmp_path):
    return lay_out_copy(tmp_path / "shop")


@pytest.fixture
def busy():
    """Return what lets another program write to the warehouse of a folder until the test ends."""
    programs = []
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"

    def hold(folder):
        program = subprocess.Popen(
            [sys.executable, "-c", script, folder / "c360.duckdb"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        programs.append(program)
        assert program.stdout is not None
        assert program.stdout.readline() == b"1\n"
        return program

    yield hold
    for program in programs:
        leave(program)


def leave(program):
    """Let a program that holds the warehouse end."""
    if program.poll() is None:
        program.communicate(b"\n")


def test_a_warehouse_in_use_is_told_and_what_was_written_is_kept(shop, busy):
    client, item_id = open_page(shop), item_of(shop)
    fields = fields_of(client, item_id) | {"decision": "merge", "reason": "my 'long' <words>"}
    program = busy(shop)

    reading = client.get(f"/items/{item_id}")
    answer = client.post(f"/items/{item_id}/decide?kind=weak_bridge", data=fields)
    leave(program)
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    again = client.post(f"/items/{item_id}/decide", data=fields | {"token": kept["token"]})

    assert (reading.status_code, answer.status_code) == (503, 503)
    assert answer.headers["retry-after"] == "20"
    assert str(shop) not in answer.text
    assert kept["reason"] == "my &#39;long&#39; &lt;words&gt;"
    assert f'action="/items/{item_id}/decide?kind=weak_bridge"' in answer.text
    assert kept["version"] == fields["version"]
    assert again.status_code == 200
    assert [reason for _, reason, _, _ in query(shop, LOG)] == ["my 'long' <words>"]


def test_the_page_does_not_hold_the_warehouse(shop, busy):
    client = open_page(shop)
    client.get("/")

    program = busy(shop)

    assert program.poll() is None


def test_requests_read_together_and_write_alone(shop):
    door = Door(Workspace(shop), export_decisions)
    order = []

    def write():
        with door.writing() as context:
            order.append(f"writing run {context.run}")

    with door.reading() as one, door.reading() as other:
        assert one.con is not other.con
        assert one.con.execute("select 1").fetchall() == other.con.execute("select 1").fetchall()
        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.05)
        order.append("read")
    writer.join()

    assert order == ["read", f"writing run {one.run + 1}"]


def test_a_door_that_could_not_be_opened_opens_later(shop, busy):
    door = Door(Workspace(shop), export_decisions)
    program = busy(shop)

    for way in (door.reading, door.writing):
        with pytest.raises(DoorClosedError, match=r"^c360\.duckdb is in use"), way():
            pass
    leave(program)

    with door.writing() as context:
        assert context.run > 0
    with door.reading() as context:
        assert context.con.execute("select 1").fetchall() == [(1,)]


def rehearsed(client, item_id, decision):
    """Ask for a rehearsal, and return the page once it is over."""
    fields = fields_of(client, item_id, "plan") | {"decision": decision}
    answer = client.post(f"/items/{item_id}/plan", data=fields)
    while 'http-equiv="refresh"' in answer.text:
        time.sleep(0.1)
        answer = client.get(str(answer.url))
    return answer.text


def test_a_rehearsal_is_asked_for_waited_for_and_shown_as_text(shop):
    with open_page(shop, plan=partial(rehearse, shop)) as client:
        item_id = item_of(shop)

        text = rehearsed(client, item_id, "merge")

        assert f"merge of {item_id}, all in plan.csv: merged 1 &lt;b&gt;not bold" in text


def test_a_rehearsal_that_fails_says_why(shop):
    with open_page(shop, plan=partial(rehearse, shop)) as client:
        item_id = item_of(shop)

        assert f"{item_id} cannot be rehearsed" in rehearsed(client, item_id, "keep_apart")


def test_a_rehearsal_that_breaks_off_is_told(shop):
    with open_page(shop, plan=partial(break_off, shop)) as client:
        text = rehearsed(client, item_of(shop), "merge")

        assert "broke off before it was over" in text


def test_looking_at_a_rehearsal_begins_none(shop):
    with open_page(shop, plan=partial(rehearse, shop)) as client:
        answer = client.get(f"/items/{item_of(shop)}/plan?decision=merge")

        assert 'http-equiv="refresh"' not in answer.text
        assert ">Rehearse</button>" in answer.text


def test_without_a_rehearsal_none_is_offered(shop):
    assert "Rehearse" not in open_page(shop).get(f"/items/{item_of(shop)}").text


def test_a_port_that_is_taken_is_said(shop):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(C360Error, match="cannot be had"):
            serve(Workspace(shop), user="ann", port=taken.getsockname()[1])


SERVE = (
    "import sys; from pathlib import Path; from c360.workspace import Workspace;"
    " from c360.stewardship.page.serving import serve;"
    " serve(Workspace(Path(sys.argv[1])), port=0, tokens=Path(sys.argv[2]))"
)


def test_the_page_is_served_and_tells_where_and_no_secret(shop, tmp_path):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, shop, token_file(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    told = server.stderr.readline()
    address = re.findall(r"http://127.0.0.1:\d+/", told)[0]

    with httpx2.Client(base_url=address, follow_redirects=True, timeout=60) as browser:
        answer = browser.post("/sign-in", data={"steward_token": ANN})
        browser.get("/nowhere")
    server.terminate()

    assert ">ann</span>" in answer.text
    assert "server" not in answer.headers
    assert ANN not in told + server.communicate()[1]


@pytest.mark.parametrize("library", ["starlette", "uvicorn", "python_multipart"])
def test_without_its_libraries_the_page_says_how_to_install_them(shop, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(C360Error, match=r"pip install 'c360\[serve\]'"):
        serve(Workspace(shop), user="ann")
