"""What can be configured, with defaults that work on one machine; every wrong value is named at once."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

SECRET_BYTES = 32
LONGEST_HOURS = 120
REGIONS = ("US", "GB", "IE", "EU", "OTHER")
LOCAL_VAPID_SUBJECT = "mailto:operator@localhost"


class BadSettings(Exception):
    """One message that names every bad variable and says what it should be."""


@dataclass(frozen=True)
class Clinic:
    """Whom a patient calls. Empty members are left out on the screen."""

    name: str = ""
    phone: str = ""
    out_of_hours_phone: str = ""
    hours: str = ""
    booking_url: str = ""
    region: str = ""


@dataclass(frozen=True)
class Settings:
    """See the table in README.md. Secrets never show in a repr."""

    host: str
    port: int
    data_dir: Path
    public_url: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    vapid_private_key: str = field(repr=False)
    vapid_subject: str
    push_hosts: frozenset[str]
    sign_up: Literal["open", "closed"]
    clinic: Clinic

    @property
    def secure(self) -> bool:
        """Whether patients come by https, which decides the cookie's name and flags."""
        return self.public_url.startswith("https://")

    @property
    def embedded(self) -> bool:
        """One machine, nothing else: SQLite and a file as queue. Only then are keys made at first start."""
        return self.database_url.startswith("sqlite") and not self.redis_url

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Raises BadSettings. Makes the data folder and its secrets in the embedded mode."""
        return _Reader(os.environ if env is None else env).settings()


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.problems: list[str] = []

    def settings(self) -> Settings:
        port = self.port()
        data_dir = Path(self.text("FOOTWELL_DATA_DIR") or "~/.local/share/footwell").expanduser().absolute()
        database_url = self.database_url() or f"sqlite:///{data_dir / 'footwell.db'}"
        redis_url = self.url("REDIS_URL", ("redis", "rediss", "unix"))
        embedded = database_url.startswith("sqlite") and not redis_url
        public_url = self.url("FOOTWELL_PUBLIC_URL", ("http", "https")).rstrip("/") or f"http://localhost:{port}"
        keys = {
            name: self.key(name, file, data_dir, embedded)
            for name, file in (("FOOTWELL_SECRET_KEY", "secret.key"), ("FOOTWELL_VAPID_PRIVATE_KEY", "vapid.key"))
        }
        settings = Settings(
            host=self.host(),
            port=port,
            data_dir=data_dir,
            public_url=public_url,
            database_url=database_url,
            redis_url=redis_url,
            secret_key=keys["FOOTWELL_SECRET_KEY"],
            vapid_private_key=self.vapid_key(keys["FOOTWELL_VAPID_PRIVATE_KEY"]),
            vapid_subject=self.vapid_subject(public_url),
            push_hosts=self.push_hosts(),
            sign_up="closed" if self.choice("FOOTWELL_SIGN_UP", ("open", "closed")) == "closed" else "open",
            clinic=self.clinic(),
        )
        if self.problems:
            raise BadSettings("Footwell cannot start:\n" + "\n".join(f"  {problem}" for problem in self.problems))
        return settings

    def text(self, name: str) -> str:
        return self.env.get(name, "").strip()

    def bad(self, name: str, wanted: str) -> None:
        self.problems.append(f"{name}: {wanted}")

    def host(self) -> str:
        text = self.text("HOST") or "127.0.0.1"
        if not re.fullmatch(r"[A-Za-z0-9.:-]+", text):
            self.bad("HOST", "give an address of this machine, as 127.0.0.1 or 0.0.0.0")
        return text

    def port(self) -> int:
        text = self.text("PORT") or "8000"
        if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
            return int(text)
        self.bad("PORT", "give a number from 1 to 65535")
        return 8000

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        text = self.text(name)
        try:
            parts = urlsplit(text)
            good = not text or (parts.scheme in schemes and (parts.hostname or parts.scheme == "unix"))
            if name == "FOOTWELL_PUBLIC_URL" and (parts.path.strip("/") or parts.query or parts.fragment):
                good = False
        except ValueError:
            good = False
        if not good:
            path = ", without a path" if name == "FOOTWELL_PUBLIC_URL" else ""
            self.bad(name, f"give an address that starts with {' or '.join(f'{s}://' for s in schemes)}{path}")
            return ""
        return text

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        text = self.text(name) or choices[0]
        if text not in choices:
            self.bad(name, f"give one of: {', '.join(choices)}")
        return text

    def database_url(self) -> str:
        text = self.text("DATABASE_URL")
        if text.startswith("postgres://"):  # what many hosts hand out
            text = text.replace("postgres://", "postgresql://", 1)
        if text.startswith("postgresql://"):
            return text.replace("postgresql://", "postgresql+psycopg://", 1)
        if text and not text.startswith(("postgresql+psycopg://", "sqlite:///")):
            self.bad("DATABASE_URL", "give postgresql://… or sqlite:///…, or leave it out")
            return ""
        return text

    def key(self, name: str, file: str, data_dir: Path, embedded: bool) -> str:
        text = self.text(name)
        if not text and embedded:
            try:
                return _own_key(data_dir / file)
            except OSError as error:
                self.bad("FOOTWELL_DATA_DIR", f"cannot keep {file} there ({error.strerror})")
                return ""
        if len(text) < SECRET_BYTES:
            self.bad(name, "is needed with a database or Redis of your own; `footwell keys` prints a set")
        return text

    def vapid_key(self, text: str) -> str:
        if self.text("FOOTWELL_VAPID_PRIVATE_KEY") and len(text) >= SECRET_BYTES:
            from integrations.vapid import load_private_key  # brings cryptography: only for who gave a key

            try:
                load_private_key(text)
            except ValueError:
                self.bad("FOOTWELL_VAPID_PRIVATE_KEY", "is not a key; `footwell keys` prints one")
        return text

    def push_hosts(self) -> frozenset[str]:
        entries = self.text("FOOTWELL_PUSH_HOSTS").replace(",", " ").split()
        if not entries:
            return frozenset()
        from integrations.push import check_push_host

        try:
            return frozenset(check_push_host(entry) for entry in entries)
        except ValueError as error:
            self.bad("FOOTWELL_PUSH_HOSTS", f"{error}; give hosts as push.example.org or 127.0.0.1:9000")
            return frozenset()

    def vapid_subject(self, public_url: str) -> str:
        text = self.text("FOOTWELL_VAPID_SUBJECT")
        if text:
            from integrations.vapid import check_subject

            try:
                check_subject(text)
            except ValueError:
                self.bad("FOOTWELL_VAPID_SUBJECT", "give mailto:you@your.domain or an https:// address")
        return text or (public_url if public_url.startswith("https://") else LOCAL_VAPID_SUBJECT)

    def clinic(self) -> Clinic:
        region = self.text("FOOTWELL_CLINIC_REGION").upper()
        if region and region not in REGIONS:
            self.bad("FOOTWELL_CLINIC_REGION", f"give one of: {', '.join(REGIONS)}")
        return Clinic(
            name=self.text("FOOTWELL_CLINIC_NAME"),
            phone=self.phone("FOOTWELL_CLINIC_PHONE"),
            out_of_hours_phone=self.phone("FOOTWELL_CLINIC_OUT_OF_HOURS_PHONE"),
            hours=self.hours("FOOTWELL_CLINIC_HOURS"),
            booking_url=self.url("FOOTWELL_CLINIC_BOOKING_URL", ("https", "http")),
            region=region,
        )

    def hours(self, name: str) -> str:
        text = self.text(name)
        if len(text) > LONGEST_HOURS or not text.isprintable():
            self.bad(name, f"give one line of at most {LONGEST_HOURS} characters, as Mon-Fri 8-17")
        return text

    def phone(self, name: str) -> str:
        text = self.text(name)
        if text and not (set(text) <= set("+0123456789 ()-./") and any(map(str.isdigit, text))):
            self.bad(name, "give a phone number: digits, spaces and + ( ) - . /")
        return text


def _own_key(path: Path) -> str:
    """The key in `path`, made at first start, readable by its owner alone.

    A VAPID key is a number below the curve's order; 32 random bytes are one, short of a chance of 1 in 2³².
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(SECRET_BYTES))
    try:
        os.link(draft, path)  # two starts at once: the first one's key wins for both
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
