"""Manifests are written so that they can be read, and read whatever they hold."""

import io
import string
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from preservation.package.bag import (
    decode_path,
    encode_manifest,
    is_unsafe,
    parse_manifest,
    parse_plain_manifest,
    plain_path,
)

NAMES = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=12)
PATHS = st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=3).map(
    lambda parts: PurePosixPath("data", *parts)
)
SHA256 = st.text(string.hexdigits[:16], min_size=64, max_size=64)


@given(st.dictionaries(PATHS, SHA256))
def test_a_manifest_reads_back_as_it_was_written(digests: dict[PurePosixPath, str]) -> None:
    text = io.TextIOWrapper(io.BytesIO(encode_manifest(digests)), encoding="utf-8", newline=None)
    read = {PurePosixPath(decode_path(line.path)): line.digest for line in parse_manifest(text)}
    assert read == digests


@given(st.dictionaries(PATHS, SHA256))
def test_the_fast_reader_agrees_with_the_careful_one_or_declines(digests: dict[PurePosixPath, str]) -> None:
    text = io.TextIOWrapper(io.BytesIO(encode_manifest(digests)), encoding="utf-8", newline=None).read()
    fast = parse_plain_manifest(text, hex_digits=64)
    careful = list(parse_manifest(io.StringIO(text)))
    if fast is not None:
        assert {path: digest.hex() for path, digest in fast.items()} == {line.path: line.digest for line in careful}
        assert len(careful) == len(fast)


@given(st.text(max_size=300))
def test_any_text_is_read_line_by_line_without_an_error(text: str) -> None:
    for line in parse_manifest(io.StringIO(text, newline=None)):
        assert line.row >= 1
        assert line.digest == line.digest.lower()
    parse_plain_manifest(text, hex_digits=64)


@given(st.text(max_size=60))
def test_a_path_called_safe_stays_where_it_is(path: str) -> None:
    for system in (path, path.replace("\\", "/")):
        if not is_unsafe(path):
            assert not system.startswith(("/", "~"))
            assert ".." not in system.split("/")
            assert ".." not in plain_path(system).split("/")
