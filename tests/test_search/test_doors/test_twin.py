"""What the comparison of two sites asks for: an address that nobody asks for is compared by nobody."""

from pathlib import Path

from tests.support.twin import never_asked
from tests.support.twin_requests import SECRET, Known


def test_every_address_of_the_site_is_among_those_that_are_compared(tmp_path: Path) -> None:
    view = "11111111-1111-4111-8111-111111111111"
    known = Known(SECRET.codes, (f"/images/{view}/0001.jpg",), (view,))
    assert never_asked(known, tmp_path) == []
