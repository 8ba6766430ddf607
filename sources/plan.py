"""What has to be done for a source: which feeds are new, and which batches leave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from c360.sources.feed import Feed
from c360.sources.loads import Load


@dataclass(frozen=True, slots=True)
class Plan:
    """What landing does for a source.

    `new` feeds are read; `again` are batches of an older contract whose feed is no longer there, so
    that their own rows are judged anew; `retired` batches leave the views.
    """

    new: tuple[Feed, ...]
    again: tuple[Load, ...]
    retired: tuple[Load, ...]

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it was."""
        return not (self.new or self.retired)


def make_plan(
    feeds: Sequence[Feed],
    loads: Sequence[Load],
    contract: str,
    *,
    is_snapshot: bool,
    on_disk: Collection[str],
) -> Plan:
    """Compare the feeds at a source's path with the batches in force.

    A feed is known by its content, whatever its name. A snapshot has only what is there now; any
    other source keeps what it once had. `on_disk` are the batches whose file is still there.
    """
    present = {feed.content_hash: feed for feed in reversed(feeds)}
    valid = {
        load.content_hash
        for load in loads
        if load.contract == contract and load.batch_id in on_disk
    }
    kept = valid & present.keys() if is_snapshot else valid
    return Plan(
        new=tuple(
            feed
            for feed in feeds
            if present[feed.content_hash] is feed and feed.content_hash not in valid
        ),
        again=tuple(
            load
            for load in loads
            if not is_snapshot
            and load.content_hash not in present
            and load.content_hash not in valid
        ),
        retired=tuple(load for load in loads if load.content_hash not in kept),
    )
