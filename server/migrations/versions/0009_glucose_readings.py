"""glucose readings, and what a patient set for them."""

import sqlalchemy as sa
from alembic import op

import server.models.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "glucose_readings",
        sa.Column("recorded_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=True),
        sa.Column("unit", sa.String(length=6), nullable=False),
        sa.Column("special", sa.String(length=2), nullable=True),
        sa.Column("context", sa.String(length=16), nullable=False),
        sa.Column("ketones", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("decision", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rules_differ", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("created_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", server.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("unit IN ('mg/dL', 'mmol/L')", name=op.f("ck_glucose_readings_unit")),
        sa.CheckConstraint("(value IS NULL) != (special IS NULL)", name=op.f("ck_glucose_readings_reading")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_glucose_readings_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glucose_readings")),
    )
    op.create_index(
        op.f("ix_glucose_readings_patient_id_on_id"), "glucose_readings", ["patient_id", "on", "id"], unique=False
    )
    op.create_index(op.f("ix_glucose_readings_patient_id_seq"), "glucose_readings", ["patient_id", "seq"], unique=True)
    op.add_column("patients", sa.Column("glucose_on", sa.Boolean(), nullable=True))
    op.add_column("patients", sa.Column("glucose_targets", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    raise RuntimeError("Going back would drop what patients recorded; restore a backup instead.")
