import pytest
from shop_workspace import SHOP as WHOLE_SHOP
from shop_workspace import c360, configure, lay_out
from sources_shop import SHOP, land_shop, problems, query, write

from c360.errors import DriftError, FeedError
from c360.sources.drift import Known, find_drift

CSV = "order_id,ordered_at,amount,store\no1,2026-01-01,10.00,s1\n"
WIDER = (
    "order_id,ordered_at,amount,store,coupon\no2,2026-01-02,20.00,s1,TEN\no3,2026-01-03,5.00,,\n"
)
PATH = "data/raw/shop-*.csv"
CHANGES = "select column_name, change, before, after, handling from ops.schema_change order by all"
KEYS = "select order_id from bronze.shop order by all"


def known(**columns):
    return Known(columns, frozenset(columns))


@pytest.mark.parametrize(
    ("feeds", "told"),
    [
        ([{"id": "VARCHAR", "at": "DATE"}], []),
        ([{"AT": "DATE", "Id": "VARCHAR"}], []),  # neither order nor case matters
        ([{"id": "VARCHAR"}, {"at": "DATE"}], []),  # the files of a landing count together
        ([{"id": "VARCHAR", "at": "DATE", "x": "JSON"}], ["column x is new (JSON)"]),
        ([{"id": "VARCHAR"}], ["column at is gone (DATE)"]),
        (
            [{"id": "VARCHAR", "at": "VARCHAR"}],
            ["column at has another type (DATE -> VARCHAR)"],
        ),
        ([{}], []),  # an empty file says nothing
        ([], []),
    ],
)
def test_the_columns_of_feeds_are_compared_with_those_landed_before(feeds, told):
    found = find_drift(known(id="VARCHAR", at="DATE"), feeds, is_sparse=False)

    assert [str(change) for change in found] == told


def test_lines_that_leave_out_what_is_null_lose_no_column():
    assert find_drift(known(id="VARCHAR", at="DATE"), [{"id": "VARCHAR"}], is_sparse=True) == []


def test_the_first_feed_says_what_the_source_is():
    assert find_drift(known(), [{"id": "VARCHAR"}], is_sparse=False) == []


def test_a_new_column_is_taken_and_told(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path=PATH)
    write(tmp_path, "shop-2.csv", WIDER)

    land_shop(tmp_path, path=PATH)

    assert query(tmp_path, CHANGES) == [("coupon", "added", None, "VARCHAR", "evolve")]
    assert query(tmp_path, KEYS) == [("o1",), ("o2",), ("o3",)]
    assert query(tmp_path, "select coupon from bronze.shop where order_id = 'o2'") == [("TEN",)]


def test_a_column_that_is_gone_is_told_once(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path=PATH)
    for day in (2, 3):
        row = f"o{day},2026-01-0{day},1.00"
        write(tmp_path, f"shop-{day}.csv", f"order_id,ordered_at,amount\n{row}\n")
        land_shop(tmp_path, path=PATH)

    assert query(tmp_path, CHANGES) == [("store", "gone", "VARCHAR", None, "evolve")]


def test_a_needed_column_that_is_gone_is_an_error_in_every_mode(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path=PATH)
    write(tmp_path, "shop-2.csv", "order_id,ordered_at,store\no2,2026-01-02,s1\n")

    for mode in ("evolve", "freeze", "reject_row"):
        (problem, *_) = problems(tmp_path, path=PATH, on_drift=mode)
        assert "has no column 'amount'" in problem


def test_where_columns_are_frozen_nothing_lands(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path=PATH, on_drift="freeze")
    write(tmp_path, "shop-2.csv", WIDER)

    with pytest.raises(DriftError, match=r"sources\.shop: column coupon is new") as caught:
        land_shop(tmp_path, path=PATH, on_drift="freeze")

    assert caught.value.exit_code == 3
    assert "sources.shop.on_drift: evolve" in str(caught.value)
    assert query(tmp_path, KEYS) == [("o1",)]
    assert len(list((tmp_path / "data" / "bronze" / "shop").glob("*.parquet"))) == 1


def test_drift_among_other_problems_is_told_with_them(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path=PATH, on_drift="freeze")
    write(tmp_path, "shop-2.csv", WIDER)
    lost = SHOP | {"path": "data/raw/lost.csv"}

    with pytest.raises(FeedError) as caught:
        land_shop(tmp_path, path=PATH, on_drift="freeze", others={"lost": lost})

    assert caught.value.exit_code == 1
    assert len(caught.value.problems) == 2


def test_rows_with_a_value_in_a_new_column_are_rejected(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path=PATH, on_drift="reject_row")
    write(tmp_path, "shop-2.csv", WIDER)

    land_shop(tmp_path, path=PATH, on_drift="reject_row")

    assert query(tmp_path, KEYS) == [("o1",), ("o3",)]
    assert query(tmp_path, "select row_number, reason from ops.reject") == [
        (1, "column coupon has a value, and the source had no such column before (on_drift)")
    ]
    assert query(tmp_path, CHANGES) == [("coupon", "added", None, "VARCHAR", "reject_row")]
    assert ("coupon",) not in query(tmp_path, "select unnest(columns) from ops.load")


