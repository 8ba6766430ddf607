"""How many examples slow property tests draw: `C360_DEEP=10 make test` draws ten times as many."""

import os


def examples(number: int) -> int:
    """Return the number of examples of a test whose examples take long."""
    return number * int(os.environ.get("C360_DEEP", "1"))
