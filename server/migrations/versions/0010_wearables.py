"""where steps come from by themselves: connections, consents in progress, providers, archives."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("step_sources", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.create_table(
        "step_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_label", sa.String(length=120), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_step_changes_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_changes")),
    )
    op.create_index(op.f("ix_step_changes_patient_id_on_id"), "step_changes", ["patient_id", "on", "id"])
    op.create_index(op.f("ix_step_changes_at"), "step_changes", ["at"])
    op.add_column("glucose_readings", sa.Column("source", sa.String(length=64), nullable=True))
    op.create_table(
        "provider_states",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("minute", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("quiet_until", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_provider_states")),
    )
    op.create_table(
        "archive_imports",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("bytes_total", sa.Integer(), nullable=False),
        sa.Column("bytes_done", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_archive_imports_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_archive_imports")),
    )
    with op.batch_alter_table("archive_imports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_archive_imports_next_try_at_patient_id"),
            ["next_try_at", "patient_id"],
            unique=False,
            sqlite_where=sa.text("next_try_at IS NOT NULL"),
            postgresql_where=sa.text("next_try_at IS NOT NULL"),
        )

    op.create_table(
        "authorization_requests",
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("glucose", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("parked", sa.LargeBinary(), nullable=True),
        sa.Column("used_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("expires_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_authorization_requests_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_authorization_requests")),
    )
    with op.batch_alter_table("authorization_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorization_requests_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_authorization_requests_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "wearable_connections",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_user_id", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("glucose", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("token_expires_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("consent_expires_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=True),
        sa.Column("device_synced_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("device_read_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("connected_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_try_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_ok_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_sync_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("read_from", sa.Date(), nullable=True),
        sa.Column("reread_from", sa.Date(), nullable=True),
        sa.Column("deleted_from", sa.Date(), nullable=True),
        sa.Column("deleted_to", sa.Date(), nullable=True),
        sa.Column("month_read_on", sa.Date(), nullable=True),
        sa.Column("glucose_until", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("noticed_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_wearable_connections_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patient_id", "provider", name=op.f("pk_wearable_connections")),
        sa.UniqueConstraint(
            "provider", "provider_user_id", name=op.f("uq_wearable_connections_provider_provider_user_id")
        ),
    )
    with op.batch_alter_table("wearable_connections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_wearable_connections_next_sync_at_patient_id"),
            ["next_sync_at", "patient_id"],
            unique=False,
            sqlite_where=sa.text("next_sync_at IS NOT NULL"),
            postgresql_where=sa.text("next_sync_at IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_wearable_connections_provider_state_last_ok_at"),
            ["provider", "state", "last_ok_at"],
            unique=False,
        )


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
