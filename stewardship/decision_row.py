"""A row of decisions.csv as a file has it, before it is believed."""

import json
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    NaiveDatetime,
    StringConstraints,
    model_validator,
)

from c360.section import Section

_ABOUT_SIDES = ("merge", "keep_apart", "not_shared", "defer")


def _listed(cell: object) -> object:
    try:
        names = json.loads(str(cell))
    except json.JSONDecodeError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        msg = 'must be a JSON array of texts, such as ["crm:C1"]'
        raise ValueError(msg)
    return tuple(names)


def _all_named(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        _named(name)
    if list(names) != sorted(set(names)):
        msg = "must be sorted, each once"
        raise ValueError(msg)
    return names


def _named(name: str) -> str:
    head, colon, rest = name.partition(":")
    if not (head and colon and rest):
        msg = f"{name!r} must be two names with a colon between, such as crm:C1"
        raise ValueError(msg)
    return name


def _blank_is_none(cell: object) -> object:
    return None if cell == "" else cell


def _not_blank(text: str) -> str:
    if not text.strip():
        msg = "must not be blank"
        raise ValueError(msg)
    return text


_Blank = BeforeValidator(_blank_is_none)
_DecisionId = Annotated[str, StringConstraints(pattern="^d_[0-9a-f]{12}$")]
_Names = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_all_named)]
_Text = Annotated[str, AfterValidator(_not_blank)]


class DecisionRow(Section):
    """A row of decisions.csv; the fields are those of `Decision`."""

    number: Annotated[int, Field(ge=1, lt=2**31)]
    decision_id: _DecisionId
    kind: Literal["merge", "keep_apart", "not_shared", "defer", "second", "revoke"]
    refers_to: Annotated[_DecisionId | None, _Blank]
    item_id: Annotated[str | None, _Blank]
    records_l: _Names
    records_r: _Names
    identifiers_l: _Names
    identifiers_r: _Names
    value: Annotated[Annotated[str, AfterValidator(_named)] | None, _Blank]
    valid_from: Annotated[NaiveDatetime | None, _Blank]
    engine: Annotated[Literal["together", "apart"] | None, _Blank]
    impact_usd: Annotated[Annotated[Decimal, Field(max_digits=18, decimal_places=2)] | None, _Blank]
    needs_second: bool
    reason: _Text
    decided_by: _Text
    decided_at: NaiveDatetime
    provenance: Annotated[str, StringConstraints(pattern=r"^(steward|rule:[^@\s]+@\S+)$")]
    run: Annotated[int, Field(ge=1, lt=2**31)]

    @model_validator(mode="after")
    def _says_what_its_kind_says(self) -> Self:
        if problems := self._problems():
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> list[str]:
        is_about_sides = self.kind in _ABOUT_SIDES
        wrong = {
            "refers_to: a second and a revoke name the decision that they speak of, others none": (
                is_about_sides == (self.refers_to is not None)
            ),
            "records: both sides must name a record, those of a second and a revoke none": (
                is_about_sides != bool(self.records_l) or is_about_sides != bool(self.records_r)
            ),
            "records: the sides must not have one in common": bool(
                set(self.records_l) & set(self.records_r)
            ),
            "identifiers: the sides must not have one in common": bool(
                set(self.identifiers_l) & set(self.identifiers_r)
            ),
            "identifiers: only a keep_apart names them": (
                self.kind != "keep_apart" and bool(self.identifiers_l or self.identifiers_r)
            ),
            "value, valid_from: a not_shared names both, others none": (
                (self.kind == "not_shared") != (self.value is not None)
                or (self.kind == "not_shared") != (self.valid_from is not None)
            ),
            "engine: must be together or apart, of a second and a revoke empty": (
                is_about_sides != (self.engine is not None)
            ),
        }
        return [problem for problem, is_wrong in wrong.items() if is_wrong]
