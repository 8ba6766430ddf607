"""What c360.yaml may say, and how its mistakes are told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from identity_rows import CONTRACT

from c360.config import Settings
from c360.config_file import read_settings
from c360.errors import ConfigurationError, MissingStepError

ROOT = Path(__file__).resolve().parents[1]
GOOD: dict[str, Any] = {
    "name": "shop",
    "identifiers": {"card": {"strength": "anchor"}},
    "sources": {"crm": CONTRACT | {"entity": "customers", "identifiers": {"card": "card"}}},
}


def written(tmp_path: Path, tree: object) -> Path:
    path = tmp_path / "c360.yaml"
    path.write_text(tree if isinstance(tree, str) else yaml.safe_dump(tree))
    return path


def problems(tmp_path: Path, tree: object) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_settings(written(tmp_path, tree))
    return list(caught.value.problems)


def with_source(**more: object) -> dict[str, Any]:
    return GOOD | {"sources": {"crm": GOOD["sources"]["crm"] | more}}


@pytest.mark.parametrize("name", ["turanmart", "starter", "completejourney"])
def test_the_configurations_that_come_along_are_valid(name):
    assert read_settings(ROOT / "data" / name / "c360.yaml").sources


def test_json_is_yaml(tmp_path):
    path = tmp_path / "c360.yaml"
    path.write_text(Settings.model_validate(GOOD).model_dump_json(exclude_defaults=True))

    assert read_settings(path).name == "shop"


def test_a_missing_file_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(MissingStepError, match="run `c360 init` first"):
        read_settings(tmp_path / "c360.yaml")


def test_five_mistakes_are_told_at_once(tmp_path):
    tree = {
        "name": "My Shop",
        "asof": "2026-01-01",
        "identifiers": {"card": {"strength": "strong"}},
        "guards": {"generic_after": 0},
        "sources": {"crm": GOOD["sources"]["crm"] | {"update": "replace"}},
    }

    assert problems(tmp_path, tree) == [
        "name: must be lower case letters, digits and _, beginning with a letter",
        "identifiers.card.strength: input should be 'anchor', 'contact' or 'trace'"
        " (found 'strong')",
        "guards.generic_after: input should be greater than or equal to 1 (found 0)",
        "sources.crm.update: input should be 'append', 'upsert' or 'snapshot' (found 'replace')",
        "asof: unknown key; did you mean 'as_of'?",
    ]


@pytest.mark.parametrize(
    "key", ["owner", "grain", "key", "event_time", "update", "lateness", "privacy", "replay"]
)
def test_every_part_of_a_source_contract_is_required(tmp_path, key):
    source = {k: v for k, v in GOOD["sources"]["crm"].items() if k != key}

    assert problems(tmp_path, GOOD | {"sources": {"crm": source}}) == [
        f"sources.crm.{key}: is required"
    ]


@pytest.mark.parametrize(
    ("tree", "problem"),
    [
        (
            with_source(select={"tiers": "x"}),
            "sources.crm: select: tiers: no column of 'customers'",
        ),
        (
            with_source(identifiers={"kard": "card"}),
            "sources.crm.identifiers.kard: no such identifier",
        ),
        (
            GOOD | {"identifiers": GOOD["identifiers"] | {"decision": {"strength": "anchor"}}},
            "identifiers.decision: people decide by it; take another name",
        ),
        (with_source(lateness="soon"), "sources.crm.lateness:"),
        (GOOD | {"guards": {"one_per_person": ["born"]}}, "guards.one_per_person: no source has"),
        (GOOD | {"guards": {"block": ["("]}}, "guards.block.0: '(' is not a regular expression"),
        (
            GOOD | {"identifiers": {"card": {"strength": "anchor", "region": "US"}}},
            "identifiers.card: `region` goes with `normalise: phone`",
        ),
        (
            GOOD | {"checks": {"reject_share": {"warn": 2, "fail": 1}}},
            "checks.reject_share: fail (1)",
        ),
        (
            GOOD | {"gates": {"max_share_of_ids_changed": 20}},
            "gates.max_share_of_ids_changed: input should be less than or equal to 1 (found 20)",
        ),
        (
            GOOD | {"gates": {"max_cluster": 10}},
            "gates.max_cluster: unknown key; did you mean 'max_cluster_size'?",
        ),
        (GOOD | {"hash_key": {}}, "hash_key: name either `env` or `file`"),
        ("name: [", "line 1, column 8:"),
        ("name: a\nname: b", "line 2, column 1: the key 'name' stands twice"),
        ("just words", "the file: must be a mapping of keys"),
        ("", "the file: must be a mapping of keys"),
    ],
)
def test_a_mistake_names_its_key_and_what_would_be_right(tmp_path, tree, problem):
    assert problems(tmp_path, tree)[0].startswith(problem)


def test_a_match_key_needs_its_attributes(tmp_path):
    key = {"name_and_birth": {"strength": "contact", "all_of": ["first_name"]}}

    assert problems(tmp_path, GOOD | {"identifiers": GOOD["identifiers"] | key}) == [
        "identifiers.name_and_birth.all_of: no source has an attribute 'first_name'"
    ]


def test_durations_are_days_hours_or_minutes(tmp_path):
    settings = read_settings(written(tmp_path, with_source(lateness="36h")))

    assert settings.sources["crm"].lateness == timedelta(hours=36)


def test_an_anchor_is_one_per_person_unless_it_says_otherwise(tmp_path):
    tree = GOOD | {
        "identifiers": {
            "card": {"strength": "anchor"},
            "contact": {"strength": "anchor", "per_person": 5},
            "mail": {"strength": "contact"},
        }
    }

    identifiers = read_settings(written(tmp_path, tree)).identifiers

    assert [identifiers[name].limit for name in ("card", "contact", "mail")] == [1, 5, None]


def test_what_is_compared_may_be_told_by_its_type_alone(tmp_path):
    told = {"fields": {"card": "exact", "given": {"type": "first_name"}}}
    tree = with_source(attributes={"given": "given"}) | {"probabilistic": told}

    fields = read_settings(written(tmp_path, tree)).probabilistic.fields

    assert [(name, field.type) for name, field in fields.items()] == [
        ("card", "exact"),
        ("given", "first_name"),
    ]


def test_what_is_compared_exists(tmp_path):
    told = {
        "fields": {"given": "first_name"},
        "blocking": [["card", "born"], ["town"]],
        "one_to_one": ["till"],
    }

    assert problems(tmp_path, GOOD | {"probabilistic": told}) == [
        "probabilistic.fields: no source has an attribute 'given', and it is no identifier",
        "probabilistic.blocking: no source has an attribute 'born', and it is no identifier",
        "probabilistic.blocking: no source has an attribute 'town', and it is no identifier",
        "probabilistic.one_to_one: 'till': no such source (known: crm)",
    ]


def test_proposals_are_not_accepted_below_what_is_reviewed(tmp_path):
    tree = GOOD | {"probabilistic": {"review_above": 0.8, "accept_above": 0.7}}

    with pytest.raises(ConfigurationError, match=r"accept_above \(0.7\) must not be below"):
        read_settings(written(tmp_path, tree))


def test_a_blocking_rule_names_a_field(tmp_path):
    tree = GOOD | {"probabilistic": {"blocking": [[]]}}

    with pytest.raises(ConfigurationError, match=r"probabilistic.blocking.0"):
        read_settings(written(tmp_path, tree))
