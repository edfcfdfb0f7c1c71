"""foot checks, shoe checks, and the last professional foot exam."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "foot_checks",
        sa.Column("recorded_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("temperature_unit", sa.String(length=1), nullable=True),
        sa.Column("temperatures", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("decision", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("rules_differ", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("created_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_foot_checks_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foot_checks")),
    )
    op.create_index(op.f("ix_foot_checks_patient_id_on_id"), "foot_checks", ["patient_id", "on", "id"], unique=False)
    op.create_index(op.f("ix_foot_checks_patient_id_seq"), "foot_checks", ["patient_id", "seq"], unique=True)
    op.create_table(
        "shoe_checks",
        sa.Column("recorded_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("rules_differ", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("created_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_shoe_checks_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shoe_checks")),
    )
    op.create_index(op.f("ix_shoe_checks_patient_id_on_id"), "shoe_checks", ["patient_id", "on", "id"], unique=False)
    op.create_index(op.f("ix_shoe_checks_patient_id_seq"), "shoe_checks", ["patient_id", "seq"], unique=True)
    op.add_column("patients", sa.Column("foot_exam", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
