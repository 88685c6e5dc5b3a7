"""What the public hears of a stored recording is its sound alone, made in a child."""

from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import FormatError
from archives.record.holding import Holding, StoredFile
from cli.home import originals
from cli.home.originals import Originals
from formats.processes.children import ChildExecutor
from tests.support.files import wave_bytes
from tests.test_search.test_published.test_publish import make_holding
from tests.test_search.test_published.test_sound import recording

_CANARY = b"quetzalcoatl"


class Stored:
    """Holdings of one recording with something behind its sound."""

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return its bytes."""
        return wave_bytes() + b"LIST\x0c\0\0\0" + _CANARY


def test_a_recording_is_given_as_its_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holding = recording(1, 1)
    (file,) = holding.files
    executor = ChildExecutor(1, timeout_seconds=60, memory_bytes=1 << 30)
    try:
        opened = Originals(Stored(), executor, tmp_path)  # type: ignore[arg-type] # nothing but reading is asked of it
        given = opened.image(holding, file, 0)
        assert (given.sound, given.sound_ending, given.screen) == (wave_bytes(), ".wav", b"")
        monkeypatch.setattr(originals, "_LONGEST_SOUND_BYTES", 0)
        with pytest.raises(FormatError, match="not played"):
            opened.image(holding, file, 0)
        for mime in ("video/mp4", "audio/ogg"):
            with pytest.raises(FormatError):
                opened.image(holding, recording_of(mime), 0)
    finally:
        executor.shutdown()
    assert list(tmp_path.iterdir()) == []


def recording_of(mime: str) -> StoredFile:
    """Return a file of that kind."""
    return replace(make_holding(1, 1).files[0], mime=mime, size_bytes=0)
