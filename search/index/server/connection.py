"""How a server of Elasticsearch is reached: addresses, certificates, keys, and what its failures mean to people.

A server that takes requests and answers none is not asked again for some seconds, so that of many who search at once
only the first few wait for it.
"""

import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from archives.address import without_passwords
from archives.errors import SearchError
from archives.message import Message, message
from archives.system_reason import reason_of

_SILENT_SECONDS = 5.0
_CONNECTIONS = 4  # to a node, kept for requests that are under way at the same time
_REASON_LETTERS = 300
_SILENT: dict[tuple[str, ...], list[float]] = {}
"""When requests to each server were given up without an answer, since it last gave one."""


@dataclass(frozen=True, slots=True)
class ElasticSettings:
    """Where the server is, and how this installation is named in index names (lower-case letters, digits, hyphens).

    ``url`` is one address, or one for each of several nodes: while one of them is away the others are asked. The key
    is read from its file by whoever asks the server, and never kept beside the settings. ``ca_file`` holds the
    certificates by which ``https`` is judged; None: those that the machine trusts.
    """

    url: str | tuple[str, ...]
    installation: str
    api_key_file: Path | None = None
    ca_file: Path | None = None
    timeout_seconds: float = 10.0

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of all nodes."""
        return (self.url,) if isinstance(self.url, str) else self.url

    @property
    def told(self) -> str:
        """The addresses as they may be told."""
        return ", ".join(map(without_password, self.addresses))


def without_password(url: str) -> str:
    """Return an address as it may be told: what stands before its host's ``@`` is left out."""
    return without_passwords(url) if "://" in url else url.rpartition("@")[2]


@lru_cache(maxsize=8)
def client_of(settings: ElasticSettings) -> Any:
    """Return the client of a server, one a process, so that its connections are kept; raises ``SearchError``."""
    from elasticsearch import Elasticsearch

    secured = [address for address in settings.addresses if address.startswith("https:")]
    ca_file = settings.ca_file if secured else None
    if ca_file and not ca_file.is_file():
        raise _unusable(ca_file, message("没有这个文件", "there is no such file"))
    trusted: dict[str, Any] = {"ca_certs": str(ca_file)} if ca_file else {}
    try:
        return Elasticsearch(
            list(settings.addresses),
            api_key=_key_in(settings.api_key_file) if settings.api_key_file else None,
            request_timeout=settings.timeout_seconds,
            retry_on_timeout=False,
            retry_on_status=(),
            max_retries=len(settings.addresses) - 1,
            connections_per_node=_CONNECTIONS,
            **trusted,
        )
    except (ValueError, TypeError, OSError) as cause:
        said = message(
            "Elasticsearch 的设置不能用：{reason}",
            "the settings of Elasticsearch cannot be used: {reason}",
            reason=without_passwords(str(cause)[:_REASON_LETTERS]),
        )
        raise SearchError(said, subject=settings.told, advice=_CHECK) from cause


@contextmanager
def asked(settings: ElasticSettings) -> Iterator[None]:
    """Turn what goes wrong while a server is asked into ``SearchError``; asks it not at all where it has fallen silent."""
    from elasticsearch import ApiError, ConnectionTimeout, SSLError, TransportError, UnsupportedProductError
    from elasticsearch import ConnectionError as NotConnected

    if _is_silent(settings):
        raise _away(settings, message("没有应答", "it does not answer"))
    try:
        yield
    except ConnectionTimeout as cause:
        _SILENT.setdefault(settings.addresses, []).append(time.monotonic())
        raise _away(settings, message("没有应答", "it does not answer")) from cause
    except ApiError as cause:
        if cause.meta.status in (401, 403):
            client_of.cache_clear()  # a key that was replaced is read anew
        raise refused(settings, cause.meta.status, cause.body) from cause
    except SSLError as cause:
        raise _away(settings, message("其证书不被信任", "its certificate is not trusted"), _TRUST) from cause
    except NotConnected as cause:
        raise _away(settings, message("连接不上", "it cannot be reached")) from cause
    except (TransportError, UnsupportedProductError) as cause:
        raise _away(settings, without_passwords(str(cause)[:_REASON_LETTERS])) from cause
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as cause:
        raise _away(settings, message("应答看不懂", "its answer is not understood")) from cause
    _SILENT.pop(settings.addresses, None)


def refused(settings: ElasticSettings, status: int, told: object) -> SearchError:
    """Return the error of an answer that says no, with what helps against it."""
    reason = f"{status} {_reason_in(told)}".strip()
    return _away(settings, without_passwords(reason[:_REASON_LETTERS]), _ADVICE.get(status, _CHECK))


def _is_silent(settings: ElasticSettings) -> bool:
    given_up = _SILENT.get(settings.addresses, [])
    return len(given_up) >= len(settings.addresses) and time.monotonic() - given_up[-1] < _SILENT_SECONDS


def _key_in(path: Path) -> str:
    """Return the key in a file for its owner alone."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read(1 << 16).decode("ascii").strip()
    except OSError as cause:
        raise _unusable(path, reason_of(cause)) from cause
    except UnicodeDecodeError as cause:
        raise _unusable(path, message("其中不是密钥", "it holds no key")) from cause
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        said = message("别人也能读", "others can read it")
        raise _unusable(path, said, advice=message("请运行 chmod 600 {path}", "run chmod 600 {path}", path=str(path)))
    if not key or len(key.split()) != 1:
        raise _unusable(path, message("其中不是一个密钥", "it does not hold one key"))
    return key


def _reason_in(told: object) -> str:
    error = told.get("error", told) if isinstance(told, dict) else told
    if isinstance(error, dict):
        return ": ".join(str(error[key]) for key in ("type", "reason") if error.get(key))
    return error if isinstance(error, str) else json.dumps(error, default=str)


def _away(settings: ElasticSettings, reason: str | Message, advice: Message | None = None) -> SearchError:
    said = message("Elasticsearch 不可用：{reason}", "Elasticsearch cannot be used: {reason}", reason=reason)
    return SearchError(said, subject=settings.told, advice=advice or _CHECK)


def _unusable(path: Path, reason: str | Message, *, advice: Message | None = None) -> SearchError:
    said = message(
        "Elasticsearch 的密钥或证书文件不能用：{path}（{reason}）",
        "a file with the key or certificates of Elasticsearch cannot be used: {path} ({reason})",
        path=str(path),
        reason=reason,
    )
    return SearchError(said, subject=str(path), advice=advice or _CHECK)


_CHECK = message(
    "请检查服务是否运行、[search] 设置是否正确",
    "check that it runs and that the settings under [search] are right",
)
_TRUST = message(
    "请在 [search] ca-file 写明签发其证书的根证书",
    "name the certificates that it is signed by as ca-file under [search]",
)
_ADVICE = {
    401: message("请检查密钥文件中的密钥是否还有效", "look whether the key in the key file is still valid"),
    403: message("请检查密钥的权限，见手册", "look at what the key may do, see the manual"),
    404: message("请运行 jinkui index rebuild", "run jinkui index rebuild"),
    429: message(
        "服务忙，或磁盘将满：请看其磁盘，过后会自行补上",
        "it is busy or its disk is nearly full: look at its disk; what is missing is caught up with later",
    ),
    503: message(
        "索引有一部分不在：请看集群的状态，过后会自行补上",
        "a part of the index is not there: look at the cluster's health; what is missing is caught up with later",
    ),
}
"""What helps, by the status of an answer."""
