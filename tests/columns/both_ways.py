"""The same question to xent by command and by function: one answer, and an inspection that agrees with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunXent
from following import Answer, added, asked, flags, typed

import xentcli
from xentcli.errors import XentError

Content: TypeAlias = "str | bytes | pa.Table"
Ask = Callable[..., Answer]


def put(**files: Content) -> None:
    """Write files into the working directory: `put(p_csv="cat,dog\\n")` writes `p.csv`."""
    for name, content in files.items():
        save(name.replace("_", "."), content)


def save(path: str, content: Content) -> None:
    """Write text as UTF-8, bytes, or a table as Parquet."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, pa.Table):
        pq.write_table(content, path)
    else:
        Path(path).write_bytes(content.encode() if isinstance(content, str) else content)


def lines(*rows: str) -> str:
    """Return rows as the text of a file."""
    return "".join(row + "\n" for row in rows)


def keywords(options: Sequence[str]) -> dict[str, Any]:
    """Return options as the arguments of `xentcli.evaluate`."""
    given: dict[str, Any] = {}
    for name, value in flags(options).items():
        if name == "--labels-header":
            given["labels_no_header"] = False
        elif name == "--no-order-check":
            given["order_check"] = False
        else:
            given[name.removeprefix("--").replace("-", "_")] = value[0] if value else True
    return given


def ask_both_ways(run_xent: RunXent, files: Sequence[str], options: Sequence[str] = (), shown: bool = True) -> Answer:
    """Return the command's answer after asserting that the function gives the same, and inspection agrees.

    shown: whether there are columns that an inspection can show; not so in a file that cannot be opened.
    """
    answer = asked(run_xent, [*files, *options])
    assert answer.code in {0, 2}, answer.text
    inspected = run_xent("inspect", *files, *options)
    assert (inspected.code, bool(inspected.stdout)) == (answer.code, shown), inspected.stderr
    if answer.code == 0:
        result = xentcli.evaluate(*files, **keywords(options))
        assert result.overall.loss == answer.loss
        found = xentcli.inspect(*files, **keywords(options)).to_dict()
        assert found.get("error") is None
        assert found["inputs"]["classes"] == answer.result["inputs"]["classes"]
        assert found["inputs"]["name_rule"] == answer.result["inputs"]["name_rule"]
        return answer
    with pytest.raises(XentError) as caught:
        xentcli.evaluate(*files, **keywords(options))
    error: Any = caught.value
    assert f"error: {error}\n" == answer.text
    assert list(error.options) == answer.options
    assert answer.text in inspected.stderr
    with pytest.raises(XentError) as caught:
        xentcli.inspect(*files, **keywords(options))
    looked: Any = caught.value
    assert str(looked) == str(error)
    if shown:
        assert looked.inspection.to_dict()["error"]["options"] == answer.options
    return answer


@pytest.fixture
def ask(run_xent: RunXent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask both ways in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return partial(ask_both_ways, run_xent)


@pytest.fixture
def ask_command(run_xent: RunXent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask `xent eval` alone, where only it takes the options, or only a whole pass meets what is wrong."""
    monkeypatch.chdir(tmp_path)
    return lambda files, options=(): asked(run_xent, [*files, *options])


def right(answer: Answer, loss: float) -> Answer:
    """Return the answer after asserting that its number is this one."""
    assert answer.right(loss), (answer.loss, loss, answer.text)
    return answer


def refused(answer: Answer, *words: str, options: Sequence[str] | None = None) -> Answer:
    """Return the answer after asserting that it is an error with these words, and these options if any are given."""
    assert answer.code == 2, answer.loss
    missing = [word for word in words if word not in answer.text]
    assert not missing, (missing, answer.text)
    if options is not None:
        assert answer.options == list(options), answer.text
    return answer


def then(ask: Ask, files: Sequence[str], options: Sequence[str], answer: Answer, number: int = 0) -> Answer:
    """Return the answer after one of an error's options was typed too."""
    assert len(answer.options) > number, answer.text
    return ask(files, added(options, typed(answer.options[number])))
