"""The files of a source: found by its path, told apart by their content."""

import glob
import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from c360.errors import FeedError
from c360.source import Source

Format = Literal["csv", "jsonl", "parquet"]

FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
"""What a file's name tells of its format."""
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 20
UNREADABLE = (OSError, EOFError, zlib.error)
"""What reading the bytes of a damaged file raises."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A file of a source.

    `name` is its path as c360.yaml leads to it, with `/`; `content_hash` the SHA-256 of its bytes.
    """

    source: str
    path: Path
    name: str
    format: Format
    is_gzip: bool
    content_hash: str

    @property
    def label(self) -> str:
        """The source and the file, as a message begins; the file alone where it is of no source."""
        return f"sources.{self.source}: {self.name}" if self.source else self.name

    def open(self) -> io.BufferedIOBase:
        """Open the bytes of the file, unpacked."""
        if self.is_gzip:
            return gzip.open(self.path)
        return self.path.open("rb")


def find_feeds(name: str, source: Source, root: Path) -> list[Feed]:
    """Return the files at a source's path, by name.

    Raises:
        FeedError: there is none, or some cannot be read.
    """
    feeds: list[Feed] = []
    problems: list[str] = []
    for found in _files_at(name, source, root):
        try:
            feeds.append(_feed(name, source, root, found))
        except FeedError as error:
            problems += error.problems
        except OSError as error:
            problems.append(f"sources.{name}: {found} cannot be read: {error.strerror}")
    if problems:
        raise FeedError(problems)
    return feeds


def check_gzip(feed: Feed) -> None:
    """Read a compressed file to its end: DuckDB 1 takes one that was cut off for a shorter one.

    Raises:
        FeedError: it is damaged.
    """
    if not feed.is_gzip:
        return
    try:
        with feed.open() as file:
            while file.read(_CHUNK):
                pass
    except UNREADABLE as error:
        raise damaged(feed, error) from error


def damaged(feed: Feed, error: Exception) -> FeedError:
    """Return the error that says why the bytes of a feed cannot be read."""
    what = "is a damaged gzip file" if feed.is_gzip else "cannot be read"
    return FeedError([f"{feed.label} {what} ({error}); fetch it again"])


def _files_at(name: str, source: Source, root: Path) -> list[str]:
    """Return the paths of the source's files, as its pattern leads to them."""
    key = f"sources.{name}.path"
    exact = root / source.path
    if exact.is_dir():
        pattern = f"{PurePath(source.path).as_posix().rstrip('/')}/*.csv"
        msg = f"{key}: {source.path} is a folder; name the files in it, as {pattern}"
        raise FeedError([msg])
    if exact.is_file():
        return [PurePath(source.path).as_posix()]
    # glob.glob, because Path.glob takes no absolute pattern
    hits = glob.glob(source.path, root_dir=root, recursive=True)  # noqa: PTH207
    files = sorted({PurePath(hit).as_posix() for hit in hits if (root / hit).is_file()})
    if not files:
        msg = (
            f"{key}: no file matches {source.path} in {root.absolute()}; put the feed there or mend"
            " the path (the files of the sample are made by `c360 generate`)"
        )
        raise FeedError([msg])
    return files


def _feed(name: str, source: Source, root: Path, found: str) -> Feed:
    path = (root / found).absolute()
    suffixes = [suffix.lower() for suffix in path.suffixes]
    says_gzip = suffixes[-1:] == [".gz"]
    told = suffixes[-2:-1] if says_gzip else suffixes[-1:]
    format_ = source.format or (FORMATS.get(told[0]) if told else None)
    if format_ is None:
        msg = (
            f"sources.{name}: {found} does not tell its format by its name;"
            f" set sources.{name}.format to csv, jsonl or parquet"
        )
        raise FeedError([msg])
    with path.open("rb") as file:
        magic = file.read(len(_GZIP_MAGIC))
        file.seek(0)
        content_hash = hashlib.file_digest(file, "sha256").hexdigest()
    if not magic:
        raise FeedError([f"sources.{name}: {found} is empty (0 bytes); fetch the feed again"])
    if says_gzip != (magic == _GZIP_MAGIC):
        is_, end = ("is not", "without .gz") if says_gzip else ("is", "with .gz at the end")
        raise FeedError([f"sources.{name}: {found} {is_} a gzip file; name it {end}"])
    return Feed(name, path, found, format_, says_gzip, content_hash)
