"""repeats, quiet hours, pauses, a second message, and what a moment was last woken for."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reminders", sa.Column("repeat", sa.String(length=16), server_default="weekdays", nullable=False))
    op.add_column("reminders", sa.Column("every", sa.Integer(), nullable=True))
    op.add_column("reminders", sa.Column("meal_contexts", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("reminders", sa.Column("text", sa.String(length=80), nullable=True))
    op.add_column("occurrences", sa.Column("meal_context", sa.String(length=16), nullable=True))
    op.add_column("occurrences", sa.Column("woken_at", server.models.base.UtcDateTime(timezone=True), nullable=True))
    # Messages on their way belong to the moment that was due, or that it was put off until.
    op.execute("UPDATE occurrences SET woken_at = COALESCE(until, due_at) WHERE wake_at IS NULL")
    op.add_column("patients", sa.Column("second_nudge", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("patients", sa.Column("quiet_hours", sa.JSON(), nullable=True))
    op.add_column("patients", sa.Column("reminders_paused", sa.JSON(), nullable=True))
    op.add_column("patients", sa.Column("home_kept_in", sa.String(length=64), nullable=True))


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients chose; restore a backup instead.")
