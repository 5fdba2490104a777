"""What the fields of results may hold, beside their types.

In `Annotated`, a text says what a field is, and a dict what its JSON Schema says beside the type; docs/json_schemas.py
makes the schemas of both.
"""

from __future__ import annotations

from typing import Annotated, Any


def one_of(*values: Any) -> dict[str, Any]:
    """Return what a field says that has one of some values; one that may be None may be that, too.

    >>> one_of("nats", "bits")
    {'enum': ['nats', 'bits']}
    """
    return {"enum": list(values)}


NOT_BELOW_0 = {"minimum": 0}
# Numbers of rows and the like, and figures that have no sign.
Count = Annotated[int, NOT_BELOW_0]
CountOrNone = Annotated[int | None, NOT_BELOW_0]
Unsigned = Annotated[float | None, NOT_BELOW_0]
