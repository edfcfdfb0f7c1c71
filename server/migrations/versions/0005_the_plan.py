"""the patient's plan, and the reminder that follows it."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.String(length=16), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("time", sa.String(length=5), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("remind", sa.Boolean(), nullable=False),
        sa.Column("pause", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("past_pauses", sa.JSON(), nullable=False),
        sa.Column("reviews", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("done_28", sa.Integer(), nullable=False),
        sa.Column("planned_28", sa.Integer(), nullable=False),
        sa.Column("review_due", sa.Integer(), nullable=True),
        sa.Column("replan_at", server.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_plans_patient_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_patient_id_seq"), "plans", ["patient_id", "seq"], unique=True)
    op.create_index(op.f("ix_plans_replan_at"), "plans", ["replan_at"], unique=False)
    op.add_column("reminders", sa.Column("follows_plan", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients planned; restore a backup instead.")
