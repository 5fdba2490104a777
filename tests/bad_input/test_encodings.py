"""Text in other encodings: read where they are named, told where the first bytes tell, never replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from files import LABELS, PREDICTIONS
from tables import P, Y, accepted, accepted_files, figures, messages, place, refused_files, write

from xentcli import DataError, evaluate
from xentcli.sources.files import encodings as encoded

SAY_HINT = "\n  --encoding says what it is, such as utf-16-le or utf-16-be."
LABELS_HINT = "\n  If it is in another encoding, name that with --labels-encoding, such as latin-1."
UTF8_HINT = "\n  Is it UTF-8? Then leave --encoding away; otherwise it says what the text is."
OTHER_HINT = "\n  Is it in another encoding? --encoding says which."
ACCENTED = PREDICTIONS.replace("cat", "café").replace("dog", "Ünï")
ACCENTED_LABELS = LABELS.replace("cat", "café").replace("dog", "Ünï")
JAPANESE = PREDICTIONS.replace("cat", "猫").replace("dog", "犬ソ")
JAPANESE_LABELS = LABELS.replace("cat", "猫").replace("dog", "犬ソ")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "encoding",
    ["latin-1", "cp1252", "utf-16", "utf-16-le", "UTF-16BE", "utf-32", "mac_roman", "utf-7", "utf8", "utf-8-sig"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_cd2_a_named_encoding_is_read(encoding: str, end: str) -> None:
    plain = figures(accepted(ACCENTED, ACCENTED_LABELS))
    texts = [text.replace("\n", end).encode(encoding) for text in (ACCENTED, ACCENTED_LABELS)]
    assert figures(accepted(texts[0], texts[1], encoding=encoding)) == plain
    assert figures(accepted(texts[0], ACCENTED_LABELS, encoding=encoding, labels_encoding="utf-8")) == plain
    assert figures(accepted(ACCENTED, texts[1], labels_encoding=encoding)) == plain


@pytest.mark.parametrize("encoding", ["shift_jis", "euc-jp", "iso2022_jp", "gb18030", "utf-16"])
def test_cd2_encodings_of_several_bytes(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = figures(accepted(JAPANESE, JAPANESE_LABELS))
    texts = [text.encode(encoding) for text in (JAPANESE, JAPANESE_LABELS)]
    assert figures(accepted(texts[0], texts[1], encoding=encoding)) == plain
    # The half of a character is kept until the other comes.
    monkeypatch.setattr(encoded, "_AT_ONCE", 1)
    assert figures(accepted(texts[0], texts[1], encoding=encoding)) == plain


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_cd2_a_mark_before_text_of_a_named_order_is_no_part_of_it(name: str) -> None:
    plain = figures(accepted(PREDICTIONS, LABELS))
    texts = [("\ufeff" + text).encode(name) for text in (PREDICTIONS, LABELS)]
    assert figures(accepted(texts[0], texts[1], encoding=name)) == plain


def told(content: bytes, message: str, *options: str, at: str = P) -> tuple[bytes, str, tuple[str, ...], str]:
    return content, message, options, at


@pytest.mark.parametrize(
    ("content", "message", "options", "at"),
    [
        pytest.param(
            *told(PREDICTIONS.encode("utf-32-le"), "the text is UTF-32, not UTF-8\n  Try --encoding utf-32-le"),
            id="CD2-utf-32-le",
        ),
        pytest.param(
            *told(PREDICTIONS.encode("utf-32-be"), "the text is UTF-32, not UTF-8\n  Try --encoding utf-32-be"),
            id="CD2-utf-32-be",
        ),
        pytest.param(
            *told(
                PREDICTIONS.encode("utf-16"),
                "the text is UTF-16, not UTF-8\n  Try --encoding utf-16",
                "--encoding",
                "utf8",
            ),
            id="CD2-said-to-be-utf-8",
        ),
        pytest.param(
            *told(LABELS.encode("utf-16"), "the text is UTF-16, not UTF-8\n  Try --labels-encoding utf-16", at=Y),
            id="CD2-labels",
        ),
        pytest.param(
            *told(
                PREDICTIONS.encode("utf-16"),
                "the text begins with the mark of UTF-16, which latin-1 is not" + SAY_HINT,
                "--encoding",
                "latin-1",
            ),
            id="CD2-another-mark",
        ),
        pytest.param(
            *told(
                PREDICTIONS.encode("utf-8-sig"),
                "the text begins with the mark of UTF-8, which cp1252 is not" + SAY_HINT,
                "--encoding",
                "cp1252",
            ),
            id="CD2-mark-of-utf-8",
        ),
        pytest.param(
            *told(
                b"\xff\xfe" + PREDICTIONS.encode("utf-16-le"),
                "the text begins with the mark of UTF-16, which utf-16-be is not" + SAY_HINT,
                "--encoding",
                "utf-16-be",
            ),
            id="CD2-another-order",
        ),
        pytest.param(
            *told(
                PREDICTIONS.encode("utf-16-be"),
                "the text does not begin with the mark of UTF-16: name the order of bytes too" + SAY_HINT,
                "--encoding",
                "utf-16",
            ),
            id="CD2-no-mark",
        ),
        *(
            pytest.param(
                *told(
                    PREDICTIONS.encode(),
                    f"the text is not {name}: read so, its line ends would be none" + UTF8_HINT,
                    "--encoding",
                    name,
                ),
                id=f"F1-{name}",
            )
            for name in ("utf-16-le", "UTF-16-BE", "utf-16", "utf-32-le", "cp037")
        ),
        pytest.param(
            *told(
                LABELS.replace("\n", "\r").encode(),
                "the text is not utf-16-le: read so, its line ends would be none"
                + UTF8_HINT.replace("--encoding", "--labels-encoding"),
                "--labels-encoding",
                "utf-16-le",
                at=Y,
            ),
            id="F1-labels-of-returns-alone",
        ),
        pytest.param(
            *told(
                PREDICTIONS.encode("utf-16-le"),
                "the text is UTF-16, not latin-1\n  Use --encoding utf-16-le.",
                "--encoding",
                "latin-1",
            ),
            id="F1-utf-16-without-a-mark-as-latin-1",
        ),
        pytest.param(
            *told(
                PREDICTIONS.encode("utf-16-le"),
                "the text is UTF-16, not utf-16-be\n  Use --encoding utf-16-le.",
                "--encoding",
                "utf-16-be",
            ),
            id="F1-the-other-order",
        ),
    ],
)
def test_what_the_first_bytes_tell(
    run_xent: RunXent, content: bytes, message: str, options: tuple[str, ...], at: str
) -> None:
    write(P, PREDICTIONS)
    write(Y, LABELS)
    write(at, content)
    refused_files(run_xent, [P, Y, *options], f"{at}: {message}")


def undecodable(place: str, byte: int, shown: str, encoding: str, what: str = "is no character") -> str:
    return f"{place}: byte {byte:,} of the text ({shown} in hexadecimal) {what} in {encoding}{OTHER_HINT}"


@pytest.mark.parametrize(
    ("content", "encoding", "where", "byte", "shown"),
    [
        pytest.param(b"cat,dog\n0.7,0.3\n0.2,0.\x818\n", "cp1252", place(P, 2), 23, "81", id="CC14-cp1252"),
        pytest.param(b"cat,dog\r\n0.7,0.3\r\n0.2,0.\x818\r\n", "cp1252", place(P, 2), 25, "81", id="CC14-crlf"),
        pytest.param(b"cat,dog\n\x81.7,0.3\n0.2,0.8\n", "cp1252", place(P, 1), 9, "81", id="CC14-first-of-a-line"),
        pytest.param(b"cat,d\x81g\n0.7,0.3\n", "cp1252", f"{P}, line 1", 6, "81", id="CC14-header"),
        pytest.param(b"\x81cat,dog\n0.7,0.3\n", "cp1252", f"{P}, line 1", 1, "81", id="CC14-first-byte"),
        pytest.param(b"cat,dog\n0.7,0.3\n0.2,0.8\xe9\n", "ascii", place(P, 2), 24, "e9", id="CC14-ascii"),
        pytest.param(
            b"cat,dog\n0.7,0.3\n0.2,0.8\x81\n",
            "shift_jis",
            place(P, 2),
            24,
            "81",
            id="CC14-shift-jis",
        ),
        pytest.param(
            "cat,dog\n0.7,0.3\n".encode("utf-16") + b"\x00\xdc\n\0",
            "utf-16",
            place(P, 2),
            35,
            "00 dc",
            id="CC14-utf-16",
        ),
    ],
)
def test_bytes_without_a_meaning(
    run_xent: RunXent, content: bytes, encoding: str, where: str, byte: int, shown: str
) -> None:
    write(P, content)
    write(Y, LABELS)
    message = undecodable(where, byte, shown, encoding)
    refused_files(run_xent, [P, Y, "--encoding", encoding, "--labels-encoding", "utf-8"], message)


def test_cc14_text_that_ends_in_the_middle_of_a_character(run_xent: RunXent) -> None:
    write(P, PREDICTIONS.encode("utf-16-le")[:-1])
    write(Y, LABELS)
    message = undecodable(place(P, 2), 47, "0a", "utf-16-le", "ends in the middle of a character")
    refused_files(run_xent, [P, Y, "--encoding", "utf-16-le", "--labels-encoding", "utf-8"], message)


def test_cc14_a_bad_byte_in_a_later_block(run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, bad = 400_000, 390_000
    lines = ["0.25000,0.75000"] * rows
    lines[bad - 1] = "0.25000,0.7500\x81"
    write(P, ("cat,dog\n" + "\n".join(lines) + "\n").encode("latin-1"))
    write(Y, "label\n" + "dog\n" * rows)
    message = undecodable(place(P, bad), len("cat,dog\n") + 16 * bad - 1, "81", "cp1252")
    settings = [(), ("--jobs", "1"), ("--chunk-rows", "7001")]
    refused_files(run_xent, [P, Y, "--encoding", "cp1252", "--labels-encoding", "utf-8"], message, settings)
    # What comes before it is validated first.
    lines[bad - 3] = "1.5,0.75000"
    write(P, ("cat,dog\n" + "\n".join(lines) + "\n").encode("latin-1"))
    with pytest.raises(DataError, match=rf"record {bad - 2} \(line {bad - 1}\), column 'cat': 1.5 is not a prob"):
        evaluate(P, Y, encoding="cp1252", labels_encoding="utf-8")


def test_cc14_labels_are_told_of_their_own_option(run_xent: RunXent) -> None:
    write(P, PREDICTIONS)
    write(Y, ACCENTED_LABELS.encode("latin-1"))
    message = f"{place(Y, 1, 'label')}: 'caf\\xe9' is not valid UTF-8" + LABELS_HINT
    refused_files(run_xent, [P, Y], message)
    write(Y, b"label\ncat\n\x81\n")
    message = undecodable(place(Y, 2), 11, "81", "cp1252").replace("--encoding", "--labels-encoding")
    refused_files(run_xent, [P, Y, "--labels-encoding", "cp1252"], message)


def test_cc14_half_of_a_pair_in_utf_7_is_no_text(run_xent: RunXent) -> None:
    write(P, PREDICTIONS)
    write(Y, b"label\ncat\n+2AA-\n")
    message = f"{place(Y, 2, 'label')}: '\\xed\\xa0\\x80' is not valid UTF-8" + LABELS_HINT
    refused_files(run_xent, [P, Y, "--labels-encoding", "utf-7"], message)


def test_cd2_compressed_text_has_an_encoding_too() -> None:
    import gzip

    plain = figures(accepted(ACCENTED, ACCENTED_LABELS))
    write("p.csv.gz", gzip.compress(ACCENTED.encode("utf-16")))
    result = accepted_files("p.csv.gz", Y, encoding="utf-16", labels_encoding="utf-8")
    assert figures(result) == plain
    assert messages(result) == {}
    write("p.csv.gz", gzip.compress(ACCENTED.encode("utf-16"))[:-9])
    with pytest.raises(DataError, match="the gzip data end in the middle"):
        evaluate("p.csv.gz", Y, encoding="utf-16", labels_encoding="utf-8")
