"""second ways of reminders, a calendar, what is known of arrivals."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = server.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("patients", schema=None) as batch_op:
        for name in ("email_reminders", "ntfy_reminders"):
            batch_op.add_column(sa.Column(name, sa.String(length=12), server_default="never", nullable=False))
        batch_op.add_column(sa.Column("ntfy_topic", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("calendar_hash", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("calendar_made_at", MOMENT, nullable=True))
        batch_op.create_index(batch_op.f("ix_patients_calendar_hash"), ["calendar_hash"], unique=True)
    with op.batch_alter_table("push_subscriptions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quiet", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrived_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("arrived_on", sa.String(length=80), nullable=True))
    op.create_table(
        "second_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=True),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrences.id"],
            name=op.f("fk_second_deliveries_occurrence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_second_deliveries_patient_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["push_subscriptions.id"],
            name=op.f("fk_second_deliveries_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_deliveries")),
        sa.UniqueConstraint("occurrence_id", "way", name=op.f("uq_second_deliveries_occurrence_id_way")),
    )
    for column in ("created_at", "patient_id", "subscription_id"):
        op.create_index(op.f(f"ix_second_deliveries_{column}"), "second_deliveries", [column])
    op.create_index(
        op.f("ix_second_deliveries_next_try_at_id"),
        "second_deliveries",
        ["next_try_at", "id"],
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
