"""A desktop's notification area on a D-Bus of its own: shows nothing, keeps everything, clicks as a person would.

    with NotificationDaemon() as desktop:
        …  # Firefox(environment=desktop.environment, system_notifications=True)
        shown = desktop.wait_for(1)[0]
        desktop.click(shown, "Later")     # a trusted notificationclick with that action; without a label, the body

Implements org.freedesktop.Notifications (specifications.freedesktop.org/notification-spec). Needs Debian's `dbus`, and
`libnotify4` for Firefox.
"""

import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from tests.fakes.loop import OnLoop

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
_DISMISSED_BY_PERSON, _CLOSED_BY_PROGRAM = 2, 3

Strings = Annotated[list[str], DBusSignature("as")]
IdAndNumber = Annotated[tuple[int, int], DBusSignature("uu")]
IdAndText = Annotated[tuple[int, str], DBusSignature("us")]
Server = Annotated[tuple[str, str, str, str], DBusSignature("ssss")]


@dataclass
class Shown:
    """One notification as the browser handed it over."""

    id: int
    program: str
    title: str
    body: str
    actions: dict[str, str]
    """Key to label; `default` is the body itself."""
    hints: dict[str, Any] = field(repr=False)
    is_open: bool = True


class NotificationDaemon(OnLoop):
    """Use as a context manager."""

    def __init__(self) -> None:
        self.notifications: list[Shown] = []
        """Everything ever shown, oldest first; replaced ones have `is_open` False."""
        self.changed = threading.Condition()

    def __enter__(self) -> Self:
        program = shutil.which("dbus-daemon")
        assert program, "dbus-daemon is missing: apt install dbus"
        self._folder = Path(tempfile.mkdtemp(prefix="fw-dbus-"))
        config = self._folder / "bus.conf"
        config.write_text(_CONFIG.format(folder=self._folder))
        self._bus_process = subprocess.Popen(
            [program, f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # inside a container it complains about its file limit
            text=True,
        )
        assert self._bus_process.stdout is not None
        self.address = self._bus_process.stdout.readline().strip()
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._bus_process.terminate()
        self._bus_process.wait(5)
        assert self._bus_process.stdout is not None
        self._bus_process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a browser needs to find this desktop."""
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    @property
    def open(self) -> list[Shown]:
        """What is on the screen now."""
        return [shown for shown in self.notifications if shown.is_open]

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Shown]:
        """Everything shown so far, once there were that many; else AssertionError."""
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.notifications) >= count, timeout)
        assert arrived, f"{len(self.notifications)} of {count} notifications after {timeout} s"
        return list(self.notifications)

    def click(self, shown: Shown, label: str | None = None) -> None:
        """Tap the body, or the button with this label; the browser closes the notification itself."""
        keys = {text: key for key, text in shown.actions.items()}
        key = "default" if label is None else keys[label]
        self._loop.call_soon_threadsafe(self._interface.ActionInvoked, shown.id, key)

    def dismiss(self, shown: Shown) -> None:
        """Swipe it away."""
        self._loop.call_soon_threadsafe(self._interface.forget, shown.id, _DISMISSED_BY_PERSON)

    async def _start(self) -> None:
        self._bus = await MessageBus(self.address).connect()
        self._interface = _Interface(self)
        self._bus.export("/org/freedesktop/Notifications", self._interface)
        await self._bus.request_name("org.freedesktop.Notifications")

    async def _stop(self) -> None:
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()


class _Interface(ServiceInterface):
    """The D-Bus side; the method names are the specification's."""

    def __init__(self, daemon: NotificationDaemon) -> None:
        super().__init__("org.freedesktop.Notifications")
        self._daemon = daemon

    @dbus_method()
    def GetCapabilities(self) -> Strings:  # noqa: N802
        return ["actions", "body", "persistence"]

    @dbus_method()
    def GetServerInformation(self) -> Server:  # noqa: N802
        # dbus-fast reads the annotations of this class, so this file must not postpone them.
        return "Footwell test desktop", "Footwell", "1.0", "1.2"

    @dbus_method()
    def Notify(  # noqa: N802
        self,
        program: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        title: DBusStr,
        body: DBusStr,
        actions: Strings,
        hints: DBusDict,
        timeout: DBusInt32,
    ) -> DBusUInt32:
        notifications = self._daemon.notifications
        for shown in notifications:
            if shown.id == replaces:
                shown.is_open = False
        number = replaces or len(notifications) + 1
        pairs = dict(zip(actions[::2], actions[1::2], strict=True))
        values = {key: variant.value for key, variant in hints.items()}
        notifications.append(Shown(number, program, title, body, pairs, values))
        with self._daemon.changed:
            self._daemon.changed.notify_all()
        return number

    @dbus_method()
    def CloseNotification(self, number: DBusUInt32) -> None:  # noqa: N802
        self.forget(number, _CLOSED_BY_PROGRAM)

    def forget(self, number: int, reason: int) -> None:
        """Take it off the screen and say why."""
        for shown in self._daemon.notifications:
            if shown.id == number:
                shown.is_open = False
        self.NotificationClosed(number, reason)

    @dbus_signal()
    def ActionInvoked(self, number: int, key: str) -> IdAndText:  # noqa: N802
        return number, key

    @dbus_signal()
    def NotificationClosed(self, number: int, reason: int) -> IdAndNumber:  # noqa: N802
        return number, reason
