from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from preservation.handouts.table import Cell, Row, pages_of

ROOM = 100.0


def row(number: int, lines: int, height: float, *, opens: bool) -> Row:
    cell = Cell(float(number), 10, ((),) * lines, "left")  # type: ignore[arg-type]  # a line's own shape is of no matter
    return Row((cell,), height, opens)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    sizes = draw(st.lists(st.tuples(st.integers(1, 60), st.floats(5, 60), st.booleans()), max_size=40))
    return [
        row(number, lines, max(height, lines * 5.0), opens=opens) for number, (lines, height, opens) in enumerate(sizes)
    ]


def height(page: Sequence[Row]) -> float:
    return sum(one.height_mm for one in page)


@given(tables(), st.floats(20, ROOM))
def test_every_row_is_on_a_page_in_its_order_and_no_page_is_too_full(rows: list[Row], last_room: float) -> None:
    found = list(pages_of(rows, ROOM, last_room_mm=last_room))
    assert found
    assert all(height(page) <= ROOM + 0.001 for page in found)
    assert height(found[-1]) <= last_room + 0.001
    lines: dict[float, int] = {}
    order = []
    for place, one in ((number, one) for number, page in enumerate(found) for one in enumerate(page)):
        cell = one[1].cells[0]
        is_repeated = one[0] == 0 and place > 0 and one[1].opens and cell.left_mm in lines
        if not is_repeated:
            lines[cell.left_mm] = lines.get(cell.left_mm, 0) + len(cell.lines)
            order.append(cell.left_mm)
    assert order == sorted(order)
    assert lines == {one.cells[0].left_mm: len(one.cells[0].lines) for one in rows}


@given(tables())
def test_the_line_of_a_volume_is_never_the_last_of_a_page_on_which_something_else_stands(rows: list[Row]) -> None:
    short = [one for one in rows if one.height_mm <= ROOM / 3]
    found = list(pages_of(short, ROOM, last_room_mm=ROOM))
    for page, following in pairwise(found):
        assert not page[-1].opens or len(page) == 1 or following[0].opens


def test_a_volume_that_goes_on_is_named_again() -> None:
    rows = [row(0, 1, 10, opens=True), *(row(number, 1, 30, opens=False) for number in range(1, 7))]
    found = list(pages_of(rows, ROOM, last_room_mm=ROOM))
    assert [[one.cells[0].left_mm for one in page] for page in found] == [[0, 1, 2, 3], [0, 4, 5, 6]]
