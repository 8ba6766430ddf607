"""The model: how much each level of each comparison says; a file that is named by its content."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from c360.errors import C360Error
from c360.identity.probabilistic.comparisons import Comparison
from c360.warehouse import export
from c360.workspace import Workspace

DIGITS = 10
"""Significant digits of a probability in the file: what sums in another order leave equal."""

UNIQUE_ID = "unique_id"


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model by its file's content. `model_id` is a digest of it."""

    model_id: str
    content: Mapping[str, Any]

    @property
    def fields(self) -> list[list[object]]:
        """What it compares, as in `signature`."""
        return list(self.content["fields"])

    @property
    def prior_weight(self) -> float:
        """The weight of two customers of whom nothing is known, in bits."""
        prior = float(self.content["prior"])
        return math.log2(prior / (1 - prior))


@dataclass(frozen=True, slots=True)
class TrainedLevel:
    """A level of a comparison with its probabilities among matches (m) and others (u)."""

    comparison: str
    place: int
    words: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        """What the level adds to the match weight, in bits, before term frequencies."""
        return math.log2(self.m / self.u)


def make_model(content: Mapping[str, Any]) -> Model:
    """Return the model of a content, named by it."""
    digest = hashlib.sha256(_text(content).encode()).hexdigest()
    return Model(f"m_{digest[:12]}", content)


def save_model(con: duckdb.DuckDBPyConnection, workspace: Workspace, model: Model) -> None:
    """Write the model's file and, from temp.term_frequency, its term frequencies beside it."""
    path = workspace.model(f"{model.model_id}.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    export(
        con,
        "from temp.term_frequency order by field, value",
        workspace.model(f"{model.model_id}_tf.parquet"),
    )
    path.write_text(_text(model.content) + "\n", encoding="utf-8")


def read_model(workspace: Workspace, model_id: str) -> Model:
    """Read a model back.

    Raises:
        C360Error: its file is not there, or is not what was written.
    """
    path = workspace.model(f"{model_id}.json")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path}: the model cannot be read ({error}); train another by `c360 train`"
        raise C360Error(msg) from error
    model = make_model(content)
    if model.model_id != model_id:
        msg = f"{path}: was changed since it was trained; train another by `c360 train`"
        raise C360Error(msg)
    return model


def read_term_frequencies(con: duckdb.DuckDBPyConnection, workspace: Workspace, model: str) -> None:
    """Write temp.term_frequency (field, value, frequency) from the model's file.

    Raises:
        C360Error: its file is not there, or is not what was written.
    """
    path = workspace.model(f"{model}_tf.parquet")
    if not path.exists():
        msg = f"{path}: there are no term frequencies; train another model by `c360 train`"
        raise C360Error(msg)
    con.execute(
        "create or replace temp table term_frequency as from read_parquet($path)",
        {"path": str(path)},
    ).fetchall()
    if read_model(workspace, model).content["term_frequencies"] != digest_frequencies(con):
        msg = f"{path}: was changed since the model was trained; train another by `c360 train`"
        raise C360Error(msg)


def digest_frequencies(con: duckdb.DuckDBPyConnection) -> str:
    """Return a digest of temp.term_frequency, whatever the order of its rows."""
    rows = con.execute(
        "select coalesce(bit_xor(md5_number(concat_ws(chr(31), field, value, frequency))), 0)"
        " from temp.term_frequency"
    ).fetchall()
    return f"{rows[0][0]:032x}"


def levels_of(model: Model) -> Iterator[TrainedLevel]:
    """Yield the levels of a model; the place is Splink's comparison vector value, the last is 0."""
    for comparison in model.content["comparisons"]:
        last = len(comparison["levels"]) - 1
        for number, level in enumerate(comparison["levels"]):
            yield TrainedLevel(
                comparison["name"], last - number, level["words"], level["m"], level["u"]
            )


def splink_settings(
    comparisons: tuple[Comparison, ...],
    trained: Mapping[tuple[str, str], tuple[float, float]],
    *,
    prior: float,
    rarest: float,
    is_told: bool,
) -> dict[str, object]:
    """Return the settings of Splink.

    Args:
        comparisons: What is compared.
        trained: m and u by comparison and words; empty before training.
        prior: The probability that two owners are one person.
        rarest: The least term frequency that counts.
        is_told: Whether predictions tell what each comparison adds.
    """
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": UNIQUE_ID,
        "linker_uid": "c360",
        "probability_two_random_records_match": prior,
        "comparisons": [_splink_comparison(each, trained, rarest) for each in comparisons],
        "blocking_rules_to_generate_predictions": [],
        "retain_intermediate_calculation_columns": is_told,
        "retain_matching_columns": is_told,  # and with them the outcome of each comparison
        "additional_columns_to_retain": [],
    }


def _splink_comparison(
    comparison: Comparison, trained: Mapping[tuple[str, str], tuple[float, float]], rarest: float
) -> dict[str, object]:
    levels: list[dict[str, object]] = [
        {
            "sql_condition": comparison.missing,
            "label_for_charts": "missing",
            "is_null_level": True,
        }
    ]
    for level in comparison.levels:
        found: dict[str, object] = {
            "sql_condition": level.condition,
            "label_for_charts": level.words,
        }
        if level.frequency_of is not None:
            found |= {
                "tf_adjustment_column": f"value_{level.frequency_of}",
                "tf_adjustment_weight": 1.0,
                "tf_minimum_u_value": rarest,
                "disable_tf_exact_match_detection": True,
            }
        if (comparison.name, level.words) in trained:
            m, u = trained[comparison.name, level.words]
            found |= {"m_probability": m, "u_probability": u}
        levels.append(found)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def rounded(value: float) -> float:
    """Return a probability with the digits that the file keeps."""
    return float(f"{value:.{DIGITS}g}")


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=True)
