"""Whether the feeds of a source, all together, are what its contract says."""

from collections.abc import Sequence

from c360.errors import FeedError
from c360.source import Source
from c360.sources.contract import missing_columns, needed_columns
from c360.sources.feed import Feed
from c360.sources.loads import Load
from c360.sources.rejects import export_rejects, first_reasons
from c360.step import Context

_SHOWN_FILES = 3


def check_feeds(
    context: Context, name: str, source: Source, feeds: Sequence[Feed], in_force: Sequence[Load]
) -> None:
    """Check the feeds at a source's path by the batches that were made of them.

    Where every row was rejected, data/rejects/<source>.csv is written all the same.

    Raises:
        FeedError: a column is missing, or no row could be landed.
    """
    formats = {feed.content_hash: feed.format for feed in feeds}
    here = [load for load in in_force if load.content_hash in formats]
    needed = needed_columns(source)
    problems = [
        problem
        for load in here
        if formats[load.content_hash] != "jsonl"
        for problem in missing_columns(f"sources.{name}: {load.file}", name, needed, load.columns)
    ]
    if not any(load.rows_landed for load in here):
        problems.append(_why_nothing_landed(context, name, here))
    elif not problems:
        # Lines of JSON leave out what is null: a column must be in some batch, not in each.
        columns = [*dict.fromkeys(column for load in in_force for column in load.columns)]
        problems += missing_columns(f"sources.{name}: {source.path}", name, needed, columns)
    if problems:
        raise FeedError(problems)


def _why_nothing_landed(context: Context, name: str, here: Sequence[Load]) -> str:
    files = ", ".join(load.file for load in here[:_SHOWN_FILES])
    if len(here) > _SHOWN_FILES:
        files += f" and {len(here) - _SHOWN_FILES} more files"
    rejected = sum(load.rows_rejected for load in here)
    if not rejected:
        return f"sources.{name}: {files} has no rows; fetch the feed again"
    export_rejects(context, [name])
    rejects = context.workspace.rejects(name).relative_to(context.workspace.root).as_posix()
    reasons = "; ".join(first_reasons(context.con, name))
    return (
        f"sources.{name}: no row of {files} could be landed; {rejected} rejected, first {reasons}"
        f" (all are in {rejects})"
    )
