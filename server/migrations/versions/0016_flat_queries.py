"""indexes for what was found by reading whole tables; due connections are found by provider."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_sign_ins_expires_at"), "sign_ins", ["expires_at"])
    op.create_index(op.f("ix_password_resets_expires_at"), "password_resets", ["expires_at"])
    op.create_index(op.f("ix_password_resets_patient_id"), "password_resets", ["patient_id"])
    silent = "last_received_at < last_sent_at"
    op.create_index(
        op.f("ix_push_subscriptions_last_received_at"),
        "push_subscriptions",
        ["last_received_at"],
        sqlite_where=sa.text(f"quiet IS 0 AND {silent}"),
        postgresql_where=sa.text(f"quiet IS false AND {silent}"),
    )
    refused = sa.text("state = 'needs_resubscribe'")
    op.create_index(
        op.f("ix_push_subscriptions_state"),
        "push_subscriptions",
        ["state"],
        sqlite_where=refused,
        postgresql_where=refused,
    )
    op.drop_index(op.f("ix_wearable_connections_next_sync_at_patient_id"), "wearable_connections")
    left = sa.text("next_sync_at IS NOT NULL")
    op.create_index(
        op.f("ix_wearable_connections_provider_next_sync_at_patient_id"),
        "wearable_connections",
        ["provider", "next_sync_at", "patient_id"],
        sqlite_where=left,
        postgresql_where=left,
    )


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
