"""Numbers of private persons are found by their form and check character; names where titles write them."""

import pytest

from archives.text.private import PrivateKind, private_things


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("身份证 11010519491231002X 的申请", [(PrivateKind.ID_NUMBER, "11010519491231002X")]),
        ("11010519491231002x", [(PrivateKind.ID_NUMBER, "11010519491231002x")]),
        ("110105194912310021", []),  # the check character is wrong
        ("110105194913310021", []),  # there is no such day
        ("编号 911010519491231002X1", []),
        ("电话13812345678联系", [(PrivateKind.TELEPHONE, "13812345678")]),
        ("+86 138-1234-5678", [(PrivateKind.TELEPHONE, "+86 138-1234-5678")]),
        ("2013812345678", []),
        ("关于王小明同志任职的通知", [(PrivateKind.NAME, "王小明")]),
        ("关于给予李强处分的决定", [(PrivateKind.NAME, "李强")]),
        ("关于1986年防汛工作的通知", []),
    ],
)
def test_private_things_are_found(text: str, expected: list[tuple[PrivateKind, str]]) -> None:
    assert list(private_things(text)) == expected
