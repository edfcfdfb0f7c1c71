"""Reads the settings from the environment."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from server.own_keys import SECRET_BYTES, own_key
from server.settings import REGIONS, BadSettings, Clinic, Keep, SecondWays, Settings
from server.wearable_settings import read_wearables

LONGEST_HOURS = 120
# Usual days, and the fewest: pages and the rules look back so far, and a phone must hear of a deletion.
KEEP = {"occurrences": (400, 60), "deliveries": (90, 15), "tombstones": (400, 30), "step_changes": (400, 30)}
MOST_DAYS = 36500

NO_PATH = ("FOOTWELL_PUBLIC_URL", "FOOTWELL_NTFY_URL")
LOCAL_VAPID_SUBJECT = "mailto:operator@localhost"


class Reader:
    """Collects every problem before it says one."""

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
            for name, file in (
                ("FOOTWELL_SECRET_KEY", "secret.key"),
                ("FOOTWELL_VAPID_PRIVATE_KEY", "vapid.key"),
                ("FOOTWELL_TOKEN_KEYS", "token.key"),
            )
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
            push_hosts=self.hosts("FOOTWELL_PUSH_HOSTS"),
            sign_up="closed" if self.choice("FOOTWELL_SIGN_UP", ("open", "closed")) == "closed" else "open",
            clinic=self.clinic(),
            token_keys=self.token_keys(keys["FOOTWELL_TOKEN_KEYS"]),
            wearables=read_wearables(self),
            second_ways=self.second_ways(),
            keep=self.keep(),
            metrics_token=self.metrics_token(),
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
            if name in NO_PATH and (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc):
                good = False
        except ValueError:
            good = False
        if not good:
            path = ", without a path" if name in NO_PATH else ""
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
                return own_key(data_dir / file)
            except OSError as error:
                self.bad("FOOTWELL_DATA_DIR", f"cannot keep {file} there ({error.strerror})")
                return ""
        if len(text) < SECRET_BYTES:
            self.bad(name, "is needed with a database or Redis of your own; `footwell keys` prints a set")
        return text

    def token_keys(self, text: str) -> tuple[str, ...]:
        """Newest first; the first one seals, all of them open."""
        found = tuple(text.replace(",", " ").split())
        if any(not re.fullmatch(r"[A-Za-z0-9_-]{43}=?", key) for key in found):
            self.bad("FOOTWELL_TOKEN_KEYS", "give keys as `footwell keys` prints them, the newest first")
            return ()
        return found

    def provider_url(self, name: str, usual: str) -> str:
        """Only a fake on this machine may do without https: tokens travel there."""
        from integrations.safe_hosts import is_loopback

        text = self.url(name, ("https", "http")) or usual
        if text.startswith("http://") and not is_loopback(urlsplit(text).hostname or ""):
            self.bad(name, "give an https:// address")
        return text

    def second_ways(self) -> SecondWays:
        url, sender = self.text("SMTP_URL"), self.text("FOOTWELL_MAIL_FROM")
        if url or sender:
            from integrations.mail import parse_sender, parse_smtp_url

            for name, text, parse, wanted in (
                ("SMTP_URL", url, parse_smtp_url, "give smtp://user:password@host:587 or smtps://…"),
                ("FOOTWELL_MAIL_FROM", sender, parse_sender, "give an address, as Footwell <no-reply@example.org>"),
            ):
                try:
                    parse(text)
                except ValueError:
                    self.bad(name, wanted if text else "is missing; give both, or neither")
        ntfy_url = self.provider_url("FOOTWELL_NTFY_URL", "").rstrip("/")
        return SecondWays(smtp_url=url, mail_from=sender, ntfy_url=ntfy_url)

    def vapid_key(self, text: str) -> str:
        if self.text("FOOTWELL_VAPID_PRIVATE_KEY") and len(text) >= SECRET_BYTES:
            from integrations.vapid import load_private_key  # brings cryptography: only for who gave a key

            try:
                load_private_key(text)
            except ValueError:
                self.bad("FOOTWELL_VAPID_PRIVATE_KEY", "is not a key; `footwell keys` prints one")
        return text

    def hosts(self, name: str) -> frozenset[str]:
        entries = self.text(name).replace(",", " ").split()
        if not entries:
            return frozenset()
        from integrations.safe_hosts import check_host

        try:
            return frozenset(check_host(entry) for entry in entries)
        except ValueError as error:
            self.bad(name, f"{error}; give hosts as push.example.org or 127.0.0.1:9000")
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

    def keep(self) -> Keep:
        return Keep(**{what: self.days(f"FOOTWELL_KEEP_{what.upper()}_DAYS", *days) for what, days in KEEP.items()})

    def days(self, name: str, usual: int, fewest: int) -> timedelta:
        text = self.text(name) or str(usual)
        if re.fullmatch(r"[0-9]{1,5}", text) and fewest <= int(text) <= MOST_DAYS:
            return timedelta(days=int(text))
        self.bad(name, f"give a number of days from {fewest} to {MOST_DAYS}")
        return timedelta(days=usual)

    def metrics_token(self) -> str:
        text = self.text("FOOTWELL_METRICS_TOKEN")
        if text and not re.fullmatch(r"[!-~]{20,}", text):
            self.bad("FOOTWELL_METRICS_TOKEN", "give at least 20 letters and digits, or leave it out")
        return text

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
