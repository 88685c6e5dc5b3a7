"""A list of fields is a table for people and JSON for programs."""

from archives.message import message
from cli.frame.listing import Field, as_data, listing

NAME, SIZE = message("名称", "name"), message("大小", "size")
FIELDS: tuple[Field[tuple[str, int | None]], ...] = (
    Field("name", NAME, lambda one: one[0]),
    Field("size_bytes", SIZE, lambda one: one[1], lambda one: f"{one[1]} B"),
    Field("left", SIZE, lambda one: one[1]),
    Field("is_empty", None, lambda one: not one[1]),
    Field("", NAME, lambda one: one[0].upper()),
)


def test_people_and_programs_read_the_same_rows() -> None:
    table, data = listing(message("表", "table"), FIELDS, iter([("a", 3), ("b", None)]))
    assert table.columns == (NAME, SIZE, SIZE, NAME)
    assert table.rows == (("a", "3 B", 3, "A"), ("b", "None B", "", "B"))
    assert data == [
        {"name": "a", "size_bytes": 3, "left": 3, "is_empty": False},
        {"name": "b", "size_bytes": None, "left": None, "is_empty": True},
    ]
    assert as_data(FIELDS, ("b", None)) == data[1]
