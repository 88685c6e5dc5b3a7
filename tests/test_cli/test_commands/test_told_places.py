"""Where something lay on this machine is kept nowhere: not in packages, not in the journal, not in what is told."""

import csv
import tempfile
from pathlib import Path

import pytest

from tests.support.command_line import Jinkui
from tests.support.files import SAMPLES
from tests.support.places import SHARED

GIVEN = SHARED / "trials" / "files"
TOLD_IN = (".xml", ".json", ".jsonl", ".txt", ".html", ".csv")


def broken_batch(folder: Path) -> Path:
    """Write a batch of files that are cut short, each in three places, and those that are broken otherwise, where they are."""
    files = {
        f"{share}-{name}": data[: len(data) * share // 10] for name, data in SAMPLES.items() for share in (1, 5, 9)
    }
    for path in sorted((GIVEN / "documents").glob("*")):
        data = path.read_bytes()
        files |= {path.name: data, f"cut-{path.name}": data[: len(data) * 2 // 3]}
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "batch.toml").write_text('repository = "990001"\nkind = "documents"\n', "utf-8")
    with (folder / "catalogue.csv").open("w", newline="", encoding="utf-8") as sheet:
        rows = [
            (f"Z109-WS·2014·Y·BGS-{n:04}", f"题{n}", "2014", "永久", name) for n, name in enumerate(sorted(files), 1)
        ]
        csv.writer(sheet).writerows([("档号", "题名", "日期", "保管期限", "文件"), *rows])
    return folder


@pytest.mark.children
def test_no_place_on_this_machine_gets_into_what_is_kept_or_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    jinkui = Jinkui(tmp_path / "home", capsys)
    jinkui("init")
    jinkui("repository", "add", "990001", "--name", "馆", "--name-en", "L", "--kind", "馆")
    told = jinkui("ingest", str(broken_batch(tmp_path / "batch")), "--json", code=12)
    stored = [path for path in (jinkui.home / "stores").rglob("*") if path.is_file() and path.suffix in TOLD_IN]
    kept = {str(path): path.read_bytes() for path in stored if "original" not in path.parts}
    assert any(b"premis" in data for data in kept.values())
    places = [str(tmp_path).encode(), b"/proc/self", b"/dev/fd", b"jinkui-own-"]
    assert [(name, place) for name, data in kept.items() for place in places if place in data] == []
    assert [place for place in places if place.decode() in told] == []
