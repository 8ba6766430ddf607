"""Consent, held against an oracle in Python, over histories, channels, expiries and merges."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from activation_shop import build_activation
from hypothesis import given as for_all
from hypothesis import settings as at_most
from hypothesis import strategies as st
from profile_tables import AS_OF, build, empty_context, given, rows
from thorough import examples

from c360.activation import Activation
from c360.profile.models import CONSENT

PEOPLE = ("ann", "bob")
PURPOSES = ("marketing", "personalization")
CHANNELS = ("email", "sms")
NEWS = Activation(requires=("marketing",), channels=CHANNELS)
CONSENTS = [step.table for step in CONSENT]
RULINGS = [*CONSENTS, "gold.customer_360", "silver.audience_check", "silver.audience_ruling"]
"""What a change of consents changes; the marts of audiences and consumers are views on them."""


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """A statement. `identifiers` are what its keyring carries, all of them joined."""

    person: str
    identifiers: frozenset[str]
    purpose: str
    channel: str | None
    day: int
    answer: bool | None
    lasts: int | None

    @property
    def time(self) -> datetime:
        return AS_OF - timedelta(days=self.day)

    @property
    def agrees(self) -> bool:
        return self.answer is True

    @property
    def holds(self) -> bool:
        return self.agrees and (self.lasts is None or self.day < self.lasts)

    @property
    def keyring(self) -> str:
        return "+".join(sorted(self.identifiers))


@st.composite
def statements(draw, answers=(True, True, False, None)):
    person = draw(st.sampled_from(PEOPLE))
    names = draw(st.sets(st.sampled_from(["card", "mail", "phone"]), min_size=1, max_size=2))
    return Said(
        person=person,
        identifiers=frozenset(f"{name}:{person}" for name in names),
        purpose=draw(st.sampled_from(PURPOSES)),
        channel=draw(st.sampled_from([None, None, *CHANNELS])),
        day=draw(st.integers(1, 3)),
        answer=draw(st.sampled_from(answers)),
        lasts=draw(st.sampled_from([None, None, 2, 3])),
    )


histories = st.integers(0, 24).flatmap(
    lambda size: st.lists(statements(), min_size=size, max_size=size)
)
"""Long ones too: what they touch must meet in one customer, purpose and channel."""


def subjects(said: Iterable[Said]) -> list[list[Said]]:
    """Return the statements of a customer by subject, by the words of the rule."""
    said = list(said)
    yes = [each for each in said if each.agrees]
    groups: list[set[str]] = []
    for each in yes:
        touched = [group for group in groups if group & each.identifiers]
        groups = [group for group in groups if not group & each.identifiers]
        groups.append(set(each.identifiers).union(*touched))
    granting = {each.keyring for each in yes}
    found = [
        [
            each
            for each in said
            if (each.identifiers <= group if each.keyring in granting else each.identifiers & group)
        ]
        for group in groups
    ]
    known = {each for group in found for each in group}
    alone: dict[str, list[Said]] = {}
    for each in said:
        if each not in known:
            alone.setdefault(each.keyring, []).append(each)
    return [*found, *alone.values()]


def answer(said: list[Said]) -> bool | None:
    """Return what holds of the last statements: None where nothing was said."""
    latest = min((each.day for each in said), default=None)
    last = [each for each in said if each.day == latest]
    return all(each.holds for each in last) if last else None


def consent(said: Iterable[Said], purpose: str, channel: str | None) -> bool | None:
    """Return the answer of a customer: for a channel that of the channel, if they spoke of it."""
    parts = [[each for each in part if each.purpose == purpose] for part in subjects(said)]
    general = [answer([each for each in part if each.channel is None]) for part in parts]
    strict = None if set(general) <= {None} else False not in general
    if channel is None or not any(each.channel == channel for part in parts for each in part):
        return strict
    own = [answer([each for each in part if each.channel in (None, channel)]) for part in parts]
    return False not in own and strict is not False


@pytest.fixture(scope="module")
def shop():
    """A shop whose customers have said nothing."""
    context = empty_context()
    settings = context.settings.model_copy(update={"activation": {"news": NEWS}})
    context = replace(context, settings=settings)
    given(context, "identity.customer", "customer_id is_identified\nann true\nbob true")
    context.con.execute("set threads = 1").fetchall()
    build_activation(context)
    yield context
    context.con.close()


def tell(context, history, customer_of, *, models=CONSENTS):
    """Build the tables of these statements, said by the customers that people belong to."""
    customers = [customer_of.get(each.person, each.person) for each in history]
    expiries = [each.lasts and each.time + timedelta(days=each.lasts) for each in history]
    _fill(
        context,
        "silver.consents (source, record_id, customer_id, purpose, contact_channel, event_time,"
        " is_granted, expires_at)",
        [
            ("web", n, customer, each.purpose, each.channel, each.time, each.answer, expires_at)
            for n, (each, customer, expires_at) in enumerate(
                zip(history, customers, expiries, strict=True)
            )
        ],
    )
    _fill(
        context,
        "identity.member (source, record_id, keyring, customer_id, resolved_by)",
        [
            ("web", n, each.keyring, customer, "card")
            for n, (each, customer) in enumerate(zip(history, customers, strict=True))
        ],
    )
    _fill(
        context,
        "identity.link",
        sorted({(e.keyring, "card", name, "joined") for e in history for name in e.identifiers}),
    )
    build(context, *models)


def _fill(context, table, filled):
    """Put these rows in the place of those of a table."""
    context.con.execute(f"delete from {table.split()[0]}").fetchall()
    if filled:
        row = f"({', '.join('?' for _ in filled[0])})"
        values = [cell for each in filled for cell in each]
        context.con.execute(
            f"insert into {table} values {', '.join([row] * len(filled))}", values
        ).fetchall()


def told(context):
    """Return (customer, purpose, channel or None) with its answer."""
    return {
        (customer, purpose, channel): is_granted
        for customer, purpose, channel, is_granted in rows(
            context,
            "select customer_id, purpose, null, is_granted from silver.customer_consent union all"
            " select customer_id, purpose, contact_channel, is_granted"
            " from silver.customer_channel_consent",
        )
    }


def activated(context):
    """Return (mart, customer) of every row that needs a consent."""
    return {
        (mart, customer)
        for mart, condition in {
            "activation_candidates": "true",
            "activation_news": "true",
            "view_marketing": "true",
            "view_retention": "true",
            "view_personalization": "segment is not null",
        }.items()
        for (customer,) in rows(context, f"select customer_id from gold.{mart} where {condition}")
    }


@at_most(max_examples=examples(5), deadline=None)
@for_all(history=histories)
def test_the_answers_in_force_are_those_of_the_rule(shop, history):
    tell(shop, history, {})

    for (customer, purpose, channel), is_granted in told(shop).items():
        own = [each for each in history if each.person == customer]
        assert consent(own, purpose, channel) is is_granted
    asked = {(each.person, each.purpose, each.channel) for each in history}
    assert told(shop).keys() == asked


@at_most(max_examples=examples(4), deadline=None)
@for_all(history=histories, merged=st.booleans())
def test_no_row_is_there_without_every_consent_that_it_needs(shop, history, merged):
    customer_of = {"bob": "ann"} if merged else {}
    tell(shop, history, customer_of, models=RULINGS)

    for mart, customer in activated(shop):
        own = [each for each in history if customer_of.get(each.person, each.person) == customer]
        if mart == "activation_news":
            query = "select channel from gold.activation_news where customer_id = ?"
            ((channel,),) = shop.con.execute(query, [customer]).fetchall()
            assert consent(own, "marketing", channel)
        if mart in ("activation_candidates", "view_marketing", "view_retention"):
            assert consent(own, "marketing", None)
        if mart in ("activation_candidates", "view_personalization"):
            assert consent(own, "personalization", None)


@at_most(max_examples=examples(4), deadline=None)
@for_all(history=histories)
def test_every_profile_is_in_an_audience_or_left_out_of_it(shop, history):
    tell(shop, history, {}, models=RULINGS)

    for audience in ("candidates", "news"):
        inside = rows(shop, f"select customer_id from gold.activation_{audience}")
        outside = rows(
            shop,
            "select customer_id from gold.activation_excluded"
            f" where audience = '{audience}' and reason <> ''",
        )
        assert sorted(inside + outside) == [(name,) for name in PEOPLE]


@at_most(max_examples=examples(5), deadline=None)
@for_all(history=histories)
def test_a_merge_of_customers_never_makes_a_yes_of_a_no(shop, history):
    tell(shop, history, {})
    before = told(shop)

    tell(shop, history, {"bob": "ann"})

    after = told(shop)
    for (customer, purpose, channel), is_granted in before.items():
        if not is_granted:
            assert after["ann" if customer == "bob" else customer, purpose, channel] is False


@at_most(max_examples=examples(4), deadline=None)
@for_all(history=histories, withdrawal=statements(answers=(False, None)))
def test_a_withdrawal_never_adds_a_row(shop, history, withdrawal):
    tell(shop, history, {}, models=RULINGS)
    before = activated(shop)

    tell(shop, [*history, withdrawal], {}, models=RULINGS)

    assert activated(shop) <= before


@at_most(max_examples=examples(5), deadline=None)
@for_all(history=histories, order=st.randoms(use_true_random=False))
def test_the_order_of_the_statements_does_not_matter(shop, history, order):
    tell(shop, history, {})
    before = told(shop)

    shuffled = list(history)
    order.shuffle(shuffled)
    tell(shop, shuffled, {})

    assert told(shop) == before
