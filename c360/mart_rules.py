"""What the marts look at: windows, sizes and the names that a configuration gives to things."""

from typing import Annotated

from pydantic import Field

from c360.section import Section

Days = Annotated[int, Field(ge=1)]


class MartRules(Section):
    """Settings of the gold marts that are no score."""

    attribution_days: Days = Field(
        default=7,
        description="an order this soon after a message was opened or clicked is due to it",
    )
    recent_purchase_days: Days = Field(
        default=30,
        description="products bought this lately are recent_products of suppression rules",
    )
    household_max: int = Field(
        default=12, ge=2, description="more customers than this are no household"
    )
    street_attributes: tuple[str, ...] = Field(
        default=("street", "address_line_1"),
        description="attributes that hold street and house number",
    )
    key_namespaces: tuple[str, ...] = Field(
        default=("loyalty_id", "crm_contact_id", "customer_id"),
        description="identifiers that a system gave the person",
    )
    email_namespaces: tuple[str, ...] = Field(
        default=("email", "email_hash"), description="identifiers that are e-mail addresses"
    )
    phone_namespaces: tuple[str, ...] = Field(
        default=("phone", "phone_hash"), description="identifiers that are telephone numbers"
    )
