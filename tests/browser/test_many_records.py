"""Ten thousand records: a phone fetches them all, stays usable, and loses none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import insert

from server.database import Database
from server.models import SessionLog
from server.services.owner import next_seq
from tests.browser.phone import ZONE, Phone, answered_now
from tests.browser.site import ApiClient, Site, eventually

MANY = 10_000
A_DAY = 10
EMAIL = "many.records@example.org"
COUNT = """() => new Promise((done) => {
  const name = indexedDB.databases().then((all) => all.find(({ name }) => name.startsWith('footwell-')).name);
  name.then((found) => { indexedDB.open(found).onsuccess = ({ target }) => {
    const db = target.result;
    db.transaction('records').objectStore('records').count(IDBKeyRange.bound(['session_log'], ['session_log', []]))
      .onsuccess = (counted) => { db.close(); done(counted.target.result); };
  }; });
})"""


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Phone]:
    api = ApiClient(site)
    me = api.sign_up(EMAIL)
    api.call("PATCH", "/me", {"profile": answered_now()})
    write_many(site, UUID(me["id"]))
    with Phone(chromium, site) as phone:
        phone.sign_in(EMAIL)
        yield phone


def write_many(site: Site, patient: UUID) -> None:
    """Ten a day for a thousand days: more than one person will write in a life, all at once."""
    now = datetime.now(UTC)
    database = Database(site.settings.database_url)
    with database.write() as db:
        first = next_seq(db, patient, MANY)
        rows = []
        for number in range(MANY):
            on = now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=number // A_DAY)
            at = datetime(on.year, on.month, on.day, number % A_DAY, tzinfo=UTC)
            told = {"id": uuid4(), "patient_id": patient, "on": on, "seq": first + number}
            told |= {"created_at": now, "updated_at": now, "started_at": at, "ended_at": at + timedelta(minutes=8)}
            told |= {"script_id": "S8", "state": "finished", "seconds_done": 480, "helper": False}
            rows.append(told | {"pain_before": 4, "pain_after": 3, "rules_differ": False})
        db.execute(insert(SessionLog), rows)
    database.engine.dispose()


def test_ten_thousand_records_are_all_there_and_in_nobodys_way(phone: Phone, site: Site) -> None:
    page = phone.page
    eventually(lambda: page.evaluate(COUNT) == MANY, within=120)

    phone.go("log")
    days = page.locator("main h3")
    expect(days.first).to_have_text("Today")
    entries = page.get_by_text("Massage, 8 minutes")
    shown = entries.count()
    assert 0 < shown < 100
    phone.tap("Show older entries")
    expect(entries).not_to_have_count(shown)
    assert shown < entries.count() < 200

    phone.go("progress")
    page.get_by_text("90 days").click()
    phone.sees("Pain")
    phone.go("plan")
    phone.sees("My plan")

    phone.go("log/symptoms")
    phone.choose("fieldset input[value='2']")
    phone.tap("Save")
    phone.sees("Saved")
    api = ApiClient(site)
    api.sign_in(EMAIL)
    (entry,) = eventually(lambda: api.call("GET", "/symptom-entries")["items"], within=30)
    assert entry["pain"] == 2
