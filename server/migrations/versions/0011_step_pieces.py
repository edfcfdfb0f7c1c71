"""pieces of days, from phones that send each app's intervals."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_pieces",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("started_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_step_pieces_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "patient_id", "source", "origin", "started_at", "ended_at", name=op.f("pk_step_pieces")
        ),
    )
    op.create_index(op.f("ix_step_pieces_on_patient_id_source"), "step_pieces", ["on", "patient_id", "source"])


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
