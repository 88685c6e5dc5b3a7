"""What the public hears of a stored recording is its sound and its pictures alone, made in a child."""

from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import FormatError
from archives.record.holding import Holding, StoredFile
from cli.home import originals
from cli.home.originals import Originals
from formats.processes.children import ChildExecutor
from tests.support.files import wave_bytes
from tests.support.films import WORDS, film
from tests.test_search.test_published.test_publish import make_holding
from tests.test_search.test_published.test_recordings import recording

_CANARY = b"quetzalcoatl"


class Stored:
    """Holdings of one recording with something behind its sound."""

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return its bytes."""
        return wave_bytes() + b"LIST\x0c\0\0\0" + _CANARY

    def copy(self, holding: Holding, file: StoredFile, folder: Path) -> Path:
        """Return a copy of it, or of a film where one is asked for."""
        folder.mkdir()
        copied = folder / "original"
        copied.write_bytes(film() if file.mime == "application/mp4" else self.read(holding, file))
        return copied


def test_a_recording_is_given_as_its_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holding = recording(1, 1)
    (file,) = holding.files
    executor = ChildExecutor(1, timeout_seconds=60, memory_bytes=1 << 30)
    try:
        opened = Originals(Stored(), executor, tmp_path)  # type: ignore[arg-type] # nothing but reading is asked of it
        given = opened.image(holding, file, 0)
        assert given.recording is not None
        assert (given.recording.read_bytes(), given.recording.suffix, given.screen) == (wave_bytes(), ".wav", b"")
        given.recording.unlink()
        seen = opened.image(holding, recording_of("application/mp4"), 0).recording
        assert seen is not None
        assert (seen.suffix, WORDS in seen.read_bytes()) == (".mp4", False)
        seen.unlink()
        monkeypatch.setattr(originals, "_LONGEST_RECORDING_BYTES", 0)
        with pytest.raises(FormatError, match="longer than 1 GiB"):
            opened.image(holding, file, 0)
        for mime in ("video/x-msvideo", "audio/ogg"):
            with pytest.raises(FormatError):
                opened.image(holding, recording_of(mime), 0)
        told = [one.text("en") for one in opened.told_not_played()]
        assert len(told) == 3
        assert all(holding.description.code.written in one and "not played on the site" in one for one in told)
        for _ in range(9):
            with pytest.raises(FormatError):
                opened.image(holding, recording_of("audio/ogg"), 0)
        assert [one.text("en") for one in opened.told_not_played()][10:] == ["2 more recordings are not played"]
    finally:
        executor.shutdown()
    assert list(tmp_path.iterdir()) == []


def recording_of(mime: str) -> StoredFile:
    """Return a file of that kind."""
    return replace(make_holding(1, 1).files[0], mime=mime, size_bytes=0)
