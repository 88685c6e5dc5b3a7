"""Stores as the settings describe them: a folder, or object storage with its key."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from archives.errors import ConfigurationError, NotFoundError
from archives.message import Message, message
from cli import wiring
from cli.home.settings import StoreSetting
from preservation.stores.local import LocalStore
from preservation.stores.store import Store

_KEYS = {"access-key-id": "AWS_ACCESS_KEY_ID", "secret-access-key": "AWS_SECRET_ACCESS_KEY"}


def no_store(name: str, known: Iterable[Store]) -> NotFoundError:
    """Return the error that says that no store is called so, and which stores there are."""
    return NotFoundError(
        message("没有存储“{name}”", "there is no store “{name}”", name=name),
        subject=name,
        advice=message("已有的存储：{names}", "stores: {names}", names=", ".join(store.name for store in known)),
    )


def open_store(setting: StoreSetting, home: Path) -> Store:
    """Return the store that a setting describes; nothing is looked at yet.

    Raises ``ConfigurationError`` when the key of object storage cannot be used.
    """
    if not setting.url:
        return LocalStore(setting.name, home / setting.path)
    from preservation.stores.object_storage import ObjectStorage, ObjectStore

    address = urlsplit(setting.url)
    key = _credentials(setting, home)
    place = ObjectStorage(
        bucket=address.netloc,
        prefix=address.path.strip("/"),
        endpoint=setting.endpoint,
        region=setting.region,
        access_key_id=key["access-key-id"],
        secret_access_key=key["secret-access-key"],
        timeout_seconds=setting.timeout_seconds,
    )
    return ObjectStore(setting.name, place)


def whereabouts(setting: StoreSetting, home: Path) -> str:
    """Return where a store is, as a person names it."""
    return setting.url or str(home / setting.path)


def _credentials(setting: StoreSetting, home: Path) -> Mapping[str, str]:
    """Return the key from the file the setting names, else from the environment."""
    if not setting.credentials_file:
        found = {name: wiring.environment().get(variable, "") for name, variable in _KEYS.items()}
        if all(found.values()):
            return found
        said = message(
            "存储“{name}”没有密钥：请设 credentials-file 或环境变量 {variables}",
            "the store “{name}” has no key: set credentials-file, or {variables} in the environment",
            name=setting.name,
            variables=", ".join(_KEYS.values()),
        )
        raise _unusable(setting.name, said)
    path = home / setting.credentials_file
    try:
        mode = path.stat().st_mode
        stated = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        said = message("读不了密钥文件：{reason}", "the credentials file cannot be read: {reason}", reason=str(cause))
        raise _unusable(str(path), said) from cause
    if mode & 0o077:
        said = message("密钥文件别人也能读：{path}", "others can read the credentials file {path}", path=str(path))
        raise _unusable(str(path), said, advice=message("chmod 600 {path}", "chmod 600 {path}", path=str(path)))
    if stated.keys() != _KEYS.keys() or not all(isinstance(value, str) and value for value in stated.values()):
        said = message("密钥文件应有且只有 {keys}", "a credentials file has just {keys}", keys=", ".join(_KEYS))
        raise _unusable(str(path), said)
    return stated


def _unusable(subject: str, said: Message, *, advice: Message | None = None) -> ConfigurationError:
    return ConfigurationError(said, subject=subject, advice=advice)
