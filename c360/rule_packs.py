"""The rule packs: thresholds by which transactions, visits and customers are classed.

A cut-off of money, seconds or counts is exclusive: what reaches it, and no more, is of the class
below; one of days is inclusive. A word is looked for anywhere in a text, whatever its case.
The first class that fits, in the order of the fields, is the answer.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from c360.section import Section

Usd = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
Factor = Annotated[Decimal, Field(ge=0, max_digits=5, decimal_places=3)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Words = tuple[Annotated[str, Field(min_length=1)], ...]


class TransactionRules(Section):
    """What a purchase is worth, and what its customer was before it."""

    high_value_usd: Usd = Field(default=Decimal(500), description="more than this: high_value")
    medium_value_usd: Usd = Field(default=Decimal(100), description="more: medium_value")
    recent_customer_days: Count = Field(
        default=30, description="at most this long after the purchase before: a recent customer"
    )
    high_value_customer_usd: Usd = Field(
        default=Decimal(5000), description="more lifetime value before it: a high value customer"
    )
    frequent_customer_orders: Count = Field(
        default=20, description="more purchases before it: a frequent customer"
    )


class BasketRules(Section):
    """How large a purchase is."""

    large_usd: Usd = Field(default=Decimal(200), description="more than this: large")
    medium_usd: Usd = Field(default=Decimal(50), description="more: medium; else small")


class ChannelRules(Section):
    """The words by which a sales channel is told; an order that names a store is in_store."""

    online_words: Words = Field(
        default=("online", "e-commerce", "ecommerce", "web"), description="online"
    )
    mobile_words: Words = Field(default=("mobile", "app"), description="mobile")
    in_store_words: Words = Field(default=("store", "pos"), description="in_store")
    phone_words: Words = Field(default=("call", "phone"), description="phone; else other")


class TierRules(Section):
    """The tier of a customer: more than so much spent, in more than so many purchases."""

    vip_usd: Usd = Field(default=Decimal(10_000), description="more spent: vip, with vip_orders")
    vip_orders: Count = Field(default=50, description="more purchases: vip, with vip_usd")
    gold_usd: Usd = Field(default=Decimal(5000), description="more spent: gold, with gold_orders")
    gold_orders: Count = Field(default=25, description="more purchases: gold, with gold_usd")
    silver_usd: Usd = Field(
        default=Decimal(2000), description="more spent: silver, with silver_orders"
    )
    silver_orders: Count = Field(default=10, description="more purchases: silver, with silver_usd")
    bronze_usd: Usd = Field(
        default=Decimal(500), description="more spent: bronze, in however many purchases; else new"
    )


class ClvRules(Section):
    """The lifetime value: what was spent, times a factor for recency and one for frequency."""

    recent_days: Count = Field(default=30, description="last purchase at most this old: recent")
    warm_days: Count = Field(default=90, description="at most this old: warm")
    cool_days: Count = Field(default=180, description="at most this old: cool; else cold")
    recent_factor: Factor = Field(default=Decimal("1.2"), description="of a recent customer")
    warm_factor: Factor = Field(default=Decimal("1.0"), description="of a warm one")
    cool_factor: Factor = Field(default=Decimal("0.8"), description="of a cool one")
    cold_factor: Factor = Field(default=Decimal("0.5"), description="of a cold one")
    frequent_orders: Count = Field(default=50, description="more purchases than this: frequent")
    regular_orders: Count = Field(default=20, description="more: regular")
    repeat_orders: Count = Field(default=5, description="more: repeat; else rare")
    frequent_factor: Factor = Field(default=Decimal("1.5"), description="of a frequent customer")
    regular_factor: Factor = Field(default=Decimal("1.2"), description="of a regular one")
    repeat_factor: Factor = Field(default=Decimal("1.0"), description="of a repeat one")
    rare_factor: Factor = Field(default=Decimal("0.7"), description="of a rare one")


class BehaviourRules(Section):
    """What the visits say of a customer."""

    high_engagement_score: Count = Field(default=30, description="a visit that scores more")
    active_days: Count = Field(default=7, description="last visit at most this old: active")
    frequent_sessions: Count = Field(default=20, description="more visits than this: frequent")
