"""The kinds of store there are. One more is a module with its settings, and a line here."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

from archives.message import message
from preservation.stores.local import FolderSetting
from preservation.stores.object_storage import ObjectStorageSetting
from preservation.stores.setting import COMMON_KEYS, Key, StoreSetting, keys_of

KINDS: tuple[type[StoreSetting], ...] = (FolderSetting, ObjectStorageSetting)


def setting_for(stated: Mapping[str, object]) -> type[StoreSetting] | None:
    """Return the settings of the kind whose place is stated; None when none is, or more than one."""
    named = [
        setting
        for setting in KINDS
        if (address := stated.get(setting.kind.address)) and str(address).startswith(setting.kind.begins)
    ]
    return named[0] if len(named) == 1 else None


def addresses() -> tuple[str, ...]:
    """Return the keys by which the settings say where a store is."""
    return tuple(dict.fromkeys(setting.kind.address for setting in KINDS))


def every_key(kinds: Iterable[type[StoreSetting]] = KINDS) -> tuple[Key, ...]:
    """Return what the settings can say of a store beside its name; a key that several kinds have is told of by each."""
    found: dict[str, Key] = {}
    for key in (*chain.from_iterable(map(keys_of, kinds)), *COMMON_KEYS):
        stands = found.setdefault(key.name, key)
        if stands.said != key.said:
            said = message("{one}；{other}", "{one}; {other}", one=stands.said, other=key.said)
            found[key.name] = replace(stands, said=said)
    return tuple(found.values())
