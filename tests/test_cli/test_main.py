"""What the outermost frame says of what no command foresaw."""

from pathlib import Path

import pytest

from archives.errors import StorageError
from cli.main import run


def test_a_file_of_another_account_is_named_and_no_defect_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "locks/backup.lock")

    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied", place)

    monkeypatch.setattr("cli.home.home.read_settings", refused)
    assert run(["--home", str(tmp_path), "--lang", "en", "status"]) == StorageError.exit_code
    said = capsys.readouterr().err
    assert f"no right to read or write {place}" in said
    assert "own account" in said
    assert "Traceback" not in said
