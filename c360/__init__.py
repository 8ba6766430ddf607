"""Customer 360: resolve customer identities and build governed customer profiles."""

from pathlib import Path

# In a wheel the working folders lie inside this package; in a checkout they lie beside it.
_checkout = Path(__file__).resolve().parents[1]
if (_checkout / "pyproject.toml").is_file():
    __path__.append(str(_checkout))
