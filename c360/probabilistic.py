"""The configuration of Splink's proposals: what is compared, and from when on it counts."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from c360.section import Section

FieldType = Literal[
    "first_name",
    "last_name",
    "full_name",
    "date_of_birth",
    "postcode",
    "city",
    "street",
    "email",
    "phone",
    "exact",
    "free_text",
    "ignore",
]
"""What a field means: it chooses its comparison, its term frequencies and its blocking rules."""

Probability = Annotated[float, Field(ge=0, le=1)]


def _typed(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


class ComparedField(Section):
    """An attribute, or a namespace of contact data, that is compared."""

    type: FieldType = Field(description="what the field means; `name: type` says the same in short")
    term_frequency: bool | None = Field(
        default=None,
        description="a rare value that agrees weighs more; null: as is usual for the type",
    )


class Probabilistic(Section):
    """Splink's proposals for the review queue."""

    enabled: bool = Field(default=False, description="compare customers, and propose to people")
    review_above: Probability = Field(
        default=0.5, description="least match probability of a proposal"
    )
    accept_above: Probability | None = Field(
        default=None,
        description="least match probability that a rule accepts unseen; null: people decide all",
    )
    fields: dict[str, Annotated[ComparedField, BeforeValidator(_typed)]] = Field(
        default_factory=dict,
        description="attribute or contact namespace: its type, where the name does not tell it",
    )
    blocking: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...] = Field(
        default=(),
        description="which fields must agree for two to be compared; empty: as the types suggest",
    )
    max_pairs: int = Field(
        default=20_000_000, ge=1, description="most pairs of customers that a run compares"
    )
    one_to_one: tuple[str, ...] = Field(
        default=(), description="sources that promise to list a person once"
    )

    @model_validator(mode="after")
    def _accept_above_review(self) -> Self:
        if self.accept_above is not None and self.accept_above < self.review_above:
            msg = (
                f"accept_above ({self.accept_above}) must not be below"
                f" review_above ({self.review_above})"
            )
            raise ValueError(msg)
        return self
