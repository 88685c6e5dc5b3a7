"""The templates of what describes records: the sheet of a batch, the two of volumes with their items, the catalogue."""

from archives.message import Message, message
from archives.units.state import State
from archives.units.unit import Level
from ingest.templates.elements import element_column, element_columns
from ingest.templates.template import Column, Template, Worksheet

_FILES = Column(
    "files",
    message("文件", "files"),
    message(
        "文件或文件夹的名称，几个的用分号隔开；文件名以档号开头的可不写",
        "the names of its files, or of their folder, divided by semicolons; not needed where the names begin with the code",
    ),
)
_ITEM_COUNT = Column("items", message("件数", "number of items"), message("卷内有几件", "how many items are in it"))
_LEVEL = Column(
    "level",
    message("著录层级", "level of description"),
    message("这一行是一卷还是一件", "whether the row is a volume (file), an item, or something above them"),
    tuple(level.label for level in Level),
    is_required=True,
    is_closed=True,
)
_STATE = Column(
    "state",
    message("档案状态", "state"),
    message("不填即在库", "left empty, it is held"),
    tuple(State(one).label for one in State if State.stated(one) not in (None, State.HELD)),
    is_closed=True,
)
_RANGE = element_column("date", heading=message("起止日期", "date range"))


def _same(text: str) -> Message:
    return message(text, text)


_RECORD = _same("X001-WS·2024-Y-BGS-0001")
_VOLUME, _FIRST, _SECOND = _same("X001-2-0001"), _same("X001-2-0001-001"), _same("X001-2-0001-002")
_BUREAU = message("青山县水利局", "Qingshan County Water Bureau")
_COUNTY = message("青山县人民政府", "Qingshan County Government")
_CHINESE = message("汉语", "English")

BATCH = Template(
    "batch",
    (
        Worksheet(
            message("目录", "Catalogue"),
            (
                *element_columns("code", "title"),
                _FILES,
                *element_columns(
                    "author", "document_number", "date", "year", "retention", "security", "pages", "language",
                    "declassified_on", "declassification_basis", "opening_proposal", "note", "former_code", "place", "box",
                    "carrier", "genesis", "draft", "script", "attachments",
                ),
            ),
            (
                {
                    "code": _RECORD,
                    "title": message("关于做好2024年防汛工作的通知", "Notice of flood precautions in 2024"),
                    "files": message("001.jpg；002.jpg", "001.jpg; 002.jpg"),
                    "author": _BUREAU,
                    "document_number": message("青水〔2024〕5号", "QS 2024-5"),
                    "date": message("20240318", "2024-03-18"),
                    "year": _same("2024"),
                    "retention": message("永久", "permanent"),
                    "security": message("公开", "public"),
                    "pages": _same("2"),
                    "language": _CHINESE,
                },
            ),
        ),
    ),
    message(
        "填好后与扫描件或电子文件放进同一个文件夹，先试运行：jinkui ingest 文件夹 --dry-run",
        "fill it in, put it into one folder with the scans or files, and try: jinkui ingest FOLDER --dry-run",
    ),
)  # fmt: skip
"""The sheet of a batch: a row a record."""

VOLUMES = Template(
    "volumes",
    (
        Worksheet(
            message("案卷目录", "Volumes"),
            (
                *element_columns("code", "title"),
                _RANGE,
                *element_columns("author", "year", "retention", "security"),
                _ITEM_COUNT,
                *element_columns("pages", "language", "place", "box", "note", "former_code"),
            ),
            (
                {
                    "code": _VOLUME,
                    "title": message("防汛工作", "Flood precautions"),
                    "date": message("20240318-20241120", "2024-03-18/2024-11-20"),
                    "retention": message("永久", "permanent"),
                    "items": _same("2"),
                    "pages": _same("5"),
                    "language": _CHINESE,
                },
            ),
        ),
        Worksheet(
            message("卷内文件目录", "Items"),
            element_columns(
                "code", "sequence", "document_number", "author", "title", "date", "page_range", "security", "language", "note"
            ),
            (
                {
                    "code": _FIRST,
                    "sequence": _same("1"),
                    "document_number": message("青水〔2024〕5号", "QS 2024-5"),
                    "author": _BUREAU,
                    "title": message("关于石桥水库清淤的请示", "Request to dredge the reservoir at Shiqiao"),
                    "date": message("20240318", "2024-03-18"),
                    "page_range": _same("001"),
                    "language": _CHINESE,
                },
                {
                    "code": _SECOND,
                    "sequence": _same("2"),
                    "author": _COUNTY,
                    "title": message("关于石桥水库清淤的批复", "Reply to the request to dredge the reservoir at Shiqiao"),
                    "date": message("20241120", "2024-11-20"),
                    "page_range": _same("003"),
                    "language": _CHINESE,
                },
            ),
        ),
    ),
    message(
        "两张表都填好后与各卷的图像（X001-2-0001-001.jpg …）放进同一个文件夹，先试运行：jinkui ingest 文件夹 --dry-run",
        "fill in both worksheets, put them into one folder with the images of the volumes (X001-2-0001-001.jpg …), and try: jinkui ingest FOLDER --dry-run",
    ),
)  # fmt: skip
"""The sheets of volumes that were scanned: a row a volume, and a row an item."""

CATALOGUE = Template(
    "catalogue",
    (
        Worksheet(
            message("目录", "Catalogue"),
            (
                _LEVEL,
                *element_columns("code", "title", "author", "document_number"),
                element_column("date"),
                *element_columns("year", "retention", "security", "sequence", "page_range", "pages"),
                _STATE,
                *element_columns("place", "box", "carrier", "language", "note", "former_code"),
            ),
            (
                {
                    "level": Level.FILE.label,
                    "code": _VOLUME,
                    "title": message("防汛工作", "Flood precautions"),
                    "date": message("20240318-20241120", "2024-03-18/2024-11-20"),
                    "retention": message("永久", "permanent"),
                    "pages": _same("5"),
                    "state": State.NOT_DIGITISED.label,
                    "place": message("2库3排4层", "room 2, rack 3, shelf 4"),
                },
                {
                    "level": Level.ITEM.label,
                    "code": _FIRST,
                    "title": message("关于石桥水库清淤的请示", "Request to dredge the reservoir at Shiqiao"),
                    "author": _BUREAU,
                    "document_number": message("青水〔2024〕5号", "QS 2024-5"),
                    "date": message("20240318", "2024-03-18"),
                    "sequence": _same("1"),
                    "page_range": _same("001"),
                    "state": State.NOT_DIGITISED.label,
                },
            ),
        ),
    ),
    message(
        "填好后先试运行：jinkui catalogue import 文件 --dry-run",
        "fill it in and try: jinkui catalogue import FILE --dry-run",
    ),
)
"""What is described whether it is digitised or not, at every level."""
