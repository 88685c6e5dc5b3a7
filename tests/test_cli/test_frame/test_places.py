"""Places that a command is given: what cannot be one is told with the place that may be meant."""

from pathlib import Path

import pytest

from archives.errors import JinkuiError, NotFoundError, UsageProblem
from cli.frame.places import require_folder, require_new_file, require_of_this_machine


def refused(path: Path) -> JinkuiError:
    """Return how a folder is refused."""
    with pytest.raises(JinkuiError) as caught:
        require_folder(path)
    return caught.value


def test_a_folder_is_taken_as_long_as_it_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    assert refused(folder).exit_code == 4
    folder.mkdir()
    require_folder(folder)
    folder.rmdir()
    assert refused(folder).exit_code == 4


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("批次 3.zip", "python3 -m zipfile -e '{path}' '批次 3'"),
        ("batch.ZIP", "python3 -m zipfile --metadata-encoding gb18030 -e {path} batch"),
        ("batch.tar.gz", "unpack it into a folder first"),
        ("batch.rar", "unpack it into a folder first"),
        ("catalogue.xlsx", "it lies in the folder {folder}"),
    ],
)
def test_a_file_in_the_place_of_a_folder_is_misused_and_told_what_to_do(tmp_path: Path, name: str, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"PK")
    said = refused(path)
    assert isinstance(said, UsageProblem)
    assert words.format(path=path, folder=tmp_path) in str(said.advice)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("C:\\Users\\me\\批次", "/mnt/c/Users/me/批次"),
        ("d:/scan", "/mnt/d/scan"),
        ("E:", "/mnt/e"),
        ("\\\\server\\share\\scan", "mount the share"),
    ],
)
def test_a_path_of_windows_is_told_what_it_is_here(written: str, words: str) -> None:
    said = refused(Path(written))
    assert isinstance(said, UsageProblem)
    assert words in str(said.advice)


def test_a_path_of_windows_is_told_wherever_a_command_takes_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for written in ("D:\\out.xlsx", "d:/out", "\\\\server\\share\\out"):
        with pytest.raises(UsageProblem):
            require_of_this_machine(Path(written))
    (tmp_path / "D:\\out.xlsx").touch()
    for written in ("D:\\out.xlsx", "a:b.xlsx", "out", "a\\b", "/mnt/d/out"):
        require_of_this_machine(Path(written))


def test_a_folder_that_is_not_there_is_told_what_may_be_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "batches" / "2026-03").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for written, meant in (("batches\\2026-03", "batches/2026-03"), ("batches/2026-3", "batches/2026-03")):
        said = refused(Path(written))
        assert isinstance(said, NotFoundError)
        assert str(said.advice) == f"did you mean {meant}?"
    assert "give the path" in str(refused(Path("nothing/like/it")).advice)


def test_a_new_file_needs_a_folder_that_is_there(tmp_path: Path) -> None:
    require_new_file(tmp_path / "report.xlsx")
    for path in (tmp_path / "nowhere" / "report.xlsx", tmp_path, tmp_path / f"{'x' * 5000}.xlsx"):
        with pytest.raises(UsageProblem):
            require_new_file(path)
