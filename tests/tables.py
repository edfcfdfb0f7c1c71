"""What is stored, table by table, to compare before and after something that must store nothing."""

from typing import Any

from sqlalchemy import select

from server.database import Database
from server.models import Base

NOT_OF_PATIENTS = {"sign_in_throttles", "server_facts", "counter_shards"}


def contents(database: Database) -> dict[str, list[Any]]:
    """Every row of every table that holds something of a patient, in a stable order."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in NOT_OF_PATIENTS]
    with database.read() as db:
        return {table.name: sorted(map(repr, db.execute(select(table)))) for table in tables}
