"""comfort, speed and redness of a session, and a moment that asks about it without a reminder."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session_logs", sa.Column("comfort", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("session_logs", sa.Column("redness", sa.String(length=16), nullable=True))
    op.add_column("session_logs", sa.Column("redness_at", server.models.base.UtcDateTime(timezone=True), nullable=True))
    op.add_column("session_logs", sa.Column("speed", sa.Double(), nullable=True))
    op.add_column("occurrences", sa.Column("session_log_id", sa.Uuid(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _forget_not_null()
    else:
        op.alter_column("occurrences", "reminder_id", existing_type=sa.Uuid(), nullable=True)


def _forget_not_null() -> None:
    """SQLite cannot drop NOT NULL, and copying the table would delete the deliveries that hang on its rows.

    So the table's own text is changed, the way that https://www.sqlite.org/lang_altertable.html describes in its last
    section; the rows stay as they are.
    """
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, 'reminder_id CHAR(32) NOT NULL', 'reminder_id CHAR(32)')"
        " WHERE type = 'table' AND name = 'occurrences' AND sql LIKE '%reminder_id CHAR(32) NOT NULL%'"
    )
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")
    if changed.rowcount != 1 or connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() != "ok":
        raise RuntimeError("The table of moments is not as the first migration made it.")


def downgrade() -> None:
    raise RuntimeError("There is no way back from here: restore a backup.")
