"""A store of every kind there is, to hold to the contract; one that needs a server skips without it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from preservation.stores.local import FolderSetting
from preservation.stores.object_storage import ObjectStorageSetting
from preservation.stores.setting import StoreSetting

PLACES: Mapping[type[StoreSetting], Callable[[Path, pytest.FixtureRequest], StoreSetting]] = {
    FolderSetting: lambda folder, request: FolderSetting(name="s", path="s"),
    ObjectStorageSetting: lambda folder, request: request.getfixturevalue("s3_server").setting(
        "s", key_in=folder / "s3.toml"
    ),
}
"""How a store of each kind is described in a test, with ``folder`` as the archive's home."""
