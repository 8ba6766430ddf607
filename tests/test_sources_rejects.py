import pytest
from sources_shop import land_shop, query, write

REJECTS = "select row_number, reason, raw from ops.reject order by all"
GOOD = "select order_id, _row_number from bronze.shop order by all"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("bad,2026-01-01", "has 2 columns, not 3"),
        ("bad,2026-01-01,1.00,more", "has 4 columns, not 3"),
        ('bad,"2026-01-01,1.00', "broken quotes"),
        ('bad,"2026"-01-01,1.00', "broken quotes"),
        (",2026-01-01,1.00", "key (order_id) is missing"),
        ("  ,2026-01-01,1.00", "key (order_id) is missing"),
        ("bad,,1.00", "event_time (ordered_at) is missing"),
        ("bad,yesterday,1.00", "ordered_at = 'yesterday' is not a time (event_time: TIMESTAMP)"),
        ("bad,infinity,1.00", "ordered_at = 'infinity' is not a time (event_time: TIMESTAMP)"),
        (
            "bad,2026-01-01,1 USD",
            "amount = '1 USD' is not an amount (select.amount_usd: DECIMAL(18,2))",
        ),
        (
            "bad,2026-01-01,12.345",
            "amount = '12.345' has more than 2 decimals (select.amount_usd: DECIMAL(18,2))",
        ),
        (
            "bad,2026-01-01,-0.001",
            "amount = '-0.001' has more than 2 decimals (select.amount_usd: DECIMAL(18,2))",
        ),
        (
            "bad,,ten",
            "event_time (ordered_at) is missing;"
            " amount = 'ten' is not an amount (select.amount_usd: DECIMAL(18,2))",
        ),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason_and_the_rest_lands(tmp_path, row, reason):
    write(
        tmp_path,
        "shop.csv",
        f"order_id,ordered_at,amount\no1,2026-01-01,1.00\n{row}\no3,2026-01-03,3.00\n",
    )

    land_shop(tmp_path)

    assert query(tmp_path, REJECTS) == [(2, reason, row)]
    assert query(tmp_path, GOOD) == [("o1", 1), ("o3", 3)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"order_id": "bad", ', "is not JSON"),
        ("bad", "is not JSON"),
        ('["bad"]', "is not a JSON object"),
        ("null", "is not a JSON object"),
        ('{"ordered_at": "2026-01-01"}', "key (order_id) is missing"),
        ('{"order_id": "bad"}', "event_time (ordered_at) is missing"),
    ],
)
def test_a_bad_line_of_json_is_rejected_and_the_rest_lands(tmp_path, line, reason):
    good = '{"order_id": "%s", "ordered_at": "2026-01-01", "amount": 1}\n'
    write(tmp_path, "shop.jsonl", f"{good % 'o1'}{line}\n{good % 'o3'}")

    land_shop(tmp_path)

    assert query(tmp_path, REJECTS) == [(2, reason, line)]
    assert query(tmp_path, GOOD) == [("o1", 1), ("o3", 3)]


@pytest.mark.parametrize(
    ("name", "feed"),
    [
        ("shop.csv", b"order_id,ordered_at\no1,2026-01-01\n\xff,2026-01-02\no3,2026-01-03\n"),
        (
            "shop.jsonl",
            b'{"order_id": "o1", "ordered_at": "2026-01-01"}\n\xff\n'
            b'{"order_id": "o3", "ordered_at": "2026-01-03"}\n',
        ),
    ],
)
def test_a_line_that_is_not_utf8_is_rejected_and_the_rest_lands(tmp_path, name, feed):
    write(tmp_path, name, feed)

    land_shop(tmp_path, select={})

    assert query(tmp_path, "select row_number, reason from ops.reject") == [(2, "is not UTF-8")]
    assert query(tmp_path, GOOD) == [("o1", 1), ("o3", 3)]


