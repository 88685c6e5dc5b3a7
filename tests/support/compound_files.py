"""Compound files as office programs of before 2007 wrote them, made on the spot: Word documents, presentations."""

import struct
import zlib
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound_bytes(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file ([MS-CFB], version 3) of these streams; each is padded to 4096 bytes at least.

    One named ``storage/stream`` lies in a storage.
    """
    sectors: list[bytes] = []
    chains: list[tuple[int, int, int]] = []
    for data in streams.values():
        padded = data.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % _SECTOR)
        chains.append((len(sectors), len(padded) // _SECTOR, len(padded)))
        sectors += [padded[at : at + _SECTOR] for at in range(0, len(padded), _SECTOR)]
    directory = b"".join(_directory(dict(zip(streams, chains, strict=True))))
    directory += b"\0" * (-len(directory) % _SECTOR)
    chains.append((len(sectors), len(directory) // _SECTOR, len(directory)))
    first_of_directory = len(sectors)
    sectors += [directory[at : at + _SECTOR] for at in range(0, len(directory), _SECTOR)]
    tables = 1
    while tables * 128 < len(sectors) + tables:
        tables += 1
    fat = [_FREE] * (128 * tables)
    for start, count, _ in chains:
        for at in range(start, start + count):
            fat[at] = at + 1 if at < start + count - 1 else _END
    own = [*range(len(sectors), len(sectors) + tables)]
    for at in own:
        fat[at] = _FAT
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, first_of_directory, 0)
    header += struct.pack("<IIIII", 4096, _END, 0, _END, 0) + struct.pack(f"<{tables}I", *own).ljust(436, b"\xff")
    return header + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _directory(chains: Mapping[str, tuple[int, int, int]]) -> list[bytes]:
    inside: dict[str, list[str]] = {"": []}
    for name in chains:
        storage, _, stream = name.rpartition("/")
        if storage and storage not in inside:
            inside[""].append(storage)
        inside.setdefault(storage, []).append(stream)
    order = [(storage, name) for storage, names in inside.items() for name in names]
    number = {one: place for place, one in enumerate(order, 1)}
    entries = [_entry("Root Entry", 5, child=1 if order else _FREE, start=_END, size=0)]
    for storage, name in order:
        among = inside[storage]
        last = among[-1] == name
        right = _FREE if last else number[storage, among[among.index(name) + 1]]
        if not storage and name in inside:
            entries.append(_entry(name, 1, right=right, child=number[name, inside[name][0]], start=_END, size=0))
        else:
            start, _, size = chains[f"{storage}/{name}" if storage else name]
            entries.append(_entry(name, 2, right=right, start=start, size=size))
    return entries


def _entry(name: str, kind: int, *, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, _FREE, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def xls_bytes(
    *rows: Sequence[str | tuple[float, str]],
    name: str = "目录",
    hidden: Collection[int] = (),
    merged: Sequence[int] = (),
    title: str = "",
    heading: str = "",
) -> bytes:
    """Return a workbook ([MS-XLS]) of a worksheet; numbers are given with the code of their format.

    ``hidden`` are numbers of rows (from 0), ``merged`` first and last row, first and last column of one range;
    ``title`` is what the file says of itself, ``heading`` what stands above its printed pages.
    """
    codes = list(dict.fromkeys(cell[1] for row in rows for cell in row if isinstance(cell, tuple)))
    shared = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6)) + _biff(0x0042, b"\xb0\x04")
    shared += _biff(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\5\0Arial") * 5
    for number, code in enumerate(codes, 164):
        shared += _biff(0x041E, struct.pack("<HHB", number, len(code), 1) + code.encode("utf-16-le"))
    for number in (0, *range(164, 164 + len(codes))):
        shared += _biff(0x00E0, struct.pack("<HHHBBBBIIH", 0, number, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    named = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    begins = len(shared) + len(_biff(0x0085, b"\0" * 6 + named)) + 4
    shared += _biff(0x0085, struct.pack("<IBB", begins, 0, 0) + named) + _biff(0x000A, b"")
    sheet = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    if heading:
        sheet += _biff(0x0014, struct.pack("<HB", len(heading), 1) + heading.encode("utf-16-le"))
    for place in hidden:
        sheet += _biff(0x0208, struct.pack("<HHHHHHI", place, 0, 9, 255, 0, 0, 0x120))
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            style = codes.index(cell[1]) + 1 if isinstance(cell, tuple) else 0
            head = struct.pack("<HHH", place, column, style)
            if isinstance(cell, tuple):
                sheet += _biff(0x0203, head + struct.pack("<d", cell[0]))
            elif cell:
                sheet += _biff(0x0204, head + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    if merged:
        sheet += _biff(0x00E5, struct.pack("<HHHHH", 1, *merged))
    about = {"\x05SummaryInformation": _summary(title)} if title else {}
    return compound_bytes({"Workbook": shared + sheet + _biff(0x000A, b"")} | about)


def _summary(title: str) -> bytes:
    """Return a property set ([MS-OLEPS]) with a title in the Chinese code page."""
    text = title.encode("gbk") + b"\0"
    text += bytes(-len(text) % 4)
    places = struct.pack("<II4I", 0, 2, 1, 24, 2, 32)
    values = struct.pack("<IhH", 2, 936, 0) + struct.pack("<II", 30, len(text)) + text
    section = struct.pack("<I", len(places) + len(values)) + places[4:] + values
    format_id = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
    return struct.pack("<HHI16xI", 0xFFFE, 0, 2, 1) + format_id + struct.pack("<I", 48) + section


def _biff(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def doc_bytes(
    *pieces: str | bytes,
    unseen: Sequence[int] = (),
    encrypted: bool = False,
    levels: Sequence[tuple[int, str, int]] = (),
    listed: Mapping[int, int] = MappingProxyType({}),
) -> bytes:
    """Return a Word document of pieces (text in UTF-16, or bytes in Windows-1252), those with an index ``unseen`` hidden.

    Pieces that are ``listed`` are paragraphs of a list, at the depth given, whose ``levels`` have a format (MSONFC), a text
    in which ``\\0`` stands for the number of the first, and where they start.
    """
    place = 2048
    data, table_pieces, begins, at = bytearray(place), b"", [0], []
    for piece in pieces or ("水库报告\r",):
        encoded = piece if isinstance(piece, bytes) else piece.encode("utf-16-le")
        at.append(place)
        where = (place * 2) | 1 << 30 if isinstance(piece, bytes) else place
        table_pieces += struct.pack("<HIH", 0, where, 0)
        begins.append(begins[-1] + len(piece))
        data += encoded
        place += len(encoded)
    data += b"\0" * (-len(data) % 512)
    page = len(data) // 512
    looks = [bytes([3]) + struct.pack("<HB", 0x083C, 1) if number in unseen else b"" for number in range(len(at))]
    block, offset, offsets = bytearray(512), 500, b""
    for look in looks:
        offset -= (len(look) + 2) & ~1 if look else 0
        block[offset : offset + len(look)] = look
        offsets += bytes([offset // 2 if look else 0])
    head = struct.pack(f"<{len(at) + 1}I", *at, place) + offsets
    block[: len(head)] = head
    block[511] = len(at)
    data += block
    paragraphs = _paragraphs([*at, place], listed, len(data) // 512)
    data += paragraphs[0]
    plc = struct.pack(f"<{len(begins)}I", *begins) + table_pieces
    clx = b"\x02" + struct.pack("<I", len(plc)) + plc
    characters = struct.pack("<III", at[0], place, page)
    struct.pack_into("<HH", data, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", data, 0x0A, 0x0100 if encrypted else 0)
    struct.pack_into("<II", data, 0x1A2, 0, len(clx))
    struct.pack_into("<II", data, 0xFA, len(clx), len(characters))
    table = clx + characters
    for entry, part in ((0x102, paragraphs[1]), (0x2E2, _lists(levels)), (0x2EA, _OF_FIRST_LIST if levels else b"")):
        size = len(part) if entry != 0x2E2 else min(len(part), 30)  # the levels are not counted
        struct.pack_into("<II", data, entry, len(table), size)
        table += part
    return compound_bytes({"WordDocument": bytes(data), "0Table": table})


_OF_FIRST_LIST = struct.pack("<IiIIBBBBI", 1, 77, 0, 0, 0, 0, 0, 0, 0xFFFFFFFF)


def _paragraphs(places: Sequence[int], listed: Mapping[int, int], page: int) -> tuple[bytes, bytes]:
    """Return the page of paragraphs' properties ([MS-DOC] 2.9.175), and the table that leads to it."""
    block, offset, offsets = bytearray(512), 510, b""
    for number in range(len(places) - 1):
        look = struct.pack("<HHHHB", 0, 0x460B, 1, 0x260A, listed[number]) if number in listed else b"\0\0\0"
        offset -= len(look) + 1
        block[offset : offset + 1 + len(look)] = bytes([(len(look) + 1) // 2]) + look
        offsets += bytes([offset // 2]) + bytes(12)
    head = struct.pack(f"<{len(places)}I", *places) + offsets
    block[: len(head)] = head
    block[511] = len(places) - 1
    return bytes(block), struct.pack("<III", places[0], places[-1], page)


def _lists(levels: Sequence[tuple[int, str, int]]) -> bytes:
    """Return one list ([MS-DOC] 2.9.191, 2.9.150) with nine levels, the last of those given again and again."""
    if not levels:
        return b""
    made = struct.pack("<Hii9HBB", 1, 77, 0, *[0xFFF] * 9, 0, 0)
    for depth in range(9):
        form, text, start = levels[min(depth, len(levels) - 1)]
        made += struct.pack("<iBB9xB8xBBBB", start, form, 0, 0, 0, 0, 0, 0)
        made += struct.pack("<H", len(text)) + text.encode("utf-16-le")
    return made


def ppt_bytes(*slides: str, encrypted: bool = False, embedded: Sequence[bytes] = ()) -> bytes:
    """Return a presentation whose slides say so much, the odd ones in the outline, the others on the slide.

    ``embedded`` are compound files in it.
    """
    words = slides or ("水库汇报",)
    outline, parts = b"", []
    for number, text in enumerate(words):
        said = _record(4000, text.encode("utf-16-le"))
        outline += _record(1011, struct.pack("<I", number + 2) + b"\0" * 16) + (said if number % 2 else b"")
        parts.append(_record(1006, b"" if number % 2 else _record(0xF00D, said, is_container=True), is_container=True))
    parts.insert(0, _record(1000, _record(4080, outline, is_container=True), is_container=True))
    parts += [_record(0x1011, b"\0" * 4 + zlib.compress(one), instance=1) for one in embedded]
    stream, places = b"", []
    for part in parts:
        places.append(len(stream))
        stream += part
    directory = len(stream)
    stream += _record(6002, struct.pack("<I", 1 | len(parts) << 20) + struct.pack(f"<{len(parts)}I", *places))
    edit = len(stream)
    stream += _record(4085, struct.pack("<IIIII", 0, 0, 0, directory, 1) + b"\0" * 8)
    user = _record(4086, struct.pack("<III", 20, 0xF3D1C4DF if encrypted else 0xE391C05F, edit))
    return compound_bytes({"Current User": user, "PowerPoint Document": stream})


def _record(kind: int, data: bytes, *, is_container: bool = False, instance: int = 0) -> bytes:
    return struct.pack("<HHI", 0xF if is_container else instance << 4, kind, len(data)) + data
