"""counters for whoever runs the server; moments found by day, for the oldest go."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter_shards",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.String(length=400), nullable=False),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", "shard", name=op.f("pk_counter_shards")),
    )
    op.create_index(op.f("ix_occurrences_on"), "occurrences", ["on"])


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