def test_row_numbers_stay_exact_after_malformed_lines(tmp_path):
    write(
        tmp_path,
        "shop.csv",
        """
        order_id,ordered_at,note
        o1,2026-01-01,"two
        lines"
        too,few
        o3,2026-01-03,"open

        o4,2026-01-04,"closed"
        o5,2026-01-05,last
        """,
    )

    land_shop(tmp_path, select={})

    assert query(tmp_path, "select row_number, reason, raw from ops.reject order by all") == [
        (2, "has 2 columns, not 3", "too,few"),
        (3, "broken quotes", 'o3,2026-01-03,"open'),
    ]
    assert query(tmp_path, "select order_id, _row_number, note from bronze.shop order by all") == [
        ("o1", 1, "two\nlines"),
        ("o4", 4, "closed"),
        ("o5", 5, "last"),
    ]


def test_an_expression_that_fails_on_a_row_rejects_it(tmp_path):
    write(
        tmp_path,
        "shop.csv",
        """
        order_id,ordered_at,price,quantity,born
        o1,2026-01-01,2.50,2,1990-01-31
        o2,2026-01-02,free,2,1990-01-31
        o3,2026-01-03,2.50,,1990-01-32
        """,
    )

    land_shop(
        tmp_path,
        select={"amount_usd": "cast(price as decimal(9, 2)) * cast(quantity as integer)"},
        attributes={"year_of_birth": "year(cast(born as date))"},
    )

    assert query(tmp_path, "select order_id from bronze.shop") == [("o1",)]
    assert query(tmp_path, "select row_number, reason from ops.reject order by all") == [
        (
            2,
            "cast(price as decimal(9, 2)) * cast(quantity as integer) cannot be computed"
            " (select.amount_usd) from price = 'free', quantity = '2'",
        ),
        (
            3,
            "year(cast(born as date)) cannot be computed (attributes.year_of_birth)"
            " from born = '1990-01-32'",
        ),
    ]


def test_an_empty_value_is_no_bad_value(tmp_path):
    write(
        tmp_path,
        "shop.jsonl",
        '{"order_id": "o1", "ordered_at": "2026-01-01", "amount": ""}\n',
    )

    assert land_shop(tmp_path).landed == 1


def test_a_row_of_parquet_is_rejected_as_json(tmp_path):
    import duckdb

    path = write(tmp_path, "shop.parquet", b"")
    duckdb.execute(
        "copy (from (values ('o1', date '2026-01-01', 1.5), (null, date '2026-01-02', 2.5))"
        f" t(order_id, ordered_at, amount)) to '{path}' (format parquet)"
    ).fetchall()

    land_shop(tmp_path)

    assert query(tmp_path, REJECTS) == [
        (
            2,
            "key (order_id) is missing",
            '{"order_id":null,"ordered_at":"2026-01-02","amount":2.5}',
        )
    ]


def test_rejects_are_shown_as_csv_until_there_are_none(tmp_path):
    feed = write(tmp_path, "shop.csv", "order_id,ordered_at\no1,2026-01-01\n=bad,never\n")
    shown = tmp_path / "data" / "rejects" / "shop.csv"

    land_shop(tmp_path, select={}, update="snapshot")

    assert shown.read_text().splitlines() == [
        "file,row_number,reason,raw",
        "data/raw/shop.csv,2,ordered_at = 'never' is not a time (event_time: TIMESTAMP),"
        '"\'=bad,never"',
    ]

    feed.write_text("order_id,ordered_at\no1,2026-01-01\n")
    land_shop(tmp_path, select={}, update="snapshot")

    assert not shown.exists()


def test_a_row_on_which_an_expression_fails_is_rejected_alone(tmp_path):
    write(
        tmp_path, "shop.csv", "order_id,ordered_at,amount\no1,2026-01-01,100\no2,2026-01-02,ten\n"
    )

    land_shop(tmp_path, select={"amount_usd": "cast(amount as decimal(18, 2)) / 100"})

    assert [number for number, *_ in query(tmp_path, REJECTS)] == [2]
    assert query(tmp_path, GOOD) == [("o1", 1)]


def test_a_collapsed_row_without_a_time_is_rejected(tmp_path):
    write(tmp_path, "shop.csv", "order_id,ordered_at,amount\no1,2026-01-01,1\no1,,2\no2,later,3\n")

    land_shop(tmp_path, event_time="first_at", collapse={"first_at": "min(ordered_at)"}, select={})

    assert [number for number, *_ in query(tmp_path, REJECTS)] == [2, 3]


