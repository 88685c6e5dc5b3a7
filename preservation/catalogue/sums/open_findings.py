"""How many findings nobody settled, by kind: the number that ``findings list`` would list, without reading each of them."""

from collections import Counter

import sqlalchemy as sql

from archives.record.identifiers import archival_code_key
from archives.record.record import PackageKind
from preservation.catalogue import tables
from preservation.catalogue.findings import went_in


def open_by_kind(engine: sql.Engine) -> dict[str, int]:
    """Return how many findings live, by their code, the most first.

    As in ``Findings``, what was wrong with a row that was rejected is none any more when its record was stored later.
    """
    found, package, settled = tables.finding.c, tables.package.c, tables.settled.c
    joined = tables.finding.join(tables.package, package.number == found.number)
    of = (settled.package_id == package.package_id) & (settled.identifier == found.identifier)
    living = ~sql.exists(sql.select(settled.identifier).where(of))
    about = sql.func.json_extract(found.value, "$.about")
    is_submission = package.kind == PackageKind.SUBMISSION.value
    plain = sql.select(found.code, sql.func.count()).select_from(joined).where(living, ~is_submission)
    rejected = sql.select(found.code, found.number, package.repository, about.label("about")).select_from(joined)
    with engine.connect() as connection:
        counted = Counter({str(code): int(number) for code, number in connection.execute(plain.group_by(found.code))})
        rows = [
            (str(row.code), row.number, (str(row.repository), archival_code_key(row.about or "")))
            for row in connection.execute(rejected.where(living, is_submission))
        ]
        stored = went_in(connection, {key for _, _, (_, key) in rows})
    counted.update(code for code, number, place in rows if stored.get(place, 0) <= number)
    return dict(counted.most_common())
