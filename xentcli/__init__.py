"""Cross entropy (log loss) of predictions that already exist in files.

>>> from xentcli import evaluate
>>> evaluate("sample_data/wine_logits.csv", "sample_data/wine_labels.csv", input="logits").overall.rows
178
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xentcli.api import evaluate, inspect, judge
    from xentcli.errors import DataError, ExitStatus, UsageError, XentError
    from xentcli.results.evaluation import EvalResult
    from xentcli.results.inspection import InspectResult

from xentcli.version import __version__ as __version__

__all__ = [
    "DataError",
    "EvalResult",
    "ExitStatus",
    "InspectResult",
    "UsageError",
    "XentError",
    "evaluate",
    "inspect",
    "judge",
]

# Resolved on first use: `xent --help` imports this package and must not pay for NumPy and pyarrow.
_HOMES = {
    "DataError": "xentcli.errors",
    "EvalResult": "xentcli.results.evaluation",
    "ExitStatus": "xentcli.errors",
    "InspectResult": "xentcli.results.inspection",
    "UsageError": "xentcli.errors",
    "XentError": "xentcli.errors",
    "evaluate": "xentcli.api",
    "inspect": "xentcli.api",
    "judge": "xentcli.api",
}


def __getattr__(name: str) -> Any:
    """Return a public name from its own module, imported when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xentcli' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
