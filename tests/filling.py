"""Many rows at once, written by the database itself from the number of the row: a million in seconds."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, insert, literal, literal_column, select, text
from sqlalchemy.orm import Session

from server.database import Database


class Sqlite:
    """Values as SQLAlchemy keeps them there; what is made from a text is SQL, like the text."""

    def uuid(self, of: str) -> str:
        return f"md5({of})"

    def bytes(self, of: str) -> str:
        return f"CAST(md5({of}) AS BLOB)"

    def later(self, begins: datetime, seconds: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%S', '{begins:%Y-%m-%d %H:%M:%S}', ({seconds}) || ' seconds') || '.000000'"

    def day(self, first: date, days: str) -> str:
        return f"date('{first}', ({days}) || ' days')"


class Postgresql:
    """The same in its own types."""

    def uuid(self, of: str) -> str:
        return f"CAST(md5({of}) AS uuid)"

    def bytes(self, of: str) -> str:
        return f"CAST(md5({of}) AS bytea)"

    def later(self, begins: datetime, seconds: str) -> str:
        return f"CAST('{begins.isoformat()}' AS timestamptz) + ({seconds}) * interval '1 second'"

    def day(self, first: date, days: str) -> str:
        return f"(date '{first}' + CAST({days} AS integer))"


Said = Sqlite | Postgresql  # how a database says it


def dialect(database: Database, db: Session) -> Said:
    """How this database says it; SQLite learns what it cannot do by itself."""
    if not database.is_sqlite:
        return Postgresql()
    raw: Any = db.connection().connection.dbapi_connection
    raw.create_function("md5", 1, lambda of: hashlib.md5(of.encode()).hexdigest(), deterministic=True)
    return Sqlite()


def fill(db: Session, model: Any, alike: Mapping[str, Any], own: Mapping[str, str], count: int) -> None:
    """`count` rows: `alike` are values that all have, `own` is SQL over the number `n` of the row, from 1 on."""
    if count < 1:
        return
    table: Table = model.__table__
    values: dict[str, ColumnElement[Any]] = {
        name: literal(value, table.c[name].type)
        for name, value in alike.items()
        if value is not None and name not in own
    }
    values |= {name: literal_column(of) for name, of in own.items()}
    rows = select(*values.values()).select_from(_numbers(db, count))
    db.execute(insert(table).from_select(list(values), rows, include_defaults=False))


def _numbers(db: Session, count: int) -> Any:
    if db.get_bind().dialect.name == "postgresql":
        return text(f"(SELECT generate_series(1, {count}) AS n) AS numbers")
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))


def analyze(database: Database) -> None:
    """As PostgreSQL does by itself, sooner or later. SQLite is asked to by nobody, so it plans without figures."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
