"""triage events."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "triage_events",
        sa.Column("recorded_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("worried", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("decision", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("action", sa.String(length=16), nullable=True),
        sa.Column("follow_up", sa.String(length=16), nullable=True),
        sa.Column("follow_up_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("rules_differ", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("created_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_triage_events_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage_events")),
    )
    op.create_index(
        op.f("ix_triage_events_patient_id_on_id"), "triage_events", ["patient_id", "on", "id"], unique=False
    )
    op.create_index(op.f("ix_triage_events_patient_id_seq"), "triage_events", ["patient_id", "seq"], unique=True)


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients told; restore a backup instead.")
