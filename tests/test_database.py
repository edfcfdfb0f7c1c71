"""Whose turn it is to write to SQLite: from a transaction's first statement to its end, however it ends."""

import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.database import Database

ADD = text("INSERT INTO notes VALUES (1)")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "turns.db"


@pytest.fixture
def turns(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    with database.write() as db:
        db.execute(text("CREATE TABLE notes (number INTEGER)"))
    yield database
    database.engine.dispose()


def is_taken(file: Path) -> bool:
    turn = os.open(f"{file}-turn", os.O_RDWR)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(turn)
    return False


def add_and_fail(turns: Database) -> None:
    with turns.write() as db:
        db.execute(ADD)
        raise ZeroDivisionError


def test_a_turn_begins_with_the_first_statement_and_ends_with_the_commit(turns: Database, file: Path) -> None:
    with turns.write() as db:
        assert not is_taken(file)
        db.execute(ADD)
        assert is_taken(file)
    assert not is_taken(file)


def test_a_transaction_that_fails_ends_its_turn_and_keeps_nothing(turns: Database, file: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_fail(turns)
    assert not is_taken(file)
    with turns.read() as db:
        assert db.execute(text("SELECT count(*) FROM notes")).scalar_one() == 0


def test_one_that_is_rolled_back_in_between_ends_its_turn_there(turns: Database, file: Path) -> None:
    with turns.write() as db:
        db.execute(ADD)
        db.rollback()
        assert not is_taken(file)


def test_a_reader_takes_no_turn(turns: Database, file: Path) -> None:
    with turns.read() as db:
        db.execute(text("SELECT * FROM notes"))
        assert not is_taken(file)


def test_a_second_writer_goes_on_once_the_first_has_committed(turns: Database) -> None:
    seen: list[int] = []

    def second() -> None:
        with turns.write() as db:
            db.execute(ADD)
            seen.append(db.execute(text("SELECT count(*) FROM notes")).scalar_one())

    with turns.write() as db:
        db.execute(ADD)
        other = threading.Thread(target=second)
        other.start()
        other.join(0.2)
        assert seen == []
    other.join(10)
    assert seen == [2]
