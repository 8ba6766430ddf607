"""The review page in a real browser: keys, filters, two stewards at once, a phone, hostility."""

import re
import shutil
import threading
import time

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright
from stewardship_workspace import HOSTILE, item_of, items, lay_out_copy, query

from c360.stewardship.page.app import make_app
from c360.stewardship.page.serving import HOST
from c360.workspace import Workspace

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOG = "select kind, reason, decided_by from stewardship.decision order by number"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

# Ends the wait for what never comes; on a busy machine a page may take more than the usual 5 s.
expect.set_options(timeout=30_000)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def shop(tmp_path):
    return lay_out_copy(tmp_path / "shop")


@pytest.fixture
def address(shop):
    """Serve the shop to `ann` on a port of its own."""
    config = uvicorn.Config(
        make_app(Workspace(shop), host=HOST, user="ann"), port=0, log_level="warning"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def visit(chromium, address):
    """Open a path in a browser of its own, as another steward's would be."""
    contexts = []

    def opened(path="/", **options):
        context = chromium.new_context(**{"viewport": DESKTOP} | options)
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_a_filter_shows_its_items_and_stays_on_the_way(visit):
    page = visit()

    page.get_by_role("link", name="anchor conflict 2").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.locator("[data-row]").first.click()
    page.get_by_role("link", name="Next").click()

    expect(page.get_by_role("heading", name="anchor conflict")).to_be_visible()
    expect(page.get_by_role("link", name="Next")).to_have_count(0)
    page.get_by_role("link", name="List").click()
    expect(page).to_have_url(re.compile(r"/\?kind=anchor_conflict$"))


def test_a_steward_works_with_keys_alone(visit, shop):
    (first, _), (second, _), _ = items(shop, "item_id, kind")
    page = visit()

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{first}")
    page.keyboard.press("a")
    expect(page.get_by_label("Keep apart")).to_be_checked()
    expect(page.get_by_label("Reason")).to_be_focused()
    assert query(shop, LOG) == []
    page.keyboard.type("two people, m and a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{second}?after=d_*")

    expect(page.get_by_role("status")).to_contain_text("Recorded: keep apart")
    assert query(shop, LOG) == [("keep_apart", "two people, m and a", "ann")]


def test_keys_lead_to_neighbours_and_back_to_the_list(visit, shop):
    (first, _), (second, _), _ = items(shop, "item_id, kind")
    page = visit(f"/items/{first}")

    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/items/{second}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/items/{first}")
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Give it back")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("u")

    expect(page.get_by_role("heading", name="to decide")).to_be_visible()
    expect(page.get_by_role("link", name="mine 1")).to_be_visible()


def test_no_key_records_anything_without_a_reason(visit, shop):
    page = visit(f"/items/{item_of(shop)}")

    for key in ("m", "Enter", "Escape", "a", "Enter", "Escape", "1", "Enter", "Escape", "d"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")

    expect(page.get_by_label("Defer")).to_be_checked()
    assert page.url.endswith(f"/items/{item_of(shop)}")
    assert query(shop, LOG) == []


def test_the_keys_are_told(visit):
    page = visit()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("choose keep apart")
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_two_stewards_on_one_item_do_not_overwrite_each_other(visit, shop):
    path = f"/items/{item_of(shop)}"
    ann, ben = visit(path), visit(path)

    ann.get_by_label("Merge").check()
    ann.get_by_label("Reason").fill("one person")
    ann.get_by_role("button", name="Record").click()
    expect(ann.get_by_role("status")).to_be_visible()
    ben.get_by_label("Keep apart").check()
    ben.get_by_label("Reason").fill("surely two")
    ben.get_by_role("button", name="Record").click()

    expect(ben.get_by_role("heading", name="changed meanwhile")).to_be_visible()
    expect(ben.locator("main")).to_contain_text("ann said merge")
    expect(ben.locator("main")).to_contain_text("surely two")
    ben.get_by_role("link", name="See it as it is now").click()
    expect(ben.get_by_role("heading", name="Decided: merge")).to_be_visible()
    assert query(shop, LOG) == [("merge", "one person", "ann")]


def test_a_hostile_name_runs_nothing(visit, shop):
    page = visit()
    said, asked = [], []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))

    page.reload()
    expect(page.locator(".queue")).to_contain_text(HOSTILE)
    page.goto(page.url + f"items/{item_of(shop)}")
    page.wait_for_load_state("networkidle")

    expect(page.locator(".sides")).to_contain_text(HOSTILE)
    expect(page.locator(".sides img")).to_have_count(0)
    assert said == []
    assert not [url for url in asked if url.endswith("/x")]


def test_the_pictures_are_drawn(visit, shop):
    page = visit(f"/items/{item_of(shop)}")

    pictures = page.locator(".picture img")
    expect(pictures).to_have_count(2)
    pictures.last.scroll_into_view_if_needed()
    for picture in pictures.all():
        # Not wait_for_function: it evaluates text again and again, which the page's policy forbids.
        expect(picture).to_have_js_property("complete", True)

    assert all(width > 0 for width in pictures.evaluate_all("all => all.map(i => i.naturalWidth)"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_page_fits_its_width(visit, shop, tmp_path, size, scheme):
    paths = ["/", *(f"/items/{item_id}" for (item_id,) in items(shop, "item_id"))]
    page = visit(viewport=size, is_mobile=size is PHONE, color_scheme=scheme)
    origin = page.url.rstrip("/")

    for number, path in enumerate(paths):
        page.goto(origin + path)
        picture = page.screenshot(path=tmp_path / f"{number}.png", full_page=True)

        assert len(picture) > 10_000
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}[scheme]


def test_a_decision_can_be_made_without_javascript(visit, shop):
    page = visit(f"/items/{item_of(shop)}", java_script_enabled=False)

    page.get_by_label("Merge").check()
    page.get_by_label("Reason").fill("one person")
    page.get_by_role("button", name="Record").click()

    expect(page.get_by_role("status")).to_contain_text("Recorded: merge")
    assert query(shop, LOG) == [("merge", "one person", "ann")]
