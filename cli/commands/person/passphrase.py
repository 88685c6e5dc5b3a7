"""Passphrases, asked for on a terminal or read from a file."""

import sys
from pathlib import Path

from archives.errors import NotFoundError, RefusedError
from archives.message import message
from cli.frame.output import Output
from preservation.journal.key import read_text


def new_passphrase(output: Output, file: str | None, name: str = "") -> str:
    """Return a new passphrase (of the person with a name): asked twice on a terminal, else the first line of a file (``-``: of the input).

    Raises ``RefusedError`` when there is neither, or the two answers differ.
    """
    if file is not None:
        return read_passphrase(file)
    of_whom = message("{name} 的新口令：", "new passphrase of {name}: ", name=name)
    once = output.ask_secret(of_whom if name else message("新口令：", "new passphrase: "))
    again = output.ask_secret(message("再输一遍：", "once more: ")) if once is not None else None
    if once is None:
        raise _no_terminal()
    if once != again:
        raise RefusedError(
            message("两次输入的口令不同", "the two passphrases differ"),
            subject="passphrase",
            advice=message("请再运行一次", "run it again"),
        )
    return once


def passphrase_of(output: Output, file: str | None, key_file: Path) -> str:
    """Return the passphrase of a key: asked for on a terminal, else the first line of a file; raises as above."""
    if file is not None:
        return read_passphrase(file)
    answer = output.ask_secret(message("{path} 的口令：", "passphrase of {path}: ", path=str(key_file)))
    if answer is None:
        raise _no_terminal()
    return answer


def read_passphrase(file: str) -> str:
    """Return the first line of a file, ``-`` for the input; raises ``NotFoundError`` when it is empty."""
    lines = (sys.stdin.readline() if file == "-" else read_text(Path(file))).splitlines()
    if not lines:
        raise NotFoundError(
            message("没有口令", "there is no passphrase"),
            subject=file,
            advice=message("口令写在文件第一行", "the first line of the file is the passphrase"),
        )
    return lines[0]


def _no_terminal() -> RefusedError:
    return RefusedError(
        message("没有终端，不能询问口令", "there is no terminal to ask for the passphrase on"),
        subject="passphrase",
        advice=message("请用 --passphrase-file", "use --passphrase-file"),
    )
