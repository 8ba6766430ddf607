"""The workspaces that the program makes: the TuranMart sample, and a starter to fill in."""

from importlib.resources import files
from pathlib import Path

from c360.data.generator import generate
from c360.data.presets import DEFAULT_SEED, PRESETS, FileFormat
from c360.errors import C360Error
from c360.outcome import Outcome
from c360.workspace import Workspace

SAMPLE_NAME = "name: turanmart"
"""The line by which the sample's own configuration is known."""

LARGEST_CSV = 10_000
"""Customers up to which the feeds are CSV, which people can open; above, Parquet."""


def lay_out(workspace: Workspace) -> Outcome:
    """Make the folders of a workspace and a commented c360.yaml.

    Raises:
        C360Error: there is a c360.yaml already; it is left as it is.
    """
    if workspace.config.exists():
        msg = f"{workspace.config} is there already and was left as it is; name another --workspace"
        raise C360Error(msg)
    raw = workspace.root / "data" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    _write_config(workspace, "starter")
    return Outcome(
        f"Wrote {workspace.config}; put feeds into {raw}, describe them there, then `c360 run`"
    )


def generate_preset(
    workspace: Workspace,
    name: str,
    *,
    seed: int | None = None,
    file_format: FileFormat | None = None,
) -> Outcome:
    """Write the feeds of a calibrated sample."""
    if name not in PRESETS:
        msg = f"there is no preset {name!r}; known: {', '.join(PRESETS)}, or name --customers N"
        raise C360Error(msg)
    return _generate(workspace, preset=name, customers=None, seed=seed, file_format=file_format)


def generate_people(
    workspace: Workspace,
    customers: int,
    *,
    seed: int | None = None,
    file_format: FileFormat | None = None,
) -> Outcome:
    """Write the feeds of a sample of the given size."""
    return _generate(
        workspace, preset=None, customers=customers, seed=seed, file_format=file_format
    )


def _generate(
    workspace: Workspace,
    *,
    preset: str | None,
    customers: int | None,
    seed: int | None,
    file_format: FileFormat | None,
) -> Outcome:
    raw = workspace.root / "data" / "raw"
    _refuse_foreign(workspace, raw)
    size = PRESETS[preset].customers if preset is not None else customers or 0
    paths = generate(
        raw,
        customers=size,
        seed=DEFAULT_SEED if seed is None else seed,
        file_format=file_format or ("csv" if size <= LARGEST_CSV else "parquet"),
        preset=preset,
    )
    if not workspace.config.exists():
        _write_config(workspace, "turanmart")
    return Outcome(
        f"Generated source data in {raw} ({size:,} customers, {len(paths)} files)",
        {"raw": str(raw), "generated_customers": size},
    )


def _refuse_foreign(workspace: Workspace, raw: Path) -> None:
    """Raise a C360Error where the sample's feeds would lie among, or replace, somebody's own."""
    if workspace.config.exists():
        if SAMPLE_NAME in workspace.config.read_text(encoding="utf-8"):
            return
        msg = f"{workspace.config} is not the sample's; name another --workspace for the sample"
        raise C360Error(msg)
    if raw.is_dir() and any(raw.iterdir()):
        msg = f"{raw} holds files already; name another --workspace for the sample"
        raise C360Error(msg)


def _write_config(workspace: Workspace, name: str) -> None:
    text = (files("c360.data") / name / "c360.yaml").read_text(encoding="utf-8")
    draft = workspace.config.with_name(".c360.yaml.draft")
    Path(draft).write_text(text, encoding="utf-8")
    draft.replace(workspace.config)
