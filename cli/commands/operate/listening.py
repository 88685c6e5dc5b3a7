"""The place at which a service of ours is reached: taken before anything else is done, or told why it cannot be."""

import errno
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress

from archives.errors import ConfigurationError, ConflictError, JinkuiError, UsageProblem
from archives.message import Message, message
from archives.system_reason import reason_of
from cli.frame.commands import Call

_WAITING = 2048  # connections that the system keeps until they are taken, as many as uvicorn asks for
_OF_ROOT = 1024
_LAST_PORT = 65_535
_TRIED = 50
_NOT_OF_THIS_MACHINE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def listening(call: Call, host: str, port: int) -> list[socket.socket]:
    """Return what listens at every address that a host's name has on this machine, until the command has ended.

    From then on nobody else gets the port. Raises ``ConflictError`` when somebody has it, ``UsageProblem`` for one that only
    root may take, ``ConfigurationError`` for a host that is none of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as cause:
        raise _no_such_host(host, cause) from cause
    taken: list[socket.socket] = []
    absent: OSError | None = None
    for family, _, _, _, address in dict.fromkeys(found):
        try:
            taken.append(call.opened.enter_context(_listener(family, address)))
        except OSError as cause:
            if cause.errno not in _NOT_OF_THIS_MACHINE:
                raise _refused(host, port, cause) from cause
            absent = cause
    if not taken and absent:
        raise _no_such_host(host, absent) from absent
    return taken


def _listener(family: int, address: tuple[object, ...]) -> socket.socket:
    own = socket.socket(family, socket.SOCK_STREAM)
    try:
        own.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as asyncio does: a port is free when its server ended
        if family == socket.AF_INET6:
            own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        own.bind(address)
        own.listen(_WAITING)
    except OSError:
        own.close()
        raise
    return own


def _refused(host: str, port: int, cause: OSError) -> JinkuiError:
    said = message(
        "{host} 的 {port} 端口用不了：{reason}",
        "port {port} of {host} cannot be used: {reason}",
        host=host,
        port=port,
        reason=reason_of(cause),
    )
    if cause.errno == errno.EADDRINUSE:
        said = message(
            "{host} 的 {port} 端口已被占用，可能是另一个 jinkui serve",
            "port {port} of {host} is taken, perhaps by another jinkui serve",
            host=host,
            port=port,
        )
        return ConflictError(said, subject=str(port), advice=_another(host, port))
    advice = message("请用 1024 以上的端口", "choose a port from 1024 up") if port < _OF_ROOT else None
    return UsageProblem(said, subject="--port", advice=advice)


def _another(host: str, port: int) -> Message:
    free = next(_free(host, range(port + 1, min(port + _TRIED, _LAST_PORT))), None)
    if free is None:
        return message("请结束占用它的程序，或用 --port 另选", "end what has it, or choose another with --port")
    return message(
        "请结束占用它的程序，或用空着的端口：--port {free}",
        "end what has it, or use one that is free: --port {free}",
        free=free,
    )


def _free(host: str, ports: Iterable[int]) -> Iterator[int]:
    for port in ports:
        with suppress(OSError), socket.create_server((host, port)):
            yield port


def _no_such_host(host: str, cause: OSError) -> ConfigurationError:
    return ConfigurationError(
        message(
            "“{host}”不是本机的地址：{reason}",
            "“{host}” is no address of this machine: {reason}",
            host=host,
            reason=reason_of(cause),
        ),
        subject="host",
        advice=message("请改正 jinkui.toml 中的 host", "mend host in jinkui.toml"),
    )
