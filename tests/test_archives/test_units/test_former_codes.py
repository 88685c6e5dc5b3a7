"""Of codes before the public is told what reads as a code, and of nothing else that stands in the cell."""

import pytest

from archives.record.elements.table import describe
from archives.record.identifiers import reference_code
from archives.units.former_codes import former_keys, public_former_codes, public_keys


@pytest.mark.parametrize("code", ["J019-2-0001", "Z109-WS·1999·Y·BGS-0001", "HC/1/3", "RG 59, Box 3", "旧-17"])
def test_a_code_is_told(code: str) -> None:
    said = describe({"code": reference_code("J1-2"), "title": "题名", "former_code": f"{code}；见张三材料"})
    assert public_former_codes(said) == (code,)
    assert public_keys(said, ("J9-9", *former_keys(said))) == ("J9-9", reference_code(code).key)


@pytest.mark.parametrize(
    "text", ["张三", "原放在三楼 12 号柜", "Zhang San", "110101199003071234", "13800000000", "见-附注"]
)
def test_what_is_no_code_is_not(text: str) -> None:
    said = describe({"code": reference_code("J1-2"), "title": "题名", "former_code": text})
    assert public_former_codes(said) == ()
    assert public_keys(said, (*former_keys(said), "J9-9")) == ("J9-9",)