CARDS = {
    "select": {},
    "identifiers": {"card": ["card_1", "card_2"]},
}


@pytest.mark.parametrize(
    "row",
    [
        "L1,L1",
        "L1, L1 ",
        "L1,",
        ",",
        "L1,null",  # junk is no value
        "L1,0000000",
    ],
)
def test_a_person_identifier_may_stand_twice_in_a_row(tmp_path, row):
    write(tmp_path, "shop.csv", f"order_id,ordered_at,card_1,card_2\no1,2026-01-01,{row}\n")

    assert land_shop(tmp_path, **CARDS).landed == 1


def test_a_row_with_two_values_of_which_a_person_has_one_is_rejected(tmp_path):
    write(
        tmp_path,
        "shop.csv",
        "order_id,ordered_at,card_1,card_2\no1,2026-01-01,L1,\nbad,2026-01-02,L1,L2\n",
    )

    land_shop(tmp_path, **CARDS)

    assert query(tmp_path, REJECTS) == [
        (2, "card (at most 1 per person): card_1 = 'L1', card_2 = 'L2'", "bad,2026-01-02,L1,L2")
    ]
    assert query(tmp_path, GOOD) == [("o1", 1)]


def test_a_reason_does_not_show_what_is_declared_personal(tmp_path):
    write(
        tmp_path,
        "shop.csv",
        "order_id,ordered_at,card_1,card_2\no1,2026-01-01,L1,\nbad,2026-01-02,L1,L2\n",
    )

    land_shop(tmp_path, **CARDS, privacy={"card_1": "pii", "card_2": "sensitive"})

    assert query(tmp_path, "select reason from ops.reject") == [
        ("card (at most 1 per person): card_1 = …, card_2 = …",)
    ]


def test_values_are_normalised_before_they_are_counted(tmp_path):
    write(
        tmp_path,
        "shop.csv",
        """
        order_id,ordered_at,home,work
        o1,2026-01-01,030 123456,+49 (0)30 123456
        bad,2026-01-02,030 123456,030 123457
        """,
    )
    phone = {"strength": "contact", "per_person": 1, "normalise": "phone", "region": "DE"}

    land_shop(
        tmp_path,
        select={},
        identifiers={"phone": ["home", "work"]},
        namespaces={"phone": phone},
    )

    assert query(tmp_path, GOOD) == [("o1", 1)]


def test_as_many_values_as_a_person_may_have_are_landed(tmp_path):
    write(
        tmp_path,
        "shop.csv",
        "order_id,ordered_at,a,b,c\no1,2026-01-01,L1,L2,L1\nbad,2026-01-02,L1,L2,L3\n",
    )

    land_shop(
        tmp_path,
        select={},
        identifiers={"card": ["a", "b", "c"]},
        namespaces={"card": {"strength": "anchor", "per_person": 2}},
    )

    assert query(tmp_path, GOOD) == [("o1", 1)]


def test_rows_are_judged_again_when_a_person_may_have_more(tmp_path):
    write(
        tmp_path,
        "shop.csv",
        "order_id,ordered_at,card_1,card_2\no1,2026-01-01,L1,\no2,2026-01-02,L1,L2\n",
    )
    assert land_shop(tmp_path, **CARDS).rejected == 1

    several = {"card": {"strength": "anchor", "per_person": 2}}

    assert land_shop(tmp_path, **CARDS, namespaces=several).rejected == 0
    assert query(tmp_path, GOOD) == [("o1", 1), ("o2", 2)]


def test_collapsed_rows_are_not_held_to_it(tmp_path):
    write(tmp_path, "shop.csv", "order_id,ordered_at,card_1,card_2\no1,2026-01-01,L1,L2\n")
    collapse = {"at": "min(ordered_at)", "card_1": "min(card_1)", "card_2": "min(card_1)"}

    assert land_shop(tmp_path, **CARDS, event_time="at", collapse=collapse).landed == 1
