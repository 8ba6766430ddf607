import pytest
from sources_shop import land_shop, query, write

FEEDS = "data/raw/shop-*.csv"
HEAD = "order_id,ordered_at,amount"
LOADS = """
    select records_processed, records_rejected, records_inserted, records_updated, records_deleted
    from ops.incremental_load order by run
"""
CURRENT = "select order_id, ordered_at, amount from bronze.shop__current"

FIRST = ("o1,2026-01-01,1.00", "o2,2026-01-01,2.00", "o3,2026-01-01,3.00")
SECONDS = [
    # update, rows of the second file, (processed, rejected, inserted, updated, deleted)
    ("append", ("o4,2026-01-02,4.00",), (1, 0, 1, 0, 0)),
    ("append", ("o1,2026-01-01,1.00", "o4,2026-01-02,4.00"), (2, 0, 1, 0, 0)),
    ("append", (",2026-01-02,4.00", "o5,2026-01-02,5.00"), (2, 1, 1, 0, 0)),
    ("upsert", ("o1,2026-01-02,9.00", "o4,2026-01-02,4.00"), (2, 0, 1, 1, 0)),
    ("upsert", ("o1,2025-01-01,9.00",), (1, 0, 0, 0, 0)),  # an older version
    ("upsert", ("o1,2026-01-01,1.00",), (1, 0, 0, 0, 0)),  # the same row again
    ("snapshot", ("o1,2026-01-01,1.00", "o2,2026-01-01,9.00"), (2, 0, 0, 1, 1)),
]


def given(folder, name, *rows):
    return write(folder, name, "".join(f"{row}\n" for row in (HEAD, *rows)))


def land(folder, update, *files, **changes):
    """Land one file after the other; a snapshot's later file takes the place of the earlier."""
    before = []
    for number, rows in enumerate(files):
        name = "shop-1.csv" if update == "snapshot" else f"shop-{number}.csv"
        given(folder, name, *rows)
        if number:
            before = query(folder, CURRENT)
        land_shop(folder, path=FEEDS, update=update, **changes)
    return {key: rest for key, *rest in before}


@pytest.mark.parametrize(("update", "second", "expected"), SECONDS)
def test_a_load_tells_what_it_did_to_the_rows_in_force(tmp_path, update, second, expected):
    before = land(tmp_path, update, FIRST, second)
    after = {key: rest for key, *rest in query(tmp_path, CURRENT)}

    told = query(tmp_path, LOADS)

    assert told == [(3, 0, 3, 0, 0), expected]
    changed = sum(before[key] != after[key] for key in before.keys() & after.keys())
    deltas = (len(after.keys() - before.keys()), changed, len(before.keys() - after.keys()))
    assert told[1][2:] == deltas


def test_a_deletion_is_counted_once(tmp_path):
    land(
        tmp_path,
        "upsert",
        FIRST,
        ("o1,2026-01-02,gone", "o9,2026-01-02,gone"),
        deleted="amount = 'gone'",
        select={},
    )

    assert query(tmp_path, LOADS)[1] == (2, 0, 0, 0, 1)


def test_a_changed_contract_lands_everything_again(tmp_path):
    given(tmp_path, "shop-1.csv", *FIRST)
    land_shop(tmp_path, path=FEEDS)

    land_shop(tmp_path, path=FEEDS, select={})

    assert query(tmp_path, LOADS)[1] == (3, 0, 3, 0, 3)


def test_a_run_that_finds_nothing_new_is_no_load(tmp_path):
    given(tmp_path, "shop-1.csv", *FIRST)
    land_shop(tmp_path, path=FEEDS)

    land_shop(tmp_path, path=FEEDS)

    assert len(query(tmp_path, LOADS)) == 1


def test_a_load_names_its_source_its_table_and_its_times(tmp_path):
    given(tmp_path, "shop-1.csv", *FIRST)
    land_shop(tmp_path, path=FEEDS)

    assert query(
        tmp_path,
        "select source_system, table_name, load_batch_id, load_status, error_message,"
        " start_timestamp <= end_timestamp from ops.incremental_load",
    ) == [("shop", "bronze.shop__current", "shop-1", "SUCCESS", None, True)]


def test_rows_that_are_collapsed_are_counted_as_rows(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-01,1.00", "o1,2026-01-01,2.00")

    land_shop(
        tmp_path,
        path=FEEDS,
        collapse={"ordered_at": "min(ordered_at)", "amount": "sum(cast(amount as decimal(9, 2)))"},
    )

    assert query(tmp_path, LOADS) == [(2, 0, 2, 0, 0)]
