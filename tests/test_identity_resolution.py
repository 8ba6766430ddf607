"""The identity rules, each as a table of rows and the customers they make."""

from hashlib import sha256

import pytest

CARD = {"card": {"strength": "anchor"}}
MAIL = {"mail": {"strength": "contact"}}
DEVICE = {"device": {"strength": "trace"}}
VISIT = {"visit": {"strength": "trace", "visit": True}}


def groups(*customers: str) -> set[frozenset[str]]:
    """Write customers as strings of record ids: groups("1 2", "3")."""
    return {frozenset(customer.split()) for customer in customers}


def test_records_that_share_a_card_are_one_customer(given):
    resolved = given(CARD, [{"card": "L1"}, {"card": "L1"}, {"card": "L2"}])

    assert resolved.customers() == groups("1 2", "3")


def test_a_contact_joins_what_the_guards_allow(given):
    rows = [{"card": "L1", "mail": "a"}, {"mail": "a"}, {"mail": "b"}]

    assert given(CARD | MAIL, rows).customers() == groups("1 2", "3")


def test_hard_key_example(given):
    rows = [
        {"id": "1", "card": "1", "mail": "a"},
        {"id": "2", "card": "2", "mail": "a"},
        {"id": "3", "card": "3", "mail": "b"},
        {"id": "3b", "card": "3", "mail": "b"},
        {"id": "none", "mail": "c"},
        {"id": "none2", "mail": "c"},
    ]

    resolved = given(CARD | MAIL, rows)

    assert resolved.customers() == groups("1", "2", "3 3b", "none none2")


def test_a_record_with_only_a_shared_value_is_a_customer_of_its_own(given):
    rows = [{"card": "1", "mail": "a"}, {"card": "2", "mail": "a"}, {"mail": "a"}, {"mail": "a"}]

    resolved = given(CARD | MAIL, rows)

    assert resolved.customers() == groups("1", "2", "3", "4")
    assert resolved.status()["mail", "a"] == "shared"
    assert resolved.reason("mail", "a") == "card: 2 values, at most 1"


def test_a_shared_value_names_the_two_customers_it_could_not_bring_together(given):
    rows = [{"card": "1", "mail": "a"}, {"card": "2", "mail": "a"}]

    resolved = given(CARD | MAIL, rows)

    pair = resolved.con.execute(
        "select customer_l, customer_r from identity.identifier where namespace = 'mail'"
    ).fetchall()[0]
    assert set(pair) == set(resolved.customer_of().values())


def test_a_person_may_hold_as_many_values_as_per_person_says(given):
    contact = {"contact": {"strength": "anchor", "per_person": 2}}
    two = [{"contact": "c1", "mail": "a"}, {"contact": "c2", "mail": "a"}]
    three = [*two, {"contact": "c3", "mail": "a"}]

    assert given(contact | MAIL, two).customers() == groups("1 2")
    assert given(contact | MAIL, three).customers() == groups("1", "2", "3")


def test_two_dates_of_birth_are_two_people(given):
    rows = [{"mail": "a", "born": "1990-01-01"}, {"mail": "a", "born": "1991-01-01"}, {"mail": "a"}]

    resolved = given(MAIL, rows, guards={"one_per_person": ["born"]}, attributes=["born"])

    assert resolved.customers() == groups("1", "2", "3")
    assert resolved.reason("mail", "a") == "born: 2 values, at most 1"


def test_the_stronger_namespace_is_asked_first(given):
    rows = [
        {"card": "1", "mail": "a", "device": "d"},
        {"mail": "a", "device": "d"},
        {"card": "2", "device": "d"},
    ]

    resolved = given(CARD | MAIL | DEVICE, rows)

    assert resolved.customers() == groups("1 2", "3")
    assert resolved.status()["device", "d"] == "shared"


def test_a_trace_attaches_anonymous_records_to_one_customer(given):
    rows = [{"card": "1", "device": "d"}, {"device": "d"}, {"device": "d", "visit": "v"}]

    assert given(CARD | DEVICE | VISIT, rows).customers() == groups("1 2 3")


def test_a_tablet_that_two_people_share_attributes_nobody(given):
    rows = [
        {"mail": "ann", "device": "tablet", "visit": "v1"},
        {"mail": "bob", "device": "tablet", "visit": "v2"},
        {"device": "tablet", "visit": "v3"},
        {"device": "tablet", "visit": "v3"},
    ]

    resolved = given(MAIL | DEVICE | VISIT, rows)

    assert resolved.customers() == groups("1", "2", "3 4")
    assert resolved.reason("device", "tablet") == "two identified customers"


def test_what_happens_in_a_visit_with_a_login_belongs_to_the_one_who_logged_in(given):
    rows = [
        {"card": "1", "device": "tablet", "visit": "v1"},
        {"card": "2", "device": "tablet", "visit": "v2"},
        {"device": "tablet", "visit": "v2"},
    ]

    assert given(CARD | DEVICE | VISIT, rows).customers() == groups("1", "2 3")