def test_what_was_rejected_lands_when_the_column_is_taken_and_stays_landed(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path=PATH, on_drift="reject_row")
    write(tmp_path, "shop-2.csv", WIDER)
    land_shop(tmp_path, path=PATH, on_drift="reject_row")

    for mode in ("evolve", "reject_row"):
        land_shop(tmp_path, path=PATH, on_drift=mode)
        assert query(tmp_path, KEYS) == [("o1",), ("o2",), ("o3",)]


def test_a_new_column_that_the_configuration_names_is_no_stranger(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path="data/raw/shop-1.csv", on_drift="reject_row")
    write(tmp_path, "shop-1.csv", WIDER)

    mapped = {"amount_usd": "amount", "coupon_code": "coupon"}
    land_shop(tmp_path, path="data/raw/shop-1.csv", on_drift="reject_row", select=mapped)

    assert query(tmp_path, "select * from ops.reject") == []


@pytest.mark.parametrize(
    ("promise", "row", "reason"),
    [
        ({"store": {"required": True}}, ",", "store is missing (columns.store.required)"),
        ({"store": {"values": ["s1", "s2"]}}, "s3", "store = 's3' is not one of s1, s2"),
        ({"store": {"matches": "s[0-9]+"}}, "s1x", "store = 's1x' does not match s[0-9]+"),
        ({"store": {"format": "email"}}, "a@b", "store = 'a@b' is not an e-mail address"),
        ({"store": {"max_length": 2}}, "s10", "store = 's10' is longer than 2 characters"),
        ({"store": {"between": [1, 5]}}, "6", "store = '6' is not from 1 to 5"),
        ({"store": {"between": [1, 5]}}, "one", "store = 'one' is not from 1 to 5"),
    ],
)
def test_a_row_that_breaks_what_is_promised_of_a_column_is_rejected(tmp_path, promise, row, reason):
    good = {"format": "a@b.example", "between": "5"}
    kept = next((v for k, v in good.items() if k in promise["store"]), "s1")
    rows = f"o1,2026-01-01,1.00,{kept}\no2,2026-01-01,1.00,{row.strip(',')}\n"
    write(tmp_path, "shop.csv", f"order_id,ordered_at,amount,store\n{rows}")

    land_shop(tmp_path, columns=promise)

    ((told,),) = query(tmp_path, "select reason from ops.reject")
    assert told.startswith(reason)
    assert query(tmp_path, KEYS) == [("o1",)]


def test_blank_is_no_value_that_breaks_a_promise(tmp_path):
    write(tmp_path, "shop.csv", "order_id,ordered_at,amount,store\no1,2026-01-01,1.00,\n")

    land_shop(tmp_path, columns={"store": {"values": ["s1"], "max_length": 2, "between": [1, 2]}})

    assert query(tmp_path, KEYS) == [("o1",)]


def test_the_reason_shows_no_personal_value(tmp_path):
    write(tmp_path, "shop.csv", CSV)
    write(tmp_path, "shop.csv", f"{CSV}o2,2026-01-01,1.00,Ann\n")

    land_shop(tmp_path, columns={"store": {"values": ["s1"]}}, privacy={"store": "pii"})

    ((told,),) = query(tmp_path, "select reason from ops.reject")
    assert told == "store = '…' is not one of s1 (columns.store.values)"


def test_a_promised_column_must_be_there(tmp_path):
    write(tmp_path, "shop.csv", CSV)

    (problem,) = problems(tmp_path, columns={"shop_id": {"required": True}})

    assert "has no column 'shop_id'" in problem


def test_landing_tells_new_files_from_those_that_it_reads_again(tmp_path):
    folder, sources = lay_out(tmp_path), WHOLE_SHOP["sources"]
    told = [c360("ingest", folder)]
    write(folder, "crm_2.csv", "contact_id,card,email,born,updated_at\nC4,,,,2026-01-02\n")
    for name in ("visits", "crm"):
        promised = sources[name] | {"columns": {"email": {"max_length": 99}}}
        configure(folder, sources=sources | {name: promised})
        told.append(c360("ingest", folder))

    assert [ran.output.splitlines()[0] for ran in told] == [
        "Landed 12 of 12 rows from 3 new files",
        "Landed 6 of 6 rows from 1 new file and again from 1 file",
        "Landed 9 of 9 rows from 0 new files and again from 3 files",
    ]


def test_landing_tells_what_has_changed(tmp_path):
    folder = lay_out(tmp_path)
    c360("ingest", folder)
    write(
        folder, "visits.csv", "visit_id,email,device,seen_at,page\nV9,a@b.example,d,2026-01-06,p\n"
    )

    ran = c360("ingest --json", folder)

    (change,) = ran.figures()["schema_changes"]
    assert (change["source"], change["column"], change["change"]) == ("visits", "page", "added")
