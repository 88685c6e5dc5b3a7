"""Sound (WAVE): how long, and how finely it was sampled."""

import wave
from pathlib import Path

from archives.errors import FormatError
from archives.findings import warning
from archives.message import message
from formats.foreign import words_of
from formats.kinds.kind import Kind, Look


def _looked(path: Path) -> Look:
    try:
        with wave.open(str(path)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
            missing = sound.getnframes() * sound.getnchannels() * sound.getsampwidth() - path.stat().st_size
            properties = (
                ("duration_seconds", f"{seconds:.3f}"),
                ("sample_rate_hz", str(sound.getframerate())),
                ("sample_bits", str(8 * sound.getsampwidth())),
                ("channels", str(sound.getnchannels())),
            )
    except (wave.Error, EOFError, OSError, ZeroDivisionError) as cause:
        raise FormatError(message("{reason}", "{reason}", reason=words_of(cause, path)), subject=path.name) from cause
    if missing <= 0:
        return Look(properties)
    said = message(
        "文件残缺：末尾缺失，录音不完整",
        "the file is cut short: its end is missing",
    )
    return Look(properties, None, (warning("file-cut-short", said),))


KIND = Kind(
    endings=dict.fromkeys(("audio/x-wav", "audio/vnd.wave", "audio/wav"), ()),
    look=_looked,
    draw=None,
    read=None,
    is_silent=True,
)
