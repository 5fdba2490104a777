"""The commands, and what each is for."""

from __future__ import annotations

# What `xent --help` says of each: the first paragraph of what its own help says.
SUMMARIES = {
    "eval": "Evaluate the log loss of predictions: what it is, how sure that is, and which classes it comes from.",
    "inspect": "Say what eval would read and how it would understand it: files, columns, classes, alignment, doubts.",
}
