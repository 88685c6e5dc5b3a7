"""The proof of a record: signed on its own, about what is shown and nothing else, gone with the record."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archives.proof.checkpoint import VerifierKey, open_checkpoint, published_origin, record_origin
from archives.proof.signing import make_private_key, public_key_of, signer
from archives.record.checksum import Kept, Master
from search.published.head import SignedViews, sign_head
from search.published.proved.record_proof import has_proof, record_proof, sign_records
from search.published.tree import leaf_of
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews
from search.published.views_file import for_reading
from tests.support.proofs import checked
from tests.test_search.test_doors.test_portal import make_view

TODAY = date(2026, 1, 1)
SEED, OTHER_SEED = b"s" * 32, b"t" * 32
HOME = "11111111-1111-4111-8111-111111111111"
KEPT = Kept(date(2025, 5, 1), TODAY, 2, TODAY, (Master(1, 1, "a" * 64),))


class Published:
    """A folder of what is published, signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images = folder / "images"
        self.views = self.opened()

    def opened(self) -> PublishedViews:
        """Return the views, opened anew."""
        return PublishedViews(self.folder / "public.db", today=lambda: TODAY)

    def put(self, *views: PublishedView) -> None:
        """Publish views with their leaves."""
        assert all(self.views.put_all([(view, leaf_of(view, self.images)) for view in views]))

    def sign(self, seed: bytes = SEED) -> None:
        """Sign the head and every record, as publishing does."""
        pem = make_private_key(seed, None)
        key = public_key_of(pem, None)
        sign_head(self.views, self.folder, origin=published_origin(HOME), public_key=key, sign=signer(pem))
        sign_records(self.views, self.images, origin=record_origin(HOME), public_key=key, sign=signer(pem))

    def proof(self, view_id: str, views: PublishedViews | None = None) -> str | None:
        """Return the proof of a record."""
        shown = views or self.views
        view = shown.get_by_id(view_id)
        assert view
        return record_proof(shown, view, self.images)


def key_of(seed: bytes, origin: Callable[[str], str] = record_origin) -> VerifierKey:
    return VerifierKey(origin(HOME), public_key_of(make_private_key(seed, None), None))


@pytest.fixture
def published(tmp_path: Path) -> Published:
    return Published(tmp_path)


def a_view(number: str = "5") -> PublishedView:
    pages = (PublishedPage(1, "防汛工作", None, sha256="b" * 64), PublishedPage(2, "", None))
    return replace(make_view(number), pages=pages, kept=KEPT, opened=TODAY)


def test_a_proof_is_checked_by_the_script_and_names_what_is_shown(published: Published) -> None:
    view = a_view()
    published.put(view, a_view("6"))
    published.sign()
    proof = published.proof("5")
    assert proof and checked(proof, key_of(SEED).text()) == record_origin(HOME)
    told = json.loads(json.loads(proof)["leaf"])
    assert told["elements"]["title"] == view.said("title")
    assert told["kept"]["masters"] == [{"first": 1, "last": 1, "sha256": "a" * 64}]
    assert [page["image_sha256"] for page in told["pages"]] == ["b" * 64, None]
    assert (json.loads(proof)["size"], json.loads(proof)["path"]) == (1, [])
    with pytest.raises(AssertionError):
        checked(proof, key_of(OTHER_SEED).text())


def test_a_proof_tells_nothing_that_no_page_tells(published: Published) -> None:
    view = replace(a_view(), volume="canaryvolume", shares=("canaryshare",), until=date(2027, 7, 7), content="canary")
    view = replace(view, shared_codes=("canarycode",), former_codes=("canaryformer",), sequence=987_654)
    published.put(view)
    published.sign()
    proof = published.proof("5")
    assert proof and not any(one in proof for one in ("canary", "2027-07-07", "987654"))


def test_the_same_is_proved_whatever_else_is_published(published: Published, tmp_path: Path) -> None:
    alone = Published(tmp_path / "alone")
    for one in (published, alone):
        one.put(a_view())
    published.put(*(a_view(str(n)) for n in range(6, 20)))
    for one in (published, alone):
        one.sign()
    assert published.proof("5") == alone.proof("5")
    published.views.marks.put("6")
    assert published.proof("5") == alone.proof("5")


