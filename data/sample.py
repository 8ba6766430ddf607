"""The workspaces that the program makes: its two samples, and a starter to fill in."""

from importlib.resources import files
from pathlib import Path
from typing import Literal

from c360.data.generator import generate
from c360.data.presets import DEFAULT_SEED, PRESETS, FileFormat
from c360.data.retail_generator import generate_retail
from c360.data.retail_presets import RETAIL_PRESETS
from c360.data.writing import TRUTH
from c360.errors import C360Error
from c360.outcome import Outcome
from c360.workspace import Workspace

Sample = Literal["turanmart", "retail360"]
"""Its name stands in its own configuration, which is known by it."""

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
    customers: int | None = None,
    seed: int | None = None,
    file_format: FileFormat | None = None,
) -> Outcome:
    """Write the feeds of a preset; those of Retail 360 come in any size, as `customers` says.

    Raises:
        C360Error: there is no such preset, or it has a size of its own; the workspace is not the
            sample's.
    """
    if name in RETAIL_PRESETS:
        raw = _claim(workspace, "retail360")
        size = customers or RETAIL_PRESETS[name].activity["customers"]
        paths = generate_retail(
            raw,
            preset=name,
            customers=size,
            seed=DEFAULT_SEED if seed is None else seed,
            file_format=file_format,
        )
        return _done(workspace, "retail360", paths, size)
    if name not in PRESETS:
        known = ", ".join((*PRESETS, *RETAIL_PRESETS))
        msg = f"there is no preset {name!r}; known: {known}, or name --customers N"
        raise C360Error(msg)
    if customers is not None:
        msg = f"--preset {name} has a size of its own; --customers goes without it, or with"
        raise C360Error(f"{msg} {' or '.join(RETAIL_PRESETS)}")
    return _generate(
        workspace,
        preset=name,
        customers=PRESETS[name].customers,
        seed=seed,
        file_format=file_format,
    )


def generate_people(
    workspace: Workspace,
    customers: int,
    *,
    seed: int | None = None,
    file_format: FileFormat | None = None,
) -> Outcome:
    """Write the feeds of a TuranMart sample of the given size."""
    return _generate(
        workspace, preset=None, customers=customers, seed=seed, file_format=file_format
    )


def _generate(
    workspace: Workspace,
    *,
    preset: str | None,
    customers: int,
    seed: int | None,
    file_format: FileFormat | None,
) -> Outcome:
    paths = generate(
        _claim(workspace, "turanmart"),
        customers=customers,
        seed=DEFAULT_SEED if seed is None else seed,
        file_format=file_format or ("csv" if customers <= LARGEST_CSV else "parquet"),
        preset=preset,
    )
    return _done(workspace, "turanmart", paths, customers)


def _claim(workspace: Workspace, sample: Sample) -> Path:
    """Return the folder of the feeds.

    Raises:
        C360Error: the feeds would lie among, or replace, somebody's own or another sample's.
    """
    raw = workspace.root / "data" / "raw"
    if workspace.config.exists():
        if f"name: {sample}\n" in workspace.config.read_text(encoding="utf-8"):
            return raw
        msg = f"{workspace.config} is not the sample's; name another --workspace for the sample"
        raise C360Error(msg)
    if raw.is_dir() and any(raw.iterdir()):
        msg = f"{raw} holds files already; name another --workspace for the sample"
        raise C360Error(msg)
    return raw


def _done(workspace: Workspace, sample: Sample, paths: tuple[Path, ...], customers: int) -> Outcome:
    if not workspace.config.exists():
        _write_config(workspace, sample)
    raw = workspace.root / "data" / "raw"
    (truth,) = (path.name for path in paths if path.stem == TRUTH)
    made = f"{customers:,} customers, {len(paths) - 1} feeds and {truth}"
    return Outcome(
        f"Generated source data in {raw} ({made})",
        {"raw": str(raw), "generated_customers": customers},
    )


def _write_config(workspace: Workspace, name: str) -> None:
    text = (files("c360.data") / name / "c360.yaml").read_text(encoding="utf-8")
    draft = workspace.config.with_name(".c360.yaml.draft")
    Path(draft).write_text(text, encoding="utf-8")
    draft.replace(workspace.config)
