"""The key with which object storage is used: from a file for its owner alone, else from the environment."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archives.errors import ConfigurationError
from archives.message import Message, message

_VARIABLES = {"access-key-id": "AWS_ACCESS_KEY_ID", "secret-access-key": "AWS_SECRET_ACCESS_KEY"}


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key of object storage; its secret is never shown."""

    access_key_id: str
    secret_access_key: str

    def __repr__(self) -> str:
        return "AccessKey(…)"


def key_in_environment(environment: Mapping[str, str], *, store: str) -> AccessKey:
    """Return the key that the environment names for every store; raises ``ConfigurationError`` when it names none."""
    found = {name: environment.get(variable, "") for name, variable in _VARIABLES.items()}
    if all(found.values()):
        return AccessKey(found["access-key-id"], found["secret-access-key"])
    said = message(
        "存储“{name}”没有密钥：请设 credentials-file 或环境变量 {variables}",
        "the store “{name}” has no key: set credentials-file, or {variables} in the environment",
        name=store,
        variables=", ".join(_VARIABLES.values()),
    )
    raise _unusable(store, said)


def key_in_file(path: Path) -> AccessKey:
    """Return the key that a file states; raises ``ConfigurationError`` when it cannot be used or others can read it."""
    try:
        mode = path.stat().st_mode
        stated = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        said = message("读不了密钥文件：{reason}", "the credentials file cannot be read: {reason}", reason=str(cause))
        raise _unusable(str(path), said) from cause
    if mode & 0o077:
        said = message("密钥文件别人也能读：{path}", "others can read the credentials file {path}", path=str(path))
        raise _unusable(str(path), said, advice=message("chmod 600 {path}", "chmod 600 {path}", path=str(path)))
    if stated.keys() != _VARIABLES.keys() or not all(isinstance(value, str) and value for value in stated.values()):
        said = message("密钥文件应有且只有 {keys}", "a credentials file has just {keys}", keys=", ".join(_VARIABLES))
        raise _unusable(str(path), said)
    return AccessKey(stated["access-key-id"], stated["secret-access-key"])


def _unusable(subject: str, said: Message, *, advice: Message | None = None) -> ConfigurationError:
    return ConfigurationError(said, subject=subject, advice=advice)
