"""Sound (WAVE): how long, and how finely it was sampled."""

import wave
from pathlib import Path

from archives.errors import FormatError
from archives.message import message
from formats.foreign import words_of
from formats.kinds.kind import Kind, Look


def _looked(path: Path) -> Look:
    try:
        with wave.open(str(path)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
            properties = (
                ("duration_seconds", f"{seconds:.3f}"),
                ("sample_rate_hz", str(sound.getframerate())),
                ("sample_bits", str(8 * sound.getsampwidth())),
                ("channels", str(sound.getnchannels())),
            )
    except (wave.Error, EOFError, OSError, ZeroDivisionError) as cause:
        raise FormatError(message("{reason}", "{reason}", reason=words_of(cause, path)), subject=path.name) from cause
    return Look(properties)


KIND = Kind(
    endings=dict.fromkeys(("audio/x-wav", "audio/vnd.wave", "audio/wav"), ()),
    look=_looked,
    draw=None,
    read=None,
    is_silent=True,
)
