"""What goes out is what came in: folders, hidden files, empty folders, and names as they were, where they can be held."""

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import bagit
import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import CODES, founded, write

NAMES = (
    unicodedata.normalize("NFD", "café.txt"),
    unicodedata.normalize("NFD", "été/élève.txt"),
    "CON.txt",
    "what?.txt",
    "back\\slash.txt",
    "line\nbreak.txt",
    "like \\x41 one.txt",
    ".hidden",
    "a/.hidden too",
    "trailing dot.",
    "a/same.txt",
    "a/Same.txt",
    "卷一:甲/正文.txt",
    "d" * 100 + "/" + "e" * 100 + "/" + "f" * 100 + "/" + "g" * 100 + "/" + "h" * 100 + "/deep.txt",
)
BYTES = b"\xb2\xe2\xca\xd4.txt"


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def tree(folder: Path) -> dict[bytes, bytes | None]:
    """Return everything below a folder by its name: the bytes of files, None for empty folders."""
    found: dict[bytes, bytes | None] = {}
    for place, folders, names in os.walk(os.fsencode(folder)):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, os.fsencode(folder))] = file.read()
        if not folders and not names:
            found[os.path.relpath(place, os.fsencode(folder))] = None
    return found


def taken_in(jinkui: Jinkui, tmp_path: Path) -> dict[bytes, bytes | None]:
    """Take a record of odd names in, and return its tree as it came."""
    record = tmp_path / "batch" / CODES[0]
    for number, name in enumerate(NAMES):
        write(record / name, f"text {number}")
    (record / os.fsdecode(BYTES)).write_bytes(b"text in bytes")
    (record / "empty" / "inner").mkdir(parents=True)
    write(tmp_path / "batch" / "catalogue.csv", f"档号,题名,语种\n{CODES[0]},题名,汉语\n")
    write(tmp_path / "batch" / "batch.toml", 'kind = "documents"\n')
    jinkui("ingest", str(tmp_path / "batch"), code=12)
    return tree(record)


def test_a_record_goes_out_as_it_came(jinkui: Jinkui, tmp_path: Path) -> None:
    came = taken_in(jinkui, tmp_path)
    told = jinkui.json("export", CODES[0], str(tmp_path / "out"), "--as-it-came")
    assert tree(tmp_path / "out") == came
    assert told["other_names"] == []


def test_a_bag_says_which_names_are_others_and_how_to_have_them(jinkui: Jinkui, tmp_path: Path) -> None:
    taken_in(jinkui, tmp_path)
    told = jinkui.json("export", CODES[0], str(tmp_path / "bag"))
    assert {one["came_as"] for one in told["other_names"]} >= {"CON.txt", "what?.txt", NAMES[0]}
    originals = tmp_path / "bag" / "data" / "representations" / "original" / "data"
    assert all((originals / one["path"]).is_file() for one in told["other_names"])
    assert (originals / ".hidden").is_file()
    assert (originals / "empty" / "inner").is_dir()
    assert bagit.Bag(str(tmp_path / "bag")).validate()
    assert "--as-it-came" in jinkui("export", CODES[0], str(tmp_path / "bag 2"))


def test_what_a_file_system_cannot_hold_keeps_the_name_of_the_package_and_is_told(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = taken_in(jinkui, tmp_path)
    rename, mkdir = Path.rename, Path.mkdir

    def refuse(path: Path) -> None:
        if set(path.name) & set('?:\\"'):
            raise OSError(22, "Invalid argument", str(path))

    def renaming(path: Path, target: Path) -> Path:
        refuse(Path(target))
        return rename(path, target)

    def making(path: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        refuse(path)
        mkdir(path, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "rename", renaming)
    monkeypatch.setattr(Path, "mkdir", making)
    told = jinkui.json("export", CODES[0], str(tmp_path / "out"), "--as-it-came")
    names = {one["came_as"]: one["path"] for one in told["other_names"]}
    assert {"what?.txt", "卷一:甲/正文.txt"} <= set(names)
    monkeypatch.undo()
    out = tree(tmp_path / "out")
    assert sorted(filter(None, out.values())) == sorted(filter(None, came.values()))
    assert all(os.fsencode(path) in out for path in names.values())
    assert os.fsencode(NAMES[0]) in out


@pytest.mark.parametrize("command", ["get", "files"])
def test_the_program_in_a_store_gives_a_record_back_too(jinkui: Jinkui, tmp_path: Path, command: str) -> None:
    came = taken_in(jinkui, tmp_path)
    package = json.loads(jinkui("show", CODES[0], "--json"))["package_id"]
    program = next((tmp_path / "home").rglob("restore.py"))
    subprocess.run([sys.executable, "-I", program, command, f"urn:uuid:{package}", tmp_path / "out"], check=True)
    if command == "files":
        deep = [name for name in came if name.endswith(b"deep.txt")]
        out = tree(tmp_path / "out")
        assert {name: came[name] for name in came if name not in deep} == {n: out[n] for n in came if n not in deep}
        assert sorted(filter(None, out.values())) == sorted(filter(None, came.values()))
    else:
        assert (tmp_path / "out" / "data" / "representations" / "original" / "data" / "empty" / "inner").is_dir()
        assert bagit.Bag(str(tmp_path / "out")).validate()


def test_a_former_version_that_is_taken_in_again_says_what_it_said_and_nothing_more(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    batch = tmp_path / "batch"
    write(batch / CODES[0] / "正文.txt", "text")
    write(batch / "batch.toml", 'kind = "documents"\n')
    write(batch / "catalogue.csv", f"档号,题名,语种,经办人,日期\n{CODES[0]},题名,汉语,张三,某年\n")
    jinkui("ingest", str(batch), code=12)
    before = jinkui.json("show", CODES[0])["description"]
    more = {
        "文号": "府发〔2014〕5号",
        "附注": "有批注",
        "开放审核意见": "开放",
        "密级": "内部",
        "责任者": "某局",
        "日期": "2014-05-06",
    }
    more |= {
        "解密日期": "2030-01-01",
        "盒号": "007",
        "归档科室": "办公室",
        "保管期限": "30年",
        "语种": "英语",
        "备查": "=1",
    }
    write(batch / CODES[0] / "正文.txt", "another text")
    write(batch / "catalogue.csv", f"档号,题名,{','.join(more)}\n{CODES[0]},题名二,{','.join(more.values())}\n")
    jinkui("ingest", str(batch), "--update", code=12)
    after = jinkui.json("show", CODES[0])["description"]
    assert {key for key in after if after[key] != before[key]} >= {"title", "note", "security", "other", "box"}
    out = str(tmp_path / "out")
    jinkui("export", CODES[0], out, "--as-it-came", "--version", "1")
    jinkui("ingest", out, "--update")
    assert jinkui.json("show", CODES[0])["description"] == before
    assert len(jinkui.json("versions", CODES[0])["versions"]) == 3
