"""What a record is, said in the words of others: content category (CSIP), DCMI type, level of aggregation (DA/T 46)."""

import re

from archives.consequences import WithConsequences
from archives.message import Message, message
from archives.record.identifiers import ArchivalCode
from archives.record.record import FileObject, PackageKind, Record, RepresentationName


class Genre(WithConsequences):
    """What a record is: a term of the CSIP vocabulary of content categories (CSIP2), and its DCMI type."""

    dcmi_type: str

    PRINTED_TEXT = "Textual works – Print", "Text"
    DIGITAL_TEXT = "Textual works – Digital", "Text"
    PHOTOGRAPH = "Photographs – Digital", "StillImage"
    GRAPHIC = "Other Graphic Images – Digital", "StillImage"
    AUDIO = "Audio – Media-independent (digital)", "Sound"
    VIDEO = "Video – File-based and Physical Media", "MovingImage"
    DATASET = "Datasets", "Dataset"
    DATABASE = "Databases", "Dataset"
    WEBSITE = "Websites", "Collection"
    OBJECT = "Physical object", "PhysicalObject"
    MIXED = "Mixed", ""
    OTHER = "Other", ""


_OBJECTS = "SW"
GENRE_CODES: dict[str, Message] = {
    "WS": message("文书", "Documents"),
    "KJ": message("科技", "Science and technology"),
    "RS": message("人事", "Personnel"),
    "KU": message("会计", "Accounts"),
    "ZY": message("专业", "Special files"),
    "ZP": message("照片", "Photographs"),
    "LY": message("录音", "Sound"),
    "LX": message("录像", "Film"),
    "SJ": message("业务数据", "Data"),
    "YJ": message("公务电子邮件", "E-mail"),
    "WY": message("网页信息", "Web pages"),
    "MT": message("社交媒体", "Social media"),
    "SW": message("实物", "Objects"),
}
"""What the 门类代码 of DA/T 13-2022 (clause 5 and DA/T 22-2015) mean; archives have others of their own."""

_PICTURES: dict[str, dict[Genre, Genre]] = {
    "ZP": {Genre.GRAPHIC: Genre.PHOTOGRAPH, Genre.PRINTED_TEXT: Genre.PHOTOGRAPH},
    "WS": {Genre.GRAPHIC: Genre.PRINTED_TEXT},
}
"""What pictures are by their 门类代码 (DA/T 13-2022): photographs, or pages; 实物 have at most pictures of themselves."""

_OF_TREE = {"image": Genre.GRAPHIC, "audio": Genre.AUDIO, "video": Genre.VIDEO, "text": Genre.DIGITAL_TEXT}
_OF_TYPE = {
    **dict.fromkeys(
        (
            "text/csv",
            "text/tab-separated-values",
            "application/vnd.ms-excel",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        Genre.DATASET,
    ),
    **dict.fromkeys(
        ("application/vnd.sqlite3", "application/x-sqlite3", "application/msaccess", "application/dbase"),
        Genre.DATABASE,
    ),
    **dict.fromkeys(("application/warc", "application/x-internet-archive"), Genre.WEBSITE),
    **dict.fromkeys(("application/mp4", "application/mxf", "application/vnd.ms-asf"), Genre.VIDEO),
    **dict.fromkeys(
        (
            "application/pdf",
            "application/ofd",
            "application/rtf",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.oasis.opendocument.text",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.oasis.opendocument.presentation",
            "application/xml",
            "application/xhtml+xml",
            "application/epub+zip",
            "application/postscript",
            "message/rfc822",
        ),
        Genre.DIGITAL_TEXT,
    ),
}
_ALTO_ENDING = ".xml"
"""A text with the places of its words: it was read from a picture of the page, so the page was on paper."""
_LEAST_TEXT_BYTES = 2
"""More than the end of a line: what was recognised and gave no word is a picture, and no writing on paper."""
_LEFT_BEHIND = re.compile(r"(?i)(?:^|/)(?:\..*|(?:eh)?thumbs\.db|desktop\.ini|~\$[^/]*)(?:/|$)")
_PARTS_OF_A_VOLUME = 3
VOLUME = "案卷"
"""The level of aggregation of a volume (DA/T 46-2009 M1)."""


def genre_of(record: Record) -> Genre:
    """Return what a record is, by its 门类 and its original files; ``MIXED`` where they differ, ``OTHER`` where unknown."""
    genres = set(_genres(record))
    return genres.pop() if len(genres) == 1 else Genre.MIXED if genres else Genre.OTHER


def dcmi_types_of(record: Record) -> tuple[str, ...]:
    """Return the terms of the DCMI Type Vocabulary that the record falls under, each once; none where unknown."""
    return tuple(dict.fromkeys(genre.dcmi_type for genre in _genres(record) if genre.dcmi_type))


def level_of(kind: PackageKind, code: ArchivalCode) -> str:
    """Return the level of aggregation (聚合层次, DA/T 46-2009 M1): 文件, or 案卷 where the code ends with a volume.

    A code of 全宗号, 目录号 and 案卷号 names a volume (DA/T 13-1994); what a batch came with is none of them, 批次.
    """
    if kind is PackageKind.SUBMISSION:
        return "批次"
    parts = code.key.split("-")
    return VOLUME if len(parts) == _PARTS_OF_A_VOLUME and all(part.isdigit() for part in parts[1:]) else "文件"


def _genres(record: Record) -> tuple[Genre, ...]:
    category = record.description.code.category
    if category == _OBJECTS:
        return (Genre.OBJECT,)
    originals, texts = (
        tuple(file for one in record.representations if one.name is name for file in one.files)
        for name in (RepresentationName.ORIGINAL, RepresentationName.TEXT)
    )
    originals = tuple(file for file in originals if not _LEFT_BEHIND.search(file.original_name)) or originals
    written = {
        text.page for text in texts if text.path.suffix != _ALTO_ENDING and text.digests.size_bytes >= _LEAST_TEXT_BYTES
    }
    read = [text for text in texts if text.path.suffix == _ALTO_ENDING]
    is_on_paper = any(text.page in written for text in read)  # then a page without a word is a blank one of it
    drawn = {source for text in read if is_on_paper for source in text.derived_from}
    genres = (Genre.PRINTED_TEXT if file.path in drawn else _genre_of_file(file) for file in originals)
    return tuple(_PICTURES.get(category, {}).get(genre, genre) for genre in genres)


def _genre_of_file(file: FileObject) -> Genre:
    mime = file.format.mime
    return _OF_TYPE.get(mime) or _OF_TREE.get(mime.partition("/")[0], Genre.OTHER)
