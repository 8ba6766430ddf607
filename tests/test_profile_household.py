from itertools import pairwise

from profile_tables import build, given, people, text


def shared_addresses(context, *lines):
    """Give each customer (`name street postcode`) an address."""
    for line in lines:
        name, street, postcode = line.split()
        given(
            context,
            "silver.customer_attribute",
            f"customer_id attribute value\n{name} street {street}\n{name} postcode {postcode}",
        )


def shared_value(context, namespace, value, status, *names):
    """Let customers carry one value of a namespace."""
    given(context, "identity.verdict", f"identifier status\n{value} {status}")
    given(context, "identity.value", f"identifier namespace\n{value} {namespace}")
    for name in names:
        given(context, "identity.cluster", f"keyring customer_id\n{value}-{name} {name}")
        given(context, "identity.carried", f"keyring identifier\n{value}-{name} {value}")


HOUSEHOLD = ("silver.golden_attribute", "silver.customer_profile_base", "gold.household")
MEMBERS = (
    "select string_agg(customer_id, ' ' order by customer_id), any_value(members),"
    " string_agg(distinct reason, ';' order by reason) from gold.household"
    " group by household_id order by 1"
)


def test_people_of_one_address_or_shared_contact_are_a_household():
    context = people("ann", "bob", "cat", "dan", "eve", "fay")
    shared_addresses(context, "ann Elm-St.1 10115", "bob elmst1 10115", "fay elmst1 99999")
    shared_value(context, "phone", "p1", "shared", "bob", "cat")
    shared_value(context, "device_id", "d1", "shared", "cat", "dan")
    shared_value(context, "email", "e1", "joined", "dan", "eve")

    build(context, *HOUSEHOLD)

    assert text(context, MEMBERS) == ["ann bob cat 3 address;address, contact;contact"]
    assert text(context, "select customer_id, reason from gold.household order by 1") == [
        "ann address",
        "bob address, contact",
        "cat contact",
    ]


def test_a_household_goes_by_its_smallest_member():
    context = people("ann", "bob")
    shared_addresses(context, "ann elm 1", "bob elm 1")

    build(context, *HOUSEHOLD)

    assert text(context, "select distinct household_id from gold.household") == text(
        context, "select 'h' || left(md5('ann'), 20)"
    )


def test_too_many_at_one_address_or_in_one_chain_are_no_household():
    context = people(*"abcdefghijklmnop")
    context.con.execute("delete from identity.customer where customer_id = 'p'").fetchall()
    shared_addresses(context, *(f"{name} tower 1" for name in "abcdefghijklmn"))
    shared_value(context, "phone", "p1", "shared", "o", "p")

    build(context, *HOUSEHOLD)

    assert text(context, MEMBERS) == []  # fourteen in the tower, and p is no customer any more

    chain = people(*(f"c{number:02}" for number in range(16)))
    for number in range(15):
        pair = (f"c{number:02}", f"c{number + 1:02}")
        shared_value(chain, "phone", f"p{number}", "shared", *pair)

    build(chain, *HOUSEHOLD)

    assert text(chain, MEMBERS) == []


def test_a_chain_of_as_many_as_may_live_together_is_one_household():
    names = [f"c{number:02}" for number in (5, 0, 11, 3, 7, 1, 9, 2, 8, 4, 10, 6)]
    context = people(*names)
    for number, pair in enumerate(pairwise(names)):
        shared_value(context, "phone", f"p{number}", "shared", *pair)

    build(context, *HOUSEHOLD)

    assert text(context, "select distinct members, reason from gold.household") == ["12 contact"]


def test_a_contact_that_is_not_theirs_makes_no_household():
    context = people("ann", "bob")
    shared_value(context, "phone", "p1", "shared", "ann", "bob")
    given(context, "identity.disowned", "keyring identifier\np1-bob p1")

    build(context, *HOUSEHOLD)

    assert text(context, MEMBERS) == []
