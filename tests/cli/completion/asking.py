"""What the scripts of the shells ask of xent, asked in this process."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from xentcli.cli.main import main


def ask(shell: str, line: str, word: str | None = None, encoding: str = "utf-8") -> list[str]:
    """Return the lines of the answer. `word` is what bash would replace, without it what follows the last blank."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True) for _ in range(2))
    with patch.dict(os.environ, {"_XENT_COMPLETE": f"{shell}_complete"}), redirect_stdout(out), redirect_stderr(err):
        code = main([line, line.rpartition(" ")[2] if word is None else word])
    said = [stream.buffer.getvalue().decode(encoding) for stream in (out, err)]
    assert (code, said[1]) == (0, "")
    return said[0].splitlines()


def put_files() -> None:
    """Put predictions, labels and some others where the test is."""
    Path("p.csv").write_text("id,cat,dog\n1,.5,.5\n")
    Path("l.csv").write_text("id,label,half\n1,cat,lower\n")
    Path("semicolons.csv").write_text("a;b\n1;2\n")
    Path("folder").mkdir()
    Path(".hidden").touch()
