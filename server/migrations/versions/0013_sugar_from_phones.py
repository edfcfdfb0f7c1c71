"""whether the phone that sends with a token sends sugar readings too."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_tokens", sa.Column("glucose", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
