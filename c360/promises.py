"""What a configuration promises: of the columns of a source, and of the marts."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from c360.section import Section


def _is_regex(value: str) -> str:
    import duckdb

    try:
        duckdb.execute("select regexp_matches('', $pattern)", {"pattern": value}).fetchall()
    except duckdb.Error as error:
        msg = f"{value!r} is not a regular expression of RE2: {error}"
        raise ValueError(msg) from error
    return value


Pattern = Annotated[str, AfterValidator(_is_regex)]
OnDrift = Literal["evolve", "freeze", "reject_row"]
"""What becomes of a feed with other columns than those landed before. `evolve`: they are taken and
told. `freeze`: nothing lands. `reject_row`: rows with a value in a new column are rejected."""


class ColumnPromise(Section):
    """What each value of a source's column keeps. Blank is no value: only `required` asks for one.

    A row that does not keep it is rejected.
    """

    required: bool = Field(default=False, description="every row has a value")
    values: tuple[str, ...] = Field(default=(), description="the only values there are, as text")
    between: tuple[float, float] | None = Field(
        default=None, description="least and greatest number, both included"
    )
    matches: Pattern | None = Field(default=None, description="regular expression of the whole")
    format: Literal["email"] | None = Field(default=None, description="what the text looks like")
    max_length: int | None = Field(default=None, ge=1, description="most characters")

    @model_validator(mode="after")
    def _least_comes_first(self) -> Self:
        if self.between is not None and self.between[0] > self.between[1]:
            msg = f"between: {self.between[0]:g} is above {self.between[1]:g}"
            raise ValueError(msg)
        return self


class MartPromise(Section):
    """What a workspace promises of a mart in place of the shipped contract."""

    version: int | None = Field(
        default=None, ge=1, description="raise it to publish what breaks the last promise"
    )
    owner: str | None = Field(default=None, min_length=1, description="who answers for the mart")
    freshness_hours: float | None = Field(
        default=None, gt=0, description="how old the mart may be when it is read"
    )
