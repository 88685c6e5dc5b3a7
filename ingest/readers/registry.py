"""The shapes in which a batch may be delivered, one line each."""

from pathlib import Path

from archives.errors import NotFoundError
from archives.message import message
from ingest.batch.plan import BatchPlan
from ingest.readers.catalogued_folder import CataloguedFolder
from ingest.readers.reader import BatchReader, Known

READERS: tuple[BatchReader, ...] = (CataloguedFolder(),)


def read_batch(delivery: Path, known: Known) -> BatchPlan:
    """Read a delivery and plan its ingest; raises as ``BatchReader.read`` does, and ``NotFoundError``.

    What has no shape that is known is told as what the first reader misses.
    """
    if not delivery.is_dir():
        raise NotFoundError(
            message("没有这个文件夹：{path}", "there is no such folder: {path}", path=str(delivery)),
            subject=str(delivery),
            advice=message(
                "请写批次文件夹的路径：其中有目录表和文件；压缩包请先解压",
                "give the path of the batch's folder, in which its sheet and its files lie; unpack an archive first",
            ),
        )
    place = delivery.absolute()  # children stand in folders of their own
    return next((one for one in READERS if one.recognises(place)), READERS[0]).read(place, known.looking_once())
