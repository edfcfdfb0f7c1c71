"""comfort logs."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comfort_logs",
        sa.Column("started_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seconds_done", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stop_reason", sa.String(length=16), nullable=True),
        sa.Column("temperature_unit", sa.String(length=1), nullable=False),
        sa.Column("warm_temperature", sa.String(length=8), nullable=False),
        sa.Column("cool_temperature", sa.String(length=8), nullable=False),
        sa.Column("skin", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("decision", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rules_differ", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("created_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_comfort_logs_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comfort_logs")),
    )
    op.create_index(op.f("ix_comfort_logs_patient_id_on_id"), "comfort_logs", ["patient_id", "on", "id"], unique=False)
    op.create_index(op.f("ix_comfort_logs_patient_id_seq"), "comfort_logs", ["patient_id", "seq"], unique=True)


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
