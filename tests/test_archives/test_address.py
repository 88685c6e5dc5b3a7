"""No password of an address is told."""

from pathlib import PurePosixPath

import pytest

from archives.address import without_passwords
from archives.errors import JinkuiError
from cli.upkeep.timestamping import ask_authority
from preservation.journal.timestamp import Question
from preservation.stores.access_key import AccessKey
from preservation.stores.object_storage import ObjectStorageSetting, ObjectStore

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("https://elastic:s3cret@es:9200/x", "https://es:9200/x"),
        ("error at (http://u:a@b/c@h/p), then https://v:w@i", "error at (http://h/p), then https://i"),
        ("https://es:9200/x", "https://es:9200/x"),
        ("write to a@b", "write to a@b"),
    ],
)
def test_what_stands_before_the_host_is_left_out(words: str, told: str) -> None:
    assert without_passwords(words) == told


def test_errors_of_services_tell_no_password() -> None:
    setting = ObjectStorageSetting(
        name="cloud", url="s3://bucket", endpoint=f"http://u:{SECRET}@127.0.0.1:9", timeout_seconds=0.2
    )
    store = ObjectStore(setting, AccessKey("a", "b"))
    question = Question(b"", 1)
    for attempt in (
        lambda: list(store.read(PurePosixPath("store.json"))),
        lambda: store.flush([PurePosixPath("store.json")]),
        lambda: ask_authority(f"http://u:{SECRET}@127.0.0.1:9/tsa", question),
        lambda: ask_authority(f"ftp://u:{SECRET}@127.0.0.1:9/tsa", question),
    ):
        with pytest.raises(JinkuiError) as raised:
            attempt()
        told = f"{raised.value} {raised.value.subject} {raised.value.advice}"
        assert SECRET not in told
