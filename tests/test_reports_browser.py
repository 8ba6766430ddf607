"""The quality report in a real browser: filter, sort, keys, print, a phone, whoever cannot see."""

import re
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from c360.reports.quality_report import write_report
from tests.reports_warehouse import BREAK, STEPS, built_warehouse, check_again

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 800}
NARROW = {"width": 320, "height": 700}
HOSTILE = "<img src=x onerror=alert(1)>"
BROKEN = "segment_customer_gap_count"
ROWS = "#check-table > tbody > tr"

# Ends the wait for what never comes; on a busy machine a page may take more than the usual 5 s.
expect.set_options(timeout=30_000)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of a warehouse that was checked twice, and holds a hostile name."""
    with built_warehouse(tmp_path_factory.mktemp("report")) as context:
        check_again(context, 3)
        last = check_again(
            context,
            4,
            BREAK,
            f"update gold.customer_360 set segment = '{HOSTILE}' where segment = 'new'",
            f"update gold.segment_summary set segment = '{HOSTILE}' where segment = 'new'",
        )
        return write_report(last, STEPS)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, report: Path) -> Iterator[Callable[..., Page]]:
    """Open the report in a browser of its own."""
    contexts = []

    def opened(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        page.goto(report.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def shown(page: Page) -> list[str]:
    return page.eval_on_selector_all(
        ROWS, "all => all.filter(r => !r.hidden).map(r => r.querySelector('code').textContent)"
    )


def test_checks_are_filtered_by_status_family_consumer_and_words(visit):
    page = visit()
    everything = shown(page)

    page.get_by_role("button", name=re.compile("^pass")).click()
    page.get_by_role("button", name=re.compile("^info")).click()
    assert BROKEN in shown(page)
    assert 0 < len(shown(page)) < len(everything)
    expect(page.locator("#found")).to_have_text(f"{len(shown(page))} of {len(everything)} checks")
    page.get_by_role("button", name=re.compile("^pass")).click()
    page.get_by_role("button", name=re.compile("^info")).click()

    page.get_by_label("Family").select_option("freshness")
    assert all(name.endswith("_freshness_lag_hours") for name in shown(page))
    page.get_by_label("Concerns").select_option("website")
    assert shown(page)
    page.get_by_label("Family").select_option("")
    page.get_by_label("Concerns").select_option("")

    page.get_by_label("Find").fill("ORPHAN")
    assert all("orphan_share" in name for name in shown(page))
    page.get_by_label("Find").fill("")
    assert shown(page) == everything


def test_a_column_sorts_up_and_down_by_keys_alone(visit):
    page = visit()
    head = page.locator("#check-table th", has_text="Status")

    head.get_by_role("button").focus()
    page.keyboard.press("Enter")

    expect(head).to_have_attribute("aria-sort", "ascending")
    assert shown(page)[0] == BROKEN
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert BROKEN not in shown(page)[:10]


def test_numbers_sort_as_numbers(visit):
    page = visit()

    page.locator("#check-table th", has_text="Value").get_by_role("button").click()

    values = page.eval_on_selector_all(
        ROWS, "all => all.map(r => parseFloat(r.cells[1].dataset.v))"
    )
    numbers = [value for value in values if value == value]  # noqa: PLR0124 - not a number
    assert numbers == sorted(numbers)


def test_a_check_that_fails_is_open_and_any_other_opens_by_a_key(visit):
    page = visit()
    broken = page.locator(ROWS, has_text=BROKEN)
    sound = page.locator(ROWS, has_text="duplicate_profile_count").first

    expect(broken.locator("p").first).to_be_visible()
    expect(sound.locator("p").first).to_be_hidden()
    sound.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(sound.locator("p").first).to_be_visible()
    page.get_by_role("button", name="Open all").click()
    assert page.locator(f"{ROWS} > th > details:not([open])").count() == 0


@pytest.mark.parametrize("has_script", [True, False])
def test_on_a_phone_what_passes_is_folded_and_what_fails_is_not(visit, has_script):
    page = visit(viewport=PHONE, java_script_enabled=has_script)
    sound = page.locator(ROWS, has_text="duplicate_profile_count").first

    expect(page.locator(ROWS, has_text=BROKEN)).to_be_visible()
    expect(sound).to_be_hidden()
    page.locator("#sound > summary").click()
    expect(sound).to_be_visible()


def test_on_a_phone_whoever_looks_for_a_check_that_passes_finds_it(visit):
    page = visit(viewport=PHONE)

    page.get_by_label("Find").fill("duplicate_profile")

    expect(page.locator(ROWS, has_text="duplicate_profile_count").first).to_be_visible()


@pytest.mark.parametrize("name", ["Lag of each source, table", "Who dropped out where, table"])
def test_on_a_phone_no_column_is_cut_off(visit, name):
    region = visit(viewport=PHONE).get_by_role("region", name=name)

    assert region.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_the_first_key_leads_past_the_head(visit):
    page = visit()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the report")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_nothing_is_asked_for_run_or_complained_about(visit, report):
    page = visit()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))

    page.reload()
    page.wait_for_load_state("networkidle")

    expect(page.locator("#segments").locator("..")).to_contain_text(HOSTILE)
    assert said == []
    assert asked == [report.as_uri()]


def test_on_paper_everything_is_open_and_no_control_is_left(visit):
    page = visit()

    page.emulate_media(media="print")

    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("#tools")).to_be_hidden()
    assert page.locator(ROWS).first.locator("p").first.bounding_box()["height"] > 0


def test_without_javascript_every_check_can_be_read(visit):
    page = visit(java_script_enabled=False)

    expect(page.locator("#tools")).to_be_hidden()
    assert page.locator("thead button").count() == 0
    page.locator(ROWS).first.locator("summary").click()
    expect(page.locator(ROWS).first.locator("p").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_narrowest_phone_never_scrolls_sideways(visit, scheme):
    page = visit(viewport=NARROW, color_scheme=scheme)

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.get_by_role("button", name="Open all").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}[scheme]


NAMELESS = """() => [...document.querySelectorAll(
  "button, input, select, a[href], summary, svg[role=img], i[role=img], [role=region]")]
  .filter(e => !e.closest("[hidden]"))
  .filter(e => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length))
  .map(e => e.outerHTML.slice(0, 90))"""
FAINT = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const own = rgb(getComputedStyle(e).backgroundColor);
      if (own.length === 3 || own[3] === 1) return own;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || e.closest("script, title, desc, .unseen")) continue;
    const style = getComputedStyle(e);
    const ink = rgb(e.closest("svg") ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.add(`${ratio.toFixed(2)} ${e.tagName}.${e.className} ${style.color}`);
  }
  return [...faint];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit, scheme):
    assert visit(color_scheme=scheme).evaluate(FAINT) == []


def test_whoever_hears_the_page_is_told_everything(visit):
    page = visit()

    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate(NAMELESS) == []
    levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(h => +h.tagName[1])")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1
    ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator(".scroll:not([tabindex])").count() == 0
    assert page.locator("table:not(:has(caption)):not(.checks table)").count() == 0