def test_a_record_that_is_published_otherwise_is_signed_again(published: Published) -> None:
    published.put(a_view())
    published.sign()
    before = published.proof("5")
    published.put(replace(a_view(), state="", elements={**a_view().elements, "title": "另一题名"}))
    view = published.views.get_by_id("5")
    assert view and not has_proof(published.views, view)
    published.sign()
    after = published.proof("5")
    assert before and after and before != after and "另一题名" in after


def test_nothing_is_left_of_the_proof_of_a_record_that_closed(published: Published) -> None:
    published.put(a_view(), a_view("6"))
    published.sign()
    proof = published.proof("5")
    assert proof
    signature = json.loads(proof)["checkpoint"].split()[-1]
    assert signature.encode() in (published.folder / "public.db").read_bytes()
    published.views.remove("5")
    published.views.close()
    assert signature.encode() not in (published.folder / "public.db").read_bytes()


def test_what_is_marked_is_not_signed(published: Published) -> None:
    published.put(a_view(), a_view("6"))
    published.views.marks.put("5")
    published.sign()
    published.views.marks.remove("5")
    view = published.views.get_by_id("5")
    assert view and not has_proof(published.views, view)
    published.sign()
    assert published.proof("5")


def test_after_a_change_of_the_key_every_record_is_signed_anew(published: Published) -> None:
    published.put(a_view())
    published.sign()
    before = published.proof("5")
    published.sign(OTHER_SEED)
    proof = published.proof("5")
    assert proof and proof != before
    open_checkpoint(json.loads(proof)["checkpoint"], (key_of(OTHER_SEED),))


def test_a_site_with_a_pinned_key_shows_no_proof_that_somebody_else_signed(published: Published) -> None:
    published.put(a_view())
    published.sign()
    shown = SignedViews(published.folder / "public.db", key_of(SEED, published_origin), published.views)
    assert published.proof("5", shown) == published.proof("5")
    pem = make_private_key(OTHER_SEED, None)
    published.views.keep("DELETE FROM proof WHERE view_id = ?", [("5",)])
    forger = public_key_of(pem, None)
    sign_records(published.views, published.images, origin=record_origin(HOME), public_key=forger, sign=signer(pem))
    assert published.proof("5")
    assert published.proof("5", shown) is None


def test_a_proof_of_something_else_is_not_given(published: Published) -> None:
    published.put(a_view(), a_view("6"))
    published.sign()
    published.views.keep(
        "UPDATE proof SET note = (SELECT note FROM proof WHERE view_id = ?) WHERE view_id = '5'", [("6",)]
    )
    assert published.proof("5") is None
    published.views.keep("UPDATE proof SET note = ?", [("nonsense",)])
    assert published.proof("5") is None


def test_what_was_published_before_there_were_proofs_has_none(published: Published) -> None:
    published.put(a_view())
    published.sign()
    published.views.keep("DROP TABLE proof", [()])
    published.views.close()
    reading = PublishedViews(published.folder / "public.db", today=lambda: TODAY, opened=for_reading)
    assert published.proof("5", reading) is None
    reading.close()
    published.views = published.opened()
    published.sign()
    assert published.proof("5")


def test_a_record_whose_image_is_gone_keeps_no_other_from_being_signed(published: Published) -> None:
    missing = replace(a_view(), pages=(PublishedPage(1, "", "0001.jpg"),))
    (published.images / "5").mkdir(parents=True)
    (published.images / "5/0001.jpg").write_bytes(b"image")
    published.put(missing, a_view("6"))
    pem = make_private_key(SEED, None)
    sign_head(published.views, published.folder, origin=published_origin(HOME), public_key=b"k" * 32, sign=signer(pem))
    (published.images / "5/0001.jpg").unlink()
    sign_records(published.views, published.images, origin=record_origin(HOME), public_key=b"k" * 32, sign=signer(pem))
    view = published.views.get_by_id("5")
    assert view and not has_proof(published.views, view) and published.proof("6")
