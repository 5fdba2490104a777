r"""The line that is being typed, as the shell reads it: its words, and how the last one goes on.

bash, zsh and fish quote alike as far as it matters here. Nothing is ever expanded or run: a variable stays its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ENDS = ";|&\n"
_LIVE = "$`*?[{("
_SPECIAL = re.compile(r"[^A-Za-z0-9_./:=,@%+\-\u0080-\U0010ffff]")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Typed:
    """The words of one command up to the cursor, without their quotes, and the word at the cursor.

    quote: the quote that is open at the cursor, '' without one. redirected: whether the word is the file of < or >.
    live: whether the shell will make something else of it, as of `$HOME` and `*`.
    """

    words: tuple[str, ...]
    current: str
    quote: str = ""
    redirected: bool = False
    live: bool = False


@dataclass(slots=True)
class _Reader:
    """What was read of a line so far; `word` is None between words."""

    words: list[str] = field(default_factory=list)
    word: str | None = None
    quote: str = ""
    redirected: bool = False
    live: bool = False

    def add(self, text: str) -> None:
        self.word = (self.word or "") + text

    def end_word(self) -> None:
        if self.word is not None and not self.redirected:
            self.words.append(self.word)
        self.redirected = self.redirected and self.word is None
        self.word, self.live = None, False

    def plain(self, char: str) -> None:
        """Take a character outside quotes."""
        if char in "'\"":
            self.quote = char
            self.add("")
        elif char in "<>":
            if self.word is not None and self.word.isdigit():
                # The number of a stream, as in 2>.
                self.word = None
            self.end_word()
            self.redirected = True
        elif char.isspace() and char != "\n":
            self.end_word()
        elif char in _ENDS:
            if not self.redirected:
                self.words.clear()
                self.word = None
        else:
            self.live |= char in _LIVE
            self.add(char)


def split(line: str, fish: bool = False) -> Typed:
    r"""Return the words of the last command of a line, and the word that it ends with, which may be empty.

    fish: in single quotes of fish a backslash stands before a quote or another one.

    >>> split("xent eval 'my file.csv' --by a\\ b")
    Typed(words=('xent', 'eval', 'my file.csv', '--by'), current='a b', quote='', redirected=False, live=False)
    >>> split('A=1 xent eval p.csv 2>log "$x')
    Typed(words=('xent', 'eval', 'p.csv'), current='$x', quote='"', redirected=False, live=True)
    """
    reader = _Reader()
    chars = iter(line)
    for char in chars:
        if reader.quote and char == reader.quote:
            reader.quote = ""
        elif char == "\\" and (reader.quote != "'" or fish):
            following = next(chars, "")
            if following == "\n":
                continue
            kept = {"": "", '"': '"\\$`', "'": "'\\"}[reader.quote]
            reader.add(following if not reader.quote or following in kept else char + following)
        elif reader.quote:
            reader.live |= reader.quote == '"' and char in "$`"
            reader.add(char)
        else:
            reader.plain(char)
    words = list(reader.words)
    while words and _ASSIGNMENT.fullmatch(words[0]):
        del words[0]
    return Typed(tuple(words), reader.word or "", reader.quote, reader.redirected, reader.live)


def is_cut(line: str) -> bool:
    r"""Say whether a line ends with a backslash that is to quote what is yet to come.

    >>> is_cut("a\\"), is_cut("a\\\\")
    (True, False)
    """
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def quoted(text: str, quote: str) -> str:
    r"""Return how a word goes on in bash with this text, where a quote is open or '' none.

    >>> quoted("it's $5", ""), quoted("it's $5", "'"), quoted("it's $5!", '"')
    ("it\\'s\\ \\$5", "it'\\''s $5", 'it\'s \\$5"\'!\'"')
    """
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        # In double quotes nothing keeps ! from being a line of the history.
        return re.sub(r'[\\"$`]', r"\\\g<0>", text).replace("!", "\"'!'\"")
    return _SPECIAL.sub(r"\\\g<0>", text)
