"""What holds the layout together: see docs/adr/0001-working-folders-on-top.md."""

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ORDER = ("sources", "identity", "stewardship", "profile", "reports", "serving")
KNOW_ALL = {
    *(ROOT / "c360").glob("cli*.py"),
    ROOT / "c360" / "pipeline.py",
    ROOT / "c360" / "steps.py",
}
FOLDERS = tuple(folder for folder in (*ORDER, "data") if (ROOT / folder).is_dir())
MODULES = sorted(path for folder in ("c360", *FOLDERS) for path in (ROOT / folder).rglob("*.py"))


def imported_folders(path: Path) -> set[str]:
    """Name the working folders that a module imports from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    parts = [name.split(".") for name in names]
    return {p[1] for p in parts if p[0] == "c360" and len(p) > 1 and p[1] in (*ORDER, "data")}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_working_folder_is_a_regular_package(folder):
    assert not list((ROOT / folder).rglob("__init__.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_folders_import_only_leftwards(path):
    if path in KNOW_ALL:
        return
    home = path.relative_to(ROOT).parts[0]
    allowed = set(ORDER[: ORDER.index(home) + 1]) if home in ORDER else {home}

    assert imported_folders(path) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_are_absolute_from_c360(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))

    roots = {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert not roots & {*ORDER, "data", ""}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_type_checkers_see_the_folder_as_part_of_the_package(folder):
    link = ROOT / ".typings" / "c360" / folder

    assert link.resolve() == ROOT / folder


def test_the_standard_library_keeps_its_profile_module():
    import profile

    assert Path(profile.__file__).parent != ROOT / "profile"


def test_no_file_names_a_machine_or_a_private_path():
    told = re.compile(r"/(home|work|root|Users)/\w")
    files = [*MODULES, *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/sql/**/*.sql")]

    assert [f.name for f in files if told.search(f.read_text(encoding="utf-8"))] == []


@pytest.mark.slow
@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="only a checkout knows which files are its own"
)
def test_the_wheel_holds_every_file_and_no_other(tmp_path):
    listed = subprocess.run(
        ["git", "ls-files", "c360", *FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    own = {name if name.startswith("c360/") else f"c360/{name}" for name in listed}
    source = shutil.copytree(
        ROOT,
        tmp_path / "checkout",
        symlinks=True,
        ignore=shutil.ignore_patterns(".venv", ".git"),
    )

    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, source],
        check=True,
    )

    held = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert {name for name in held if ".dist-info/" not in name} == own
