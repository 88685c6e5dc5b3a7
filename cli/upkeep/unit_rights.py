"""What a service of a schedule may do, as lines of its unit: as little as what it runs can bear. Pure: values in, lines out.

Sources: systemd.exec(5), systemd.syntax(7).
"""

from collections.abc import Sequence
from pathlib import Path

from archives.errors import UsageProblem
from archives.message import message

TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - places to compare with, nothing is put there
_LOOSENED = "shut in less, because "
SHUT_IN = (
    "ProtectSystem=strict",
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "ProtectProc=invisible",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "LockPersonality=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
)
"""What shuts in a service that answers strangers."""


def confinement(user: str, writable: Sequence[Path], *, chosen: str = "") -> list[str]:
    """Return what shuts the service in as far as stores, and a command of the operator's choice, can bear it.

    ``user`` is the account that the service runs under, empty for a user's own manager, which may not make the file system
    read-only; ``chosen`` the setting by which it runs a command of the operator's choice, if any. Folders get a ``-``: a
    store that is away must not keep the audit from starting.
    """
    if chosen:
        return _loosened(user, writable, chosen)
    lines = ["NoNewPrivileges=yes", "LockPersonality=yes", "RestrictRealtime=yes"]
    if not user:
        return lines
    lines = [
        f"User={user}",
        *lines,
        "ProtectSystem=strict",
        *_places(writable),
        "ProtectKernelTunables=yes",
        "ProtectKernelModules=yes",
        "ProtectControlGroups=yes",
        "ProtectClock=yes",
    ]
    if not any(folder.is_relative_to(place) for folder in writable for place in TEMPORARY):
        lines.append("PrivateTmp=yes")
    return lines


def may_write(unit: str, folder: Path) -> bool:
    """Say whether a service that is wholly shut in may write to a folder; one that is not may write anywhere."""
    return "ProtectSystem=strict" not in unit or f"ReadWritePaths={tolerant(folder)}\n" in unit


def is_shut_in(unit: str) -> bool:
    """Say whether a service is shut in as far as what it runs allows: those of before were not at all with an own command."""
    return "ProtectSystem=" in unit or "NoNewPrivileges=" in unit or _LOOSENED in unit


def loosened_by(unit: str) -> str:
    """Return the setting because of which a service is shut in less, empty for none."""
    _, found, rest = unit.partition(f"# {_LOOSENED}")
    return rest.partition(" is run")[0] if found else ""


def quoted(word: str) -> str:
    """Return a word as systemd reads it back: in quotes, specifiers doubled (systemd.syntax(7), "Quoting")."""
    return '"' + specifiers(one_line(word)).replace("\\", "\\\\").replace('"', '\\"') + '"'


def tolerant(folder: Path) -> str:
    """Return a folder as systemd reads it, which need not be there."""
    return '"-' + quoted(str(folder))[1:]


def specifiers(text: str) -> str:
    """Return a text in which systemd sees no specifiers."""
    return text.replace("%", "%%")


def one_line(text: str) -> str:
    """Return a text that a unit or a crontab can hold; raises ``UsageProblem`` for one that has control characters."""
    if any(ord(character) < 0x20 or character == "\x7f" or 0xD800 <= ord(character) < 0xE000 for character in text):
        raise UsageProblem(
            message("路径中有控制字符，不能排入日程", "a path with control characters cannot be scheduled"),
            subject=ascii(text),
        )
    return text


def _loosened(user: str, writable: Sequence[Path], chosen: str) -> list[str]:
    """Return what shuts in a service that runs a command of the operator's choice, with why it is no more.

    A program that hands mail over has the rights of another account or group (setuid, setgid) and writes below /var.
    ``NoNewPrivileges`` rules out the one, and under an account without CAP_SYS_ADMIN most other lines imply it
    (systemd.exec(5)); ``ProtectSystem=strict`` the other. What bears both stays.
    """
    said = f"# {_LOOSENED}{chosen} is run from here: it may need the rights of a mail program and to write below /var"
    if not user:
        return [said]
    return [said, f"User={user}", "ProtectSystem=full", *_places(writable), "ProtectControlGroups=yes"]


def _places(writable: Sequence[Path]) -> list[str]:
    return [f"ReadWritePaths={tolerant(folder)}" for folder in writable]
