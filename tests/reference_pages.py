"""The reference pages of docs/: `python tests/reference_pages.py` writes them anew."""

import re
from collections.abc import Iterator
from pathlib import Path

import sqlglot
from pydantic.fields import FieldInfo
from reference_checks import checks_page
from reference_commands import commands_page
from reference_configuration import configuration_page
from reference_rows import cell, default_of, meaning_of, section_in
from sqlglot import exp

from c360.activation import Activation
from c360.config import Settings
from c360.consent import ConsentRules
from c360.entities import entities
from c360.profile.contracts import contracts
from c360.profile.model import Model
from c360.profile.models import MODELS
from c360.rules import Rules
from c360.section import Section

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEAD = "<!-- Written by tests/reference_pages.py; edit what it reads, not this page. -->\n"


def entities_page() -> str:
    """Return the page of the canonical entities."""
    lines = [
        HEAD,
        "# Canonical entities\n",
        "What the rows of a source can become: `entity` says which, `select` fills the columns."
        " Each is a table `silver.<entity>` with",
        "`source`, `record_id` (the source's key), `customer_id` and `event_time` (UTC) besides."
        " An entity that nobody feeds is an empty table.",
        "What is part of an order or a ticket has its customer; where nothing names somebody,"
        " there is none.\n",
        "| entity | one row is |\n|---|---|",
        *(f"| `{entity.name}` | {entity.grain} |" for entity in entities().values()),
    ]
    for entity in entities().values():
        lines += [f"\n## {entity.name}\n", "| column | type | meaning |\n|---|---|---|"]
        lines += [
            f"| `{entity.name}.{c.name}` | {c.type} | {c.meaning}"
            f"{'; contact data is masked' if c.kind == 'free_text' else ''} |"
            for c in entity.columns
        ]
    return "\n".join(lines) + "\n"


def marts_page() -> str:
    """Return the page of what is computed: tables of silver, and the marts with their promises."""
    lines = [
        HEAD,
        "# Computed tables and marts\n",
        "Each is one SELECT, `profile/sql/<schema>/<table>.sql`. Of a *customer* table the rows of"
        " a customer follow from that customer's",
        "rows alone, so that a build makes anew those that changed; a *whole* one is made whole"
        " each time; a *view* stores nothing; a *log* is added to.\n",
        "## silver\n",
        "| table | made | one row is | columns |\n|---|---|---|---|",
    ]
    marts = []
    for step in MODELS:
        schema, _, name = step.table.partition(".")
        model = step.build
        kind = model.kind if isinstance(model, Model) else "log"
        if schema == "gold":
            marts.append((name, kind))
        elif isinstance(model, Model):
            told = " ".join(_said(model.sql))
            columns = ", ".join(f"`{column}`" for column in _columns(model.sql))
            lines.append(f"| `{step.table}` | {kind} | {told} | {columns} |")
    lines += ["\n## gold\n"]
    for name, kind in marts:
        promise = contracts()[name]
        lines += [
            f"### gold.{name}\n",
            f"{promise.grain}. Made: {kind}; key: {', '.join(f'`{k}`' for k in promise.key)};"
            f" at most {promise.freshness_hours:g} h old; version {promise.version};"
            f" {promise.owner}.\n",
            "| column | type | meaning |\n|---|---|---|",
            *(f"| `{c.name}` | {c.type} | {cell(c.meaning)} |" for c in promise.columns),
            "",
        ]
    return "\n".join(lines)


def rules_page() -> str:
    """Return the page of the thresholds."""
    lines = [
        HEAD,
        "# Thresholds\n",
        "What decides in silver and gold, key by key. What it does: [profiles.md](profiles.md).\n",
    ]
    for title, prefix, section in (
        ("Rules", "rules.", Rules),
        ("Consent", "consent.", ConsentRules),
        ("Activation", "activation.<name>.", Activation),
    ):
        lines += [f"## {title}\n", "| key | default | meaning |\n|---|---|---|"]
        own = prefix.removesuffix(".").removesuffix(".<name>")
        field = Settings.model_fields[own]
        lines.append(f"| `{own}` | `{{}}` | {cell(field.description or title.lower())} |")
        lines += [
            f"| `{path}` | {default_of(each)} | {cell(meaning_of(each))} |"
            for path, each in _keys(section, prefix)
        ]
        lines.append("")
    return "\n".join(lines)


PAGES = {
    "checks.md": checks_page,
    "commands.md": lambda: commands_page(HEAD),
    "configuration.md": configuration_page,
    "entities.md": entities_page,
    "marts.md": marts_page,
    "rules.md": rules_page,
}


def _keys(section: type[Section], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in section.model_fields.items():
        yield f"{prefix}{name}", field
        if inner := section_in(field.annotation):
            yield from _keys(inner, f"{prefix}{name}.")


def _said(sql: str) -> list[str]:
    """Return the first sentence of a model's head, without what all heads have."""
    head = " ".join(line[3:] for line in sql.splitlines() if line.startswith("-- "))
    sentence = re.split(r"(?<=[a-z)\]]{2})[.:;] ", head.removeprefix("One row per "))[0]
    return [cell(sentence.rstrip("."))]


def _columns(sql: str) -> list[str]:
    query = sqlglot.parse_one(sql, dialect="duckdb")
    return list(query.named_selects) if isinstance(query, exp.Query) else []


if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
