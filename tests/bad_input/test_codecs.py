"""Every codec of the standard library: as `--encoding` it reads what it wrote, or it is refused by its name."""

from __future__ import annotations

import codecs
import encodings
import pkgutil
from random import Random

import pytest
from conftest import RunXent
from files import LABELS, PREDICTIONS
from tables import P, Y, write

ALLOWED = "it takes an encoding such as utf-16, latin-1 or cp1252"
# No encodings of text files: bytes to bytes, names in domains, escapes, and one that only ever fails.
REFUSED = {
    *("base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"),
    *("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"),
}


def codecs_here() -> list[str]:
    """Return the names of the codecs that this Python has on this system."""
    found = []
    for module in pkgutil.iter_modules(encodings.__path__):
        try:
            codecs.lookup(module.name)
        except LookupError:
            continue
        found.append(module.name)
    return found


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))


@pytest.mark.parametrize("name", ["punycode", "undefined", "Punycode", "UNDEFINED"])
@pytest.mark.parametrize("option", ["--encoding", "--labels-encoding"])
def test_f6_a_codec_of_no_file_is_refused_by_its_name(name: str, option: str, run_xent: RunXent) -> None:
    write(P, PREDICTIONS)
    write(Y, LABELS)
    ran = run_xent("eval", P, Y, option, name)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {option} is '{name}'; {ALLOWED}\n")


def test_the_codecs_that_are_refused_are_these() -> None:
    assert set(codecs_here()) >= REFUSED
    assert len(codecs_here()) > 100


@pytest.mark.one_in_three
@pytest.mark.parametrize("name", sorted(codecs_here()))
def test_f6_every_codec_reads_what_it_wrote_or_is_refused(name: str, run_xent: RunXent) -> None:
    if name in REFUSED:
        write(P, PREDICTIONS)
        write(Y, LABELS)
        ran = run_xent("eval", P, Y, "--encoding", name)
        assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: --encoding is '{name}'; {ALLOWED}\n")
        return
    write(P, PREDICTIONS.encode(name))
    write(Y, LABELS.encode(name))
    ran = run_xent("eval", P, Y, "--encoding", name, "-f", "metrics")
    assert (ran.code, ran.stderr) == (0, "")
    assert '"loss": 0.2899092476264711' in ran.stdout
    # What it did not write is read, or refused in plain words: never an error of ours.
    write(P, Random(name).randbytes(300))
    ran = run_xent("eval", P, Y, "--encoding", name, "--labels-encoding", name)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: p.csv")
    assert ran.stderr.count("\n") <= 12
