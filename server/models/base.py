"""What all models share: UTC columns, and the members of a record that a phone made."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, Index, MetaData, Row, TypeDecorator, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

AnyRow: TypeAlias = Row[*tuple[Any, ...]]  # a row whose columns the reader knows by name


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite drops the zone; without this an ETag would change between write and read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        # Most of what a list costs is reading moments, so this goes past the two layers that would do it.
        if dialect.name == "sqlite":
            return lambda text: text and datetime.fromisoformat(f"{text}Z")
        return lambda value: value and value.astimezone(UTC)


class Base(DeclarativeBase):
    """Constraint names are fixed, so that migrations can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, UUID: Uuid, dict[str, Any]: JSON(none_as_null=True)}


def open_rows(column: str) -> Index:
    """An index over the rows that still have work to do, so that finding them costs the same however many are done."""
    left = text(f"{column} IS NOT NULL")
    return Index(None, column, "id", sqlite_where=left, postgresql_where=left)


def owner(*, key: bool = False, index: bool = False) -> Mapped[UUID]:
    """The patient whom a row belongs to; the row goes when the patient does. `key`: part of the row's own key."""
    return mapped_column(ForeignKey("patients.id", ondelete="CASCADE"), primary_key=key, index=index)


class Changing:
    """Something of a patient that `GET /changes` tells about.

    `seq` is the patient's change number at the last write: cursor of the feed and version of the record in one.
    """

    seq: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]

    @declared_attr
    def patient_id(cls) -> Mapped[UUID]:
        return owner()

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return cls.changing_indexes()

    @classmethod
    def changing_indexes(cls) -> tuple[Any, ...]:
        """The feed's index; a model with more of its own adds to this."""
        return (Index(None, "patient_id", "seq", unique=True),)


class PatientRecord(Changing):
    """A record with an id made on the phone, on the local day `on`, which is never computed again."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    on: Mapped[date]
    created_at: Mapped[datetime]

    @classmethod
    def changing_indexes(cls) -> tuple[Any, ...]:
        return (*super().changing_indexes(), Index(None, "patient_id", "on", "id"))
