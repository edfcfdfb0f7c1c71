"""Statements about many rows at once.

On PostgreSQL what they are about goes as arrays: a parameter or even a statement for each row took a third of a
worker's time. SQLite, in the same process, gains nothing by it.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Table, any_, bindparam, column, func, literal, update
from sqlalchemy.orm import InstrumentedAttribute, Session

KEY = "key"


def is_among(db: Session, of: ColumnElement[Any] | InstrumentedAttribute[Any], ids: Collection[UUID]) -> Any:
    """Whether the id in this column is one of `ids`, for a WHERE."""
    if _takes_arrays(db):
        return of == any_(literal(list(ids), ARRAY(of.type)))
    return of.in_(ids)


def set_each(db: Session, table: Table, rows: Sequence[Mapping[str, Any]], *where: ColumnElement[bool]) -> None:
    """Write the values of each of `rows` to the row whose id is its `key`, if that is as `where` says.

    All of them have the same columns; of several with one key the last counts. Whoever calls holds what they belong to.
    """
    if not rows:
        return
    names = [name for name in rows[0] if name != KEY]
    if not _takes_arrays(db):
        db.execute(update(table).where(table.c.id == bindparam(KEY), *where), rows)
        return
    rows = list({row[KEY]: row for row in rows}.values())
    types = {KEY: table.c.id.type} | {name: table.c[name].type for name in names}
    arrays = (literal([row[name] for row in rows], ARRAY(kind)) for name, kind in types.items())
    each = func.unnest(*arrays).table_valued(*(column(name, kind) for name, kind in types.items()), name="each")
    each = each.render_derived()
    db.execute(update(table).where(table.c.id == each.c.key, *where).values({name: each.c[name] for name in names}))


def _takes_arrays(db: Session) -> bool:
    return db.get_bind().dialect.name == "postgresql"