def test_forty_visits_to_a_kiosk_are_forty_visitors(given):
    logins = [{"card": f"L{n}", "device": "kiosk"} for n in range(10)]
    visits = [{"device": "kiosk", "visit": f"v{n}"} for n in range(40)]

    resolved = given(CARD | DEVICE | VISIT, logins + visits, guards={"generic_after": 5})

    assert len(resolved.customers()) == 50
    assert resolved.status()["device", "kiosk"] == "generic"
    assert resolved.reason("device", "kiosk") == "seen with 10 values of card, at most 5"


def test_visits_do_not_make_a_value_generic(given):
    rows = [{"mail": "a", "visit": f"v{n}"} for n in range(20)]

    resolved = given(MAIL | VISIT, rows, guards={"generic_after": 5})

    assert len(resolved.customers()) == 1


@pytest.mark.parametrize(
    "value",
    [
        "null",
        "N/A",
        "0000000000",
        "none@none.com",
        sha256(b"null").hexdigest(),
        sha256(b"").hexdigest(),
    ],
)
def test_junk_joins_nobody(given, value):
    resolved = given(MAIL, [{"mail": value}, {"mail": value}])

    assert resolved.customers() == groups("1", "2")
    assert set(resolved.status().values()) == {"junk"}


def test_blocked_patterns_are_junk(given):
    rows = [{"mail": "noreply@shop"}, {"mail": "noreply@shop"}]

    assert given(MAIL, rows, guards={"block": ["^noreply@"]}).customers() == groups("1", "2")


def test_blanks_join_nobody(given):
    assert given(MAIL, [{"mail": " "}, {"mail": ""}, {}]).customers() == groups("1", "2", "3")


def test_a_match_key_joins_where_all_its_parts_are_there_and_equal(given):
    key = {"name_and_birth": {"strength": "contact", "all_of": ["name", "born"]}}
    rows = [
        {"card": "1", "name": "Zoë  Ak", "born": "1990-01-01"},
        {"name": "zoe ak ", "born": "1990-01-01"},
        {"name": "zoe ak"},
        {"name": "zoe ak", "born": "1990-01-02"},
    ]

    assert given(CARD | key, rows, attributes=["name", "born"]).customers() == groups(
        "1 2", "3", "4"
    )


@pytest.mark.parametrize(
    ("normalise", "left", "right"),
    [
        ({"normalise": "email"}, " A@Shop.Example ", "a@shop.example"),
        ({"normalise": "lower"}, "ABC", "abc"),
        ({"normalise": "digits"}, "12-34", "1234"),
        ({"normalise": "phone", "region": "US"}, "(415) 555-2671", "+1 415 555 2671"),
        ({"normalise": "phone", "region": "DE"}, "030 123456", "0049 30 123456"),
    ],
)
def test_values_are_normalised_before_they_are_compared(given, normalise, left, right):
    identifiers = {"contact": {"strength": "contact"} | normalise}

    assert given(identifiers, [{"contact": left}, {"contact": right}]).customers() == groups("1 2")


def test_hashed_values_never_leave_bronze(given):
    identifiers = {"mail": {"strength": "contact", "hash": True, "normalise": "email"}}

    resolved = given(identifiers, [{"mail": "Ann@Shop.Example"}, {"mail": "ann@shop.example"}])

    assert resolved.customers() == groups("1 2")
    tables = resolved.con.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_schema = 'identity'"
    ).fetchall()
    for (table,) in tables:
        assert "shop.example" not in str(resolved.con.execute(f"from {table}").fetchall()).lower()


def test_a_value_that_would_bring_two_cards_together_stays_apart_and_says_so(given):
    rows = [
        {"card": "1", "mail": "a"},
        {"mail": "a", "phone": "p"},
        {"card": "2", "phone": "p"},
        {"mail": "a", "phone": "q"},
        {"card": "3", "phone": "q"},
    ]
    identifiers = CARD | {"mail": {"strength": "contact"}, "phone": {"strength": "contact"}}

    resolved = given(identifiers, rows)

    assert resolved.customers() == groups("1 2 4", "3", "5")
    assert resolved.status()["phone", "p"] == "shared"


def test_within_one_tier_the_later_value_wins_and_the_other_is_refused(given):
    rows = [
        {"card": "1", "mail": "a"},
        {"card": "2", "mail": "b"},
        {"mail": "a", "key": "k"},
        {"mail": "b", "key": "k"},  # the last record, so b was seen later than a
    ]
    identifiers = CARD | {"key": {"strength": "contact"}} | MAIL

    resolved = given(identifiers, rows)

    assert resolved.customers() == groups("1", "2 3 4")
    assert resolved.status()["mail", "a"] == "refused"
    assert resolved.reason("mail", "a") == "card: 2 values, at most 1"


