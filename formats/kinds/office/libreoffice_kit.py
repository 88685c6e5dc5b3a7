"""LibreOffice makes another file of one, by its library (LibreOfficeKit.h): its command needs sockets, which children must not have.

    python -I libreoffice_kit.py FOLDER_OF_ITS_PROGRAM PROFILE FILE MADE FORMAT

It is to be run in a process of its own, which ends afterwards.
"""

import ctypes
import os
import sys
from pathlib import Path

_LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")
_LOAD, _ERROR, _SAVE = 2, 3, 2
"""Which member of the tables of functions they are; the first member of each is its size."""
_LOADING = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)
_TELLING = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)
_SAVING = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p)


def convert(folder: str, profile: str, file: str, made: str, form: str) -> str:
    """Convert a file and return what went wrong, "" when nothing did."""
    name = next(one for one in _LIBRARIES if Path(folder, one).exists())
    library = ctypes.CDLL(str(Path(folder, name)), mode=ctypes.RTLD_GLOBAL)
    hook = library.libreofficekit_hook_2
    hook.restype, hook.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_char_p]
    office = hook(folder.encode(), Path(profile).as_uri().encode())
    if not office:
        return "LibreOffice does not start"
    document = _LOADING(_member(office, _LOAD))(office, Path(file).as_uri().encode())
    if not document:
        return (_TELLING(_member(office, _ERROR))(office) or b"LibreOffice cannot open it").decode("utf-8", "replace")
    saved = _SAVING(_member(document, _SAVE))(document, Path(made).as_uri().encode(), form.encode(), b"")
    return "" if saved else "LibreOffice cannot convert it"


def _member(thing: int, number: int) -> int:
    """Return where the function with this number in a thing's table lies."""
    table = ctypes.cast(thing, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
    return table[number] or 0


if __name__ == "__main__":
    said = convert(*sys.argv[1:])
    sys.stderr.write(said)
    sys.stderr.flush()
    os._exit(1 if said else 0)  # its threads do not end by themselves
