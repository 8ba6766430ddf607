"""What a command has to say when it is done."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Outcome:
    """`text` is for people, `figures` for programs (--json), `notes` are printed on stderr."""

    text: str
    figures: dict[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def then(self, other: "Outcome") -> "Outcome":
        """Return both, one after the other."""
        notes = (*self.notes, *(note for note in other.notes if note not in self.notes))
        return Outcome(f"{self.text}\n{other.text}", self.figures | other.figures, notes)
