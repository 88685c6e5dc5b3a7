"""Words are found in tables as programs write them: quoted, escaped, in any usual encoding, inside a workbook."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from formats.processes.opened import Opened
from ingest.leaving.other_tables import has_word

WORDS = ("金丝雀", "张三 申请", "张三\n申请", "张三\"申'请", "张三&<申请>", 'Li "Ming"')


def as_csv(word: str) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("题名",), (f"关于{word}的信",)])
    return text.getvalue()


def as_workbook(word: str) -> bytes:
    book, data = Workbook(), io.BytesIO()
    book.active.append((f"关于{word}的信",))  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(data)
    return data.getvalue()


def found(path: Path, data: bytes, word: str) -> bool:
    path.write_bytes(data)
    with Opened.at(path) as opened:
        return has_word(opened, (word,))


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_however_a_table_writes_it(tmp_path: Path, word: str) -> None:
    assert found(tmp_path / "a.xlsx", as_workbook(word), word)
    written = [as_csv(word).encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")]
    written += [as_csv(word.replace(" ", "\u3000")).encode()]
    written += [json.dumps({"题名": word}, ensure_ascii=is_ascii).encode() for is_ascii in (True, False)]
    assert [found(tmp_path / f"{number}.csv", data, word) for number, data in enumerate(written)] == [True] * 7


def test_pieces_that_stand_apart_are_no_word(tmp_path: Path) -> None:
    apart = "张三,1983年的第一份关于水利工程的来信\n李四,申请\n"
    assert not found(tmp_path / "a.csv", apart.encode(), "张三 申请")
    assert not found(tmp_path / "b.csv", apart.encode(), "&")
