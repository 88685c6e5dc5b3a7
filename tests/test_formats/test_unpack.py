"""A container is counted before it is believed: what could harm a reader is refused, member by member."""

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archives.errors import FormatError
from formats.unpack import Container, ContainerLimits
from tests.support.files import put, zip_bytes


def refusal(path: Path, limits: ContainerLimits | None = None) -> str:
    """Return why a container is refused."""
    with pytest.raises(FormatError) as refused, Container(path, limits):
        pass
    return refused.value.message.text("en")


def test_members_are_read_by_name_in_any_case(tmp_path: Path) -> None:
    with Container(put(tmp_path, "a.zip", zip_bytes({"OFD.xml": b"x", "b/C": b"y"}))) as container:
        assert container.names == ("OFD.xml", "b/C")
        assert container.read("ofd.XML") == b"x"
        assert container.read("b/C") == b"y"


def test_the_exact_name_goes_before_the_like(tmp_path: Path) -> None:
    with Container(put(tmp_path, "a.zip", zip_bytes({"a": b"small", "A": b"capital"}))) as container:
        assert (container.read("a"), container.read("A")) == (b"small", b"capital")


def test_a_member_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, "a.zip", zip_bytes({"a": b"x"}))
    with Container(path) as container, pytest.raises(FormatError, match="has no gone"):
        container.read("gone")


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"no zip at all"], ids=["empty", "a mark", "words"])
def test_what_is_no_zip_is_told(tmp_path: Path, data: bytes) -> None:
    assert "not a whole ZIP container" in refusal(put(tmp_path, "a.zip", data))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "not a whole ZIP container" in refusal(tmp_path / "gone.zip")


@pytest.mark.parametrize(
    ("members", "limits", "reason"),
    [
        ({"a": b"x", "b": b"y"}, ContainerLimits(members=1), "holds too much"),
        ({"a": b"x" * 200}, ContainerLimits(total_bytes=100), "holds too much"),
        ({"a": b"\0" * (1 << 20)}, ContainerLimits(ratio=100), "bomb"),
    ],
    ids=["too many members", "too many bytes", "a bomb"],
)
def test_more_than_the_limits_is_refused_before_a_byte_is_unpacked(
    tmp_path: Path, members: Mapping[str, bytes], limits: ContainerLimits, reason: str
) -> None:
    assert reason in refusal(put(tmp_path, "a.zip", zip_bytes(members)), limits)


def test_a_member_larger_than_it_may_be_is_refused_when_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.zip", zip_bytes({"a": b"x" * 200}))
    with Container(path, ContainerLimits(member_bytes=100)) as container, pytest.raises(FormatError, match="too much"):
        container.read("a")


def test_reading_one_small_member_again_and_again_counts(tmp_path: Path) -> None:
    path = put(tmp_path, "a.zip", zip_bytes({"a": b"x" * 60}))
    with Container(path, ContainerLimits(total_bytes=100)) as container:
        container.read("a")
        with pytest.raises(FormatError, match="too much"):
            container.read("a")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("a", b"one")
        container.writestr("a", b"two")
    assert "two members have one name" in refusal(put(tmp_path, "a.zip", out.getvalue()))


def changed_directory(data: bytes, *, flags: int | None = None, offset: int | None = None) -> bytes:
    """Return a ZIP whose last entry of the directory says something else."""
    at = data.rindex(b"PK\x01\x02")
    changed = bytearray(data)
    if flags is not None:
        struct.pack_into("<H", changed, at + 8, flags)
    if offset is not None:
        struct.pack_into("<I", changed, at + 42, offset)
    return bytes(changed)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    data = changed_directory(zip_bytes({"a": b"x"}), flags=1)
    assert "encrypted" in refusal(put(tmp_path, "a.zip", data))


def test_members_that_lie_over_each_other_are_refused(tmp_path: Path) -> None:
    data = changed_directory(zip_bytes({"a": b"x" * 50, "b": b"y" * 50}), offset=0)
    assert "overlap" in refusal(put(tmp_path, "a.zip", data))


def test_a_member_that_is_damaged_is_named(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as container:
        container.writestr("a", b"whole")
    path = put(tmp_path, "a.zip", out.getvalue().replace(b"whole", b"flawy", 1))
    with Container(path) as container, pytest.raises(FormatError, match="the member a cannot be read"):
        container.read("a")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, 400), value=st.integers(0, 255))
@example(at=124, value=0)  # a member without a name
def test_one_changed_byte_gives_the_member_or_a_format_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, value: int
) -> None:
    data = bytearray(zip_bytes({"one": b"1" * 40, "two": b"2" * 40}))
    data[at % len(data)] = value
    path = put(tmp_path_factory.mktemp("zip"), "a.zip", bytes(data))
    try:
        with Container(path) as container:
            for name in container.names:
                assert container.read(name) in (b"1" * 40, b"2" * 40)
    except FormatError as broken:
        assert broken.subject == path.name
