"""clearances, areas that are skipped, a patient's own session."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clearances",
        sa.Column("recorded_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("clinician_name", sa.String(length=120), nullable=False),
        sa.Column("clinician_on", sa.Date(), nullable=False),
        sa.Column("ended_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("created_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_clearances_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearances")),
    )
    op.create_index(op.f("ix_clearances_patient_id_on_id"), "clearances", ["patient_id", "on", "id"], unique=False)
    op.create_index(op.f("ix_clearances_patient_id_seq"), "clearances", ["patient_id", "seq"], unique=True)

    none = sa.text("'[]'")
    op.add_column("blocks", sa.Column("areas", sa.JSON(), server_default=none, nullable=False))
    op.add_column("session_logs", sa.Column("own", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("session_logs", sa.Column("areas_skipped", sa.JSON(), server_default=none, nullable=False))
    op.add_column("session_logs", sa.Column("profile_decision", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    raise RuntimeError("A downgrade would drop what patients wrote; restore a backup instead.")
