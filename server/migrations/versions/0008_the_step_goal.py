"""the patient's step goal."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_goals",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("cap_choice", sa.Integer(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("walks_from_on", sa.Date(), nullable=True),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("returning_to", sa.Integer(), nullable=True),
        sa.Column("baseline", sa.Integer(), nullable=True),
        sa.Column("baseline_from_on", sa.Date(), nullable=False),
        sa.Column("days_known", sa.Integer(), nullable=False),
        sa.Column("cap", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("walk_minutes", sa.JSON(), nullable=False),
        sa.Column("rest", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("week_on", sa.Date(), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("look_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_step_goals_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_step_goals")),
    )
    op.create_index(op.f("ix_step_goals_look_at"), "step_goals", ["look_at"], unique=False)
    op.create_index(op.f("ix_step_goals_patient_id_seq"), "step_goals", ["patient_id", "seq"], unique=True)


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients reached; restore a backup instead.")
