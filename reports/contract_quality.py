"""What is checked of a source's canonical columns, as quality rules of its exported contract."""

from c360.config import Settings
from c360.profile.odcs import Tree
from c360.reports.validity import any_sql, empty_sql, invalid_sql, promises_of
from c360.sources.quoting import text_sql


def canonical_rules(settings: Settings, name: str) -> list[Tree]:
    """Return the rules of the columns that a source fills, each a count of rows that break it.

    They warn, where those of `sources.<name>.columns` reject.
    """
    source = settings.sources[name]
    return [
        {
            "name": f"{column}_is_valid",
            "dimension": "conformity",
            "type": "sql",
            "query": f"select count(*) from silver.{source.entity}"
            f" where source = {text_sql(name)} and ({broken})",
            "mustBe": 0,
            "severity": "warning",
        }
        for column, promise in promises_of(source.entity, settings).items()
        if column in source.select
        and (broken := any_sql([empty_sql(column, promise), invalid_sql(column, promise)]))
        != "false"
    ]
