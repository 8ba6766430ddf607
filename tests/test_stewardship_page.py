"""What the review page shows over HTTP: the list, an item, its pictures."""

import re

import pytest
from stewardship_workspace import item_of, items, lay_out_copy, open_page, query_writing


@pytest.fixture
def shop(tmp_path):
    return lay_out_copy(tmp_path / "shop")


def test_the_list_shows_what_is_to_do_and_counts_it(shop):
    text = open_page(shop).get("/").text

    shown = re.findall(r'class="row" href="/items/(\w+)"', text)
    assert shown == [item_id for (item_id,) in items(shop, "item_id")]
    assert 'aria-current="true">to do <b>3</b>' in text
    assert ">anchor conflict <b>2</b>" in text
    assert ">weak bridge <b>1</b>" in text


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("kind=weak_bridge", ["weak bridge"]),
        ("state=decided", []),
        ("state=all", ["anchor conflict", "anchor conflict", "weak bridge"]),
        ("whose=mine", []),
        ("whose=nobody&kind=anchor_conflict", ["anchor conflict", "anchor conflict"]),
        ("kind=<script>&state=no&whose=x&page=-1", ["anchor conflict"] * 2 + ["weak bridge"]),
    ],
)
def test_the_list_shows_what_is_asked_for(shop, asked, kinds):
    answer = open_page(shop).get(f"/?{asked}")

    assert re.findall(r"data-row>([^<]+)</a>", answer.text) == kinds
    assert "<script>" not in answer.text


def test_a_long_list_has_pages(shop):
    query_writing(
        shop,
        "insert into stewardship.review_item select * exclude (n) replace (item_id || n as item_id)"
        " from stewardship.review_item, range(40) as made(n)",
    )
    client = open_page(shop)

    pages = [client.get(f"/?page={number}").text for number in (1, 2, 3, 4, 5, 9)]

    assert [page.count("data-row") for page in pages] == [25, 25, 25, 25, 23, 23]
    assert "Page 2 of 5" in pages[1]
    shown = [each for page in pages[:5] for each in re.findall(r'href="/items/(\w+)"', page)]
    assert len(set(shown)) == 123


def test_the_item_leads_to_its_neighbours_in_the_list_it_was_opened_from(shop):
    (first, _), (second, _), (third, _) = items(shop, "item_id, kind")
    client = open_page(shop)

    text = client.get(f"/items/{second}").text
    filtered = client.get(f"/items/{second}?kind=anchor_conflict").text

    assert f'rel="prev" href="/items/{first}"' in text
    assert f'rel="next" href="/items/{third}"' in text
    assert f'rel="prev" href="/items/{first}?kind=anchor_conflict"' in filtered
    assert 'rel="next"' not in filtered


def test_an_item_that_is_not_there_is_said(shop):
    answer = open_page(shop).get("/items/i_%3Cb%3E")

    assert answer.status_code == 404
    assert "i_&lt;b&gt;" in answer.text


def test_the_page_draws_the_graph_of_each_customer(shop):
    client, item_id = open_page(shop), item_of(shop)
    pictures = re.findall(r'<img src="([^"]+)"', client.get(f"/items/{item_id}").text)

    answers = [client.get(path) for path in pictures]

    assert len(answers) == 2
    assert all(answer.text.startswith("<svg") for answer in answers)
    policy = answers[0].headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert client.get("/customers/cnone/picture.svg").status_code == 404


def test_a_doubt_that_is_gone_is_not_decided(shop):
    query_writing(shop, "update stewardship.review_item set state = 'obsolete'")

    text = open_page(shop).get(f"/items/{item_of(shop)}").text

    assert "The cause of this doubt is gone" in text
    assert 'name="decision"' not in text