def test_customer_ids_come_from_the_strongest_earliest_identifier(given):
    first = given(CARD | MAIL, [{"card": "1", "mail": "a"}, {"mail": "a"}]).customer_of()
    second = given(CARD | MAIL, [{"card": "1", "mail": "b"}]).customer_of()

    assert first["1"] == first["2"] == second["1"]


def test_resolved_by_names_the_strongest_namespace_that_links_the_record(given):
    rows = [{"card": "1", "mail": "a"}, {"mail": "a"}, {"mail": "null"}]

    resolved = given(CARD | MAIL, rows)

    found = resolved.con.execute("select record_id, resolved_by from identity.member").fetchall()
    assert dict(found) == {"1": "card", "2": "mail", "3": "none"}


def test_a_customer_with_an_anchor_or_a_contact_is_identified(given):
    rows = [{"card": "1"}, {"mail": "a"}, {"device": "d"}]

    resolved = given(CARD | MAIL | DEVICE, rows)

    assert resolved.con.execute(
        "select record_id, is_identified from identity.member"
        " join identity.customer using (customer_id) order by record_id"
    ).fetchall() == [("1", True), ("2", True), ("3", False)]


def test_a_record_of_a_source_that_masters_people_is_identified_whatever_it_carries(given):
    resolved = given(MAIL, [{"mail": "null"}], entity="customers")

    assert resolved.con.execute("select is_identified from identity.customer").fetchall() == [
        (True,)
    ]


def test_a_limit_on_a_trace_holds_like_any_other(given):
    one_device = {"device": {"strength": "trace", "per_person": 1}}
    rows = [{"mail": "a", "device": "d1"}, {"mail": "a", "device": "d2"}]

    assert given(one_device | MAIL, rows).customers() == groups("1", "2")


def test_a_trace_does_not_join_two_people_of_a_mastering_source(given):
    rows = [{"mail": "null", "device": "d"}, {"mail": "none", "device": "d"}]

    assert given(MAIL | DEVICE, rows, entity="customers").customers() == groups("1", "2")


def test_a_source_without_identifiers_is_known_by_its_match_key(given):
    key = {"name_and_birth": {"strength": "contact", "all_of": ["name", "born"]}}
    rows = [{"name": "a", "born": "1990-01-01"}, {"name": "A", "born": "1990-01-01"}]

    assert given(key, rows, attributes=["name", "born"]).customers() == groups("1 2")


def test_a_loyal_customer_with_thousands_of_orders_and_visits_is_one_person(given):
    orders = [{"id": f"o{n}", "mail": "loyal"} for n in range(2000)]
    visits = [{"id": f"v{n}", "mail": "loyal", "visit": f"s{n}"} for n in range(500)]

    resolved = given(MAIL | VISIT, orders + visits)

    assert len(resolved.customers()) == 1
    assert resolved.status()["mail", "loyal"] == "joined"


def test_what_was_done_anonymously_belongs_to_the_one_who_logs_in_later(given):
    rows = [
        {"device": "phone", "visit": "v1"},
        {"device": "phone", "visit": "v2"},
        {"card": "1", "device": "phone", "visit": "v3"},
    ]

    assert given(CARD | DEVICE | VISIT, rows).customers() == groups("1 2 3")


def test_a_recycled_phone_does_not_link_its_old_owner(given):
    phone = {"phone": {"strength": "contact", "ttl_days": 365}}
    rows = [
        {"id": "then", "phone": "p", "device": "d1", "seen_at": "2023-01-01"},
        {"id": "now", "phone": "p", "device": "d2", "seen_at": "2026-01-01"},
        {"id": "now2", "phone": "p", "device": "d3", "seen_at": "2025-06-01"},
    ]

    resolved = given(phone | DEVICE, rows)

    assert resolved.customers() == groups("then", "now now2")
    assert resolved.con.execute(
        "select link.status, link.reason from identity.link join identity.record using (keyring)"
        " where record_id = 'then' and namespace = 'phone'"
    ).fetchall() == [("refused", "expired: last seen 1096 days before the latest")]


def test_a_value_turns_generic_with_the_record_that_is_too_many_and_back_without_it(given):
    rows = [{"id": f"r{n}", "mail": "shop", "phone": f"p{n}"} for n in range(4)]
    identifiers = MAIL | {"phone": {"strength": "contact"}}

    three = given(identifiers, rows[:3], guards={"generic_after": 3})
    assert three.customers() == groups("r0 r1 r2")
    four = given(identifiers, rows, guards={"generic_after": 3})
    assert four.customers() == groups("r0", "r1", "r2", "r3")
    again = given(identifiers, rows[:3], guards={"generic_after": 3})
    assert again.customers() == groups("r0 r1 r2")
