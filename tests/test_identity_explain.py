"""What is said about customers and pairs, each on rows that one can see through."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest
from identity_rows import NOON, resolve_rows, settings_for

from c360.config import Settings
from c360.errors import C360Error
from c360.identity.explain_customer import Explanation, explain_customer
from c360.identity.explain_customer_text import customer_text
from c360.identity.explain_figures import customer_figures
from c360.identity.explain_pair import PairExplanation, explain_pair
from c360.identity.explain_pair_text import pair_figures, pair_text
from c360.identity.explain_picture import picture
from c360.identity.explain_reference import find_subject
from c360.step import Context
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

CARD = {"card": {"strength": "anchor"}}
MAIL = {"mail": {"strength": "contact"}}
HASHED = {"mail": {"strength": "contact", "hash": True, "normalise": "email"}}
PHONE = {"phone": {"strength": "contact"}}
DEVICE = {"device": {"strength": "trace"}}
BORN = {"guards": {"one_per_person": ["born"]}, "attributes": ["born"]}


@dataclass(frozen=True)
class Shop:
    """Resolved rows of the source `feed`, to ask about."""

    context: Context

    def customer_of(self, record_id: str) -> str:
        return find_subject(self.context, f"feed:{record_id}", None).customer_id or ""

    def explain(self, reference: str, run: int | None = None) -> Explanation:
        subject = find_subject(self.context, reference, run)
        return explain_customer(self.context, subject, run, most=None)

    def text(self, reference: str, run: int | None = None) -> str:
        return customer_text(self.explain(reference, run), everything=False)

    def pair(self, left: str, right: str) -> PairExplanation:
        subjects = [find_subject(self.context, reference, None) for reference in (left, right)]
        return explain_pair(self.context, subjects[0], subjects[1], None)

    def why(self, left: str, right: str) -> str:
        return pair_text(self.pair(left, right))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    with open_warehouse(tmp_path / "c360.duckdb") as con:

        def resolved(
            identifiers: dict[str, Any], *runs: Sequence[dict[str, Any]], **more: Any
        ) -> Shop:
            settings = settings_for(identifiers, **more)
            for rows in runs:
                resolve_rows(con, tmp_path, settings, rows)
            return Shop(_context(con, settings, tmp_path, len(runs)))

        yield resolved


def _context(con: duckdb.DuckDBPyConnection, settings: Settings, folder: Path, run: int) -> Context:
    return Context(con, settings, Workspace(folder), NOON, run)


ANN = [{"card": "L1", "mail": "ann"}, {"card": "L1"}, {"mail": "ann", "device": "d"}]


def test_a_customer_is_explained_by_its_records_and_how_each_is_joined(shop):
    text = shop(CARD | MAIL | DEVICE, ANN).text("feed:1")

    assert "identified · 3 records · 1 source" in text
    assert "How they are joined to card L1" in text
    assert "2  directly: feed 2" in text
    assert "feed:3 —mail " in text
    assert text.count("feed:1 —card L1") == 1


def test_a_bridge_that_is_no_anchor_is_a_weak_link(shop):
    explanation = shop(CARD | MAIL | DEVICE, ANN).explain("feed:1")

    assert [(s.bridge.value.namespace, s.is_weak, s.bridge.parts) for s in explanation.spans] == [
        ("mail", True, (2, 1)),
        ("card", False, (2, 1)),
    ]


def test_what_was_refused_names_the_guard_and_the_two_customers(shop):
    rows = [{"card": "1", "mail": "a"}, {"card": "2", "mail": "a"}]

    one = shop(CARD | MAIL, rows)

    assert "card: 2 values, at most 1; could not bring together this customer and " in one.text(
        "feed:1"
    )
    assert one.customer_of("2") in one.text("feed:1")


def test_a_record_without_an_identifier_that_stands_for_a_person_says_so(shop):
    one = shop(CARD | MAIL, [{"mail": "null"}, {}])

    assert "no identifier that it carries stands for a person" in one.text("feed:1")
    assert "junk        mail" in one.text("feed:1")
    assert "it carries no identifier" in one.text("feed:2")


def test_records_that_carry_the_same_and_nothing_else_are_told_as_such(shop):
    assert "all carry the same" in shop(CARD, [{"card": "1"}, {"card": "1"}]).text("feed:1")


def test_an_observation_that_is_too_old_to_link_says_so(shop):
    mail = {"mail": {"strength": "contact", "ttl_days": 30}}
    rows = [
        {"card": "1", "mail": "a", "seen_at": datetime(2026, 1, 10)},
        {"mail": "a", "seen_at": datetime(2026, 1, 1)},
        {"mail": "a", "device": "d", "seen_at": datetime(2025, 1, 10)},
    ]

    one = shop(CARD | mail | DEVICE, rows)

    assert "refused     mail" in one.text("feed:3")
    assert "expired: last seen 365 days before the latest" in one.text("feed:3")
    assert "which is refused because expired" in one.why("feed:1", "feed:3")


def test_an_old_id_explains_the_live_customer_and_says_so(shop):
    apart = [{"card": "1"}, {"mail": "a"}]
    one = shop(CARD | MAIL, apart)
    old = {one.customer_of("1"), one.customer_of("2")}

    one = shop(CARD | MAIL, apart, [{"card": "1", "mail": "a"}, {"mail": "a"}])
    new = one.customer_of("1")

    dead = (old - {new}).pop()
    assert f"{dead} is the old id of {new} since run" in one.text(dead)
    assert f"former ids: {dead}" in one.text(new)
    assert f"{dead} was merged into {new}" in one.text(new)
    assert one.text(dead, run=1).startswith(f"Customer {dead}\n")


def test_a_retired_customer_says_when_it_ended_and_how_to_see_it(shop):
    both = [{"card": "1"}, {"card": "2"}]
    retired = shop(CARD, both).customer_of("2")

    one = shop(CARD, both, both[:1])

    with pytest.raises(C360Error, match=r"was retired in run .*--as-of-run"):
        one.explain(retired)


def test_as_of_a_run_the_records_of_that_run_are_shown(shop):
    one = shop(CARD, [{"card": "1"}], [{"card": "1"}, {"card": "1"}])
    customer = one.customer_of("1")

    assert len(one.explain(customer).records) == 2
    then = one.explain(customer, run=1)
    assert [record.name for record in then.records] == ["feed:1"]
    assert "records as of run 1" in customer_text(then, everything=False)


def test_records_that_left_are_remembered(shop):
    one = shop(CARD, [{"card": "1"}, {"card": "1"}], [{"card": "1"}, {"card": "2"}])

    assert "1 record belonged here once: feed:2" in one.text("feed:1")


def test_contact_data_is_never_shown(shop):
    rows = [{"card": "1", "mail": "ann@shop.example"}, {"mail": "ann@shop.example"}]

    for identifiers in (CARD | MAIL, CARD | HASHED):
        one = shop(identifiers, rows)
        explanation = one.explain("feed:1")
        told = [
            customer_text(explanation, everything=True),
            str(customer_figures(explanation)),
            picture(explanation),
            one.why("feed:1", "feed:2"),
            str(pair_figures(one.pair("mail:ann@shop.example", "feed:2"))),
        ]
        assert not [text for text in told if "ann@" in text]


@pytest.mark.parametrize("reference", ["mail: Ann@Shop.example", "mail:ann@shop.example"])
def test_a_hashed_value_is_found_by_what_the_user_writes(shop, reference):
    one = shop(CARD | HASHED, [{"card": "1", "mail": "ann@shop.example"}])

    assert one.explain(reference).customer_id == one.customer_of("1")


@pytest.mark.parametrize("identifiers", [MAIL, HASHED])
def test_a_value_is_found_by_the_beginning_that_is_shown(shop, identifiers):
    one = shop(CARD | identifiers, [{"card": "1", "mail": "ann@shop.example"}])
    shown = next(
        link.value.shown
        for link in one.explain("feed:1").evidence.links
        if link.value.namespace == "mail"
    )

    assert one.explain(f"mail:{shown}").customer_id == one.customer_of("1")


def test_a_match_key_is_found_by_its_parts(shop):
    key = {"person": {"strength": "contact", "all_of": ["name", "born"]}}
    one = shop(key, [{"name": "Zoë Ak", "born": "1990-01-01"}], attributes=["name", "born"])

    assert one.explain("person:zoe ak|1990-01-01").customer_id == one.customer_of("1")


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("cnobody", "there is no customer 'cnobody'"),
        ("feed:9", "feed has no record '9'"),
        ("card:L9", "no record carries this card"),
        ("shop:1", "neither a source (feed) nor a namespace of identifiers (card, mail, device)"),
    ],
)
def test_an_unknown_reference_says_what_there_is(shop, reference, message):
    one = shop(CARD | MAIL | DEVICE, ANN)

    with pytest.raises(C360Error) as error:
        one.explain(reference)

    assert message in str(error.value)


def test_a_beginning_that_means_several_values_is_refused(shop):
    one = shop(CARD, [{"card": "LOYALTY-1"}, {"card": "LOYALTY-2"}])

    with pytest.raises(C360Error, match="may mean several values"):
        one.explain("card:LOYALTY")


def test_a_pair_is_joined_along_the_shortest_evidence(shop):
    why = shop(CARD | MAIL | DEVICE, ANN).why("feed:3", "feed:2")

    assert "feed:3 and feed:2 are one customer" in why
    assert "feed:3 —mail " in why
    assert "— feed:1 —card L1— feed:2" in why
    assert "without one of these they are apart: mail " in why


def test_a_pair_that_shares_a_shared_value_names_the_guard(shop):
    why = shop(CARD | MAIL, [{"card": "1", "mail": "a"}, {"card": "2", "mail": "a"}]).why(
        "feed:1", "feed:2"
    )

    assert "feed:1 and feed:2 are not one customer" in why
    assert "which is shared because card: 2 values, at most 1" in why
    assert "✗ mail " in why
    assert "As one customer they would break guards\n  card: 2 values, at most 1" in why


def test_a_pair_that_shares_only_a_generic_value_says_so(shop):
    rows = [{"card": f"L{n}", "device": "kiosk"} for n in range(10)]

    why = shop(CARD | DEVICE, rows, guards={"generic_after": 5}).why("feed:1", "feed:2")

    assert "they share device kiosk, which is generic because seen with 10 values of card" in why
    assert "Path" not in why


def test_a_pair_that_shares_nothing_says_so(shop):
    why = shop(CARD, [{"card": "1"}, {"card": "2"}]).why("feed:1", "feed:2")

    assert "they share no value, and no chain of values through other records connects them" in why


def test_two_records_that_carry_only_the_same_shared_value_stand_alone(shop):
    rows = [{"card": "1", "mail": "a"}, {"card": "2", "mail": "a"}, {"mail": "a"}, {"mail": "a"}]

    why = shop(CARD | MAIL, rows).why("feed:3", "feed:4")

    assert "feed:3 and feed:4 are not one customer" in why
    assert "which is shared because card: 2 values, at most 1" in why
    assert "Path" not in why


def test_a_path_through_other_customers_that_is_blocked_is_told(shop):
    rows = [
        {"card": "1", "mail": "a"},
        {"card": "2", "mail": "a"},
        {"card": "2", "phone": "p"},
        {"card": "3", "phone": "p"},
    ]

    pair = shop(CARD | MAIL | PHONE, rows).pair("feed:1", "feed:4")

    assert [link.value.namespace for link in pair.blocked] == ["mail", "phone"]
    assert "they share no value themselves" in pair_text(pair)


def test_two_dates_of_birth_are_named_without_being_told(shop):
    rows = [{"mail": "a", "born": "1990-01-01"}, {"mail": "a", "born": "1991-01-01"}]

    why = shop(MAIL, rows, **BORN).why("feed:1", "feed:2")

    assert "born: 2 values, at most 1" in why
    assert "1990" not in why


def test_a_value_may_be_asked_about(shop):
    one = shop(CARD | MAIL, [{"card": "1", "mail": "a"}, {"card": "2", "mail": "a"}])

    assert "the value is shared because card: 2 values" in one.why("mail:a", "feed:1")
    assert "card 1 and feed:1 are one customer" in one.why("card:1", "feed:1")


def test_the_picture_is_well_formed_has_a_title_and_escapes_values(shop):
    rows = [
        {"card": "<L&1>", "mail": "a"},
        {"card": "<L&1>", "device": "d"},
        {"card": "2", "mail": "a"},
    ]

    drawn = picture(shop(CARD | MAIL | DEVICE, rows).explain("feed:1"))

    tree = ET.fromstring(drawn)  # noqa: S314 - our own

    texts = [text for text in tree.itertext() if text.strip()]
    assert tree.find("{http://www.w3.org/2000/svg}title") is not None
    assert "card <L&1>" in texts
    assert any("shared: card: 2 values" in text for text in texts)


def test_the_picture_of_a_large_customer_is_summarised(shop):
    rows = [{"card": "L1", "mail": f"m{n // 2}", "device": f"d{n}"} for n in range(40)]

    drawn = picture(shop(CARD | MAIL | DEVICE, rows).explain("feed:1"))

    assert "+ 17 more mail" in drawn
    assert drawn.count('<rect class="box') < 30


def test_nothing_in_a_record_id_moves_the_cursor(shop):
    rows = [{"id": "a\x1b[2J", "card": "1"}, {"id": "b", "card": "1"}]

    assert "\x1b" not in shop(CARD, rows).text("card:1")
