"""Which columns of the tables that a SELECT reads each of its own columns follows from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope, find_all_in_scope
from sqlglot.schema import MappingSchema

_CLAUSES = ("where", "group", "having", "qualify", "distinct", "order")
"""What decides, beside joins, which rows a SELECT gives; an order does where a limit follows."""


ROWS = "*"
"""Stands for the rows of a table as such, which `count(*)` counts."""


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A column of a table such as `silver.orders`."""

    table: str
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a column follows from: what its value is made of, and what decides which rows count."""

    values: frozenset[Column] = frozenset()
    rows: frozenset[Column] = frozenset()

    @property
    def all(self) -> frozenset[Column]:
        """Both kinds."""
        return self.values | self.rows

    @property
    def as_rows(self) -> "Inputs":
        """The same, where all of it only decides about rows."""
        return Inputs(rows=self.all)


def no_tables() -> MappingSchema:
    """Return the schema of a database without tables."""
    return MappingSchema(dialect="duckdb", normalize=False)


def add_table(schema: MappingSchema, table: str, columns: Iterable[str]) -> None:
    """Make the columns of a table known."""
    # DuckDB's names are the same in any case; sqlglot has them in lower case.
    types = {column.lower(): "unknown" for column in columns}
    schema.add_table(table, types, dialect="duckdb")


def inputs_of(sql: str, schema: MappingSchema) -> dict[str, Inputs]:
    """Return the inputs of every column of a SELECT (DuckDB), by its name, and of ROWS.

    `schema` has the columns of the tables that are known; a table that it lacks is taken to have
    whatever column the SELECT asks of it. An input that no row can change is still an input: the
    answer is an upper bound.
    """
    query = qualify(
        sqlglot.parse_one(sql, dialect="duckdb"),
        dialect="duckdb",
        schema=schema,
        validate_qualify_columns=False,
        identify=False,
        quote_identifiers=False,
    )
    scope = build_scope(query)
    if scope is None or not isinstance(query, exp.Query):
        return {}
    walk = _Walk()
    return {name: walk.column(scope, name) for name in [*query.named_selects, ROWS]}


@dataclass(frozen=True, slots=True)
class _Walk:
    """A way through the scopes of one query; each column of each scope is followed once."""

    found: dict[tuple[int, str], Inputs] = field(default_factory=dict)

    def column(self, scope: Scope, name: str) -> Inputs:
        key = (id(scope), name)
        if key not in self.found:
            self.found[key] = Inputs()  # a recursive query meets itself here
            self.found[key] = self._column(scope, name)
        return self.found[key]

    def _column(self, scope: Scope, name: str) -> Inputs:
        query = scope.expression
        if isinstance(query, exp.SetOperation) and name == ROWS:
            return _together(self.column(part, ROWS) for part in scope.set_operation_scopes)
        if isinstance(query, exp.SetOperation):
            place = query.named_selects.index(name)
            parts = [part for part in scope.set_operation_scopes if _names(part)]
            return _together(self.column(part, _names(part)[place]) for part in parts)
        if isinstance(query, exp.Subquery):
            return _together(self.column(inner, name) for inner in scope.subquery_scopes)
        if not isinstance(query, exp.Select):
            # A table function: what it is given.
            return _together(self._read(scope, c) for c in query.find_all(exp.Column))
        projection = next((p for p in query.selects if p.alias_or_name == name), None)
        if projection is None:  # ROWS, or one of a star over a table that is not known
            value = self._of_all(scope, name)
        else:
            value = self._expression(scope, projection)
        clauses = [clause for key in _CLAUSES if (clause := query.args.get(key)) is not None]
        looked_at = [part for part in (projection, *clauses) if part is not None]
        clauses += _joins(query, looked_at)
        rows = _together(self._expression(scope, clause) for clause in clauses)
        return _together([value, rows.as_rows])

    def _expression(self, scope: Scope, part: exp.Expr) -> Inputs:
        """Return what a part of a SELECT reads, its subqueries included."""
        inner = {id(each.expression): each for each in scope.subquery_scopes}
        subqueries = [inner[id(query)] for query in part.find_all(exp.Query) if id(query) in inner]
        counts_rows = any(
            isinstance(count.this, exp.Star) for count in find_all_in_scope(part, exp.Count)
        )
        return _together(
            [
                self._of_all(scope, ROWS) if counts_rows else Inputs(),
                *(self._read(scope, c) for c in find_all_in_scope(part, exp.Column)),
                *(self.column(query, name) for query in subqueries for name in _names(query)),
            ]
        )

    def _read(self, scope: Scope, column: exp.Column) -> Inputs:
        """Return the inputs of a column that an expression of a scope names."""
        inputs = self._column_read(scope, column)
        if (kept := column.find_ancestor(exp.Filter, exp.Select)) and isinstance(kept, exp.Filter):
            return _of_attribute(inputs, kept)
        return inputs

    def _column_read(self, scope: Scope, column: exp.Column) -> Inputs:
        for pivot in scope.pivots:
            if pivot.alias_or_name == column.table:
                return _together(
                    self._source(scope, pivot.parent.alias_or_name if pivot.parent else "", name)
                    for name in _unpivoted(pivot, column.name)
                )
        return self._source(scope, column.table, column.name)

    def _of_all(self, scope: Scope, name: str) -> Inputs:
        """Return the inputs of a column of every table of a SELECT that is not joined on the left.

        What is joined on the left is joined by its grain, so it makes no row.
        """
        left = {j.alias_or_name for j in scope.expression.args.get("joins") or [] if _is_left(j)}
        return _together(
            self._source(scope, each, name) for each in scope.selected_sources.keys() - left
        )

    def _source(self, scope: Scope, alias: str, name: str) -> Inputs:
        source = scope.sources.get(alias)
        if source is None and alias and scope.parent is not None:
            return self._source(scope.parent, alias, name)  # a subquery reads what is around it
        if not alias and len(scope.sources) == 1:
            source = next(iter(scope.sources.values()))
        if isinstance(source, Scope):
            return self.column(source, name)
        if isinstance(source, exp.Table) and source.db:
            return Inputs(values=frozenset([Column(f"{source.db}.{source.name}", name)]))
        return Inputs()  # a parameter of a lambda


def _of_attribute(inputs: Inputs, kept: exp.Filter) -> Inputs:
    """Narrow `filter (where attribute = 'city')` down to what it takes of a long table."""
    test = kept.expression.this
    if not (isinstance(test, exp.EQ) and test.left.name == "attribute" and test.right.is_string):
        return inputs
    of = test.right.name
    narrowed = {Column(each.table, value_of(of)) for each in inputs.values if each.name == "value"}
    return Inputs(frozenset(narrowed), inputs.rows)


def value_of(attribute: str) -> str:
    """Return how the value of one attribute of a long table is called.

    >>> value_of("city")
    'value[city]'
    """
    return f"value[{attribute}]"


def _names(scope: Scope) -> list[str]:
    return list(scope.expression.named_selects) if isinstance(scope.expression, exp.Query) else []


def _joins(query: exp.Select, looked_at: list[exp.Expr]) -> list[exp.Expr]:
    """Return the joins that matter to these parts of a SELECT.

    A left join that nothing looks at changes nothing: models are joined by the other's grain.
    """
    read = {column.table for part in looked_at for column in part.find_all(exp.Column)}
    matter: list[exp.Expr] = []
    for join in reversed(query.args.get("joins") or []):
        if not _is_left(join) or join.alias_or_name in read:
            matter.append(join)
            read |= {column.table for column in join.find_all(exp.Column)}
    return matter


def _is_left(join: exp.Join) -> bool:
    return join.side == "LEFT"


def _unpivoted(pivot: exp.Pivot, name: str) -> Iterator[str]:
    """Yield the columns below an UNPIVOT that one of its columns is made of.

    The column of names is made of none.
    """
    listed = [field for field in pivot.fields if isinstance(field, exp.In)]
    if name in {column.name for column in pivot.expressions}:
        yield from (column.name for each in listed for column in each.expressions)
    elif name not in {field.this.name for field in listed}:
        yield name


def _together(parts: Iterable[Inputs]) -> Inputs:
    parts = list(parts)
    values = frozenset[Column]().union(*(part.values for part in parts))
    rows = frozenset[Column]().union(*(part.rows for part in parts))
    return Inputs(values, rows - values)
