"""What a library of others says of a file, as it may be told and kept: without where the file lies on this machine."""

import re
from pathlib import Path

from archives.message import Message, message
from archives.system_reason import reason_of

_LONGEST_WORDS = 300
_ADDRESS = re.compile(r"https?://\S+")
_PLACE = re.compile(r"(?<![\w.])/[^\s/]+/|(?:^|[\s'\"(\[<`=:])/\w|\b[A-Za-z]:\\")
"""What may be an absolute path: two parts after a stroke that follows no word, or a stroke that begins one."""


def words_of(cause: Exception, path: Path | None = None) -> Message:
    """Return why a library could not use a file: an error of the system in our words, any other in its own, quoted.

    The file's path, where there is one, becomes its name; words that name another absolute path are left out, and the kind of error stands.
    """
    if isinstance(cause, MemoryError):
        return message("需要的内存超过限额", "it needs more memory than it may have")
    if isinstance(cause, OSError) and cause.errno:
        return reason_of(cause)
    words = " ".join((str(cause) if path is None else str(cause).replace(str(path), path.name)).split())
    if not words or _PLACE.search(_ADDRESS.sub("", words)):
        return message("程序出错（{kind}）", "the program failed ({kind})", kind=type(cause).__name__)
    return message("“{words}”", "“{words}”", words=words[:_LONGEST_WORDS])
