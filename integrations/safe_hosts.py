"""Addresses that strangers give us to call: what they may look like, and which hosts they may lead to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

USUAL_PORTS = {"https": 443, "http": 80}

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_HOST_ENTRY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: how a network without IPv4 reaches it
# What Oracle's and Azure's machines learn their own secrets from; Python counts both as public.
_CLOUD = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("168.63.129.16/32"))


class UrlRefused(ValueError):
    """What is no URL that can be compared; `reason` is a stable word. The text never holds the URL."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Place:
    """A URL in parts. `host` is without brackets; `port` is None where the URL names none."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str

    @property
    def shown(self) -> str:
        """The host as a URL writes it."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def origin(self) -> str:
        """Scheme, host, and the port unless it is the usual one."""
        usual = self.port in (None, USUAL_PORTS.get(self.scheme))
        return f"{self.scheme}://{self.shown}" + ("" if usual else f":{self.port}")

    def is_listed(self, hosts: Collection[str]) -> bool:
        """`host` in the list means its usual port; http only for a loopback host that is listed."""
        usual = USUAL_PORTS.get(self.scheme)
        if usual is None or (self.scheme == "http" and not is_loopback(self.host)):
            return False
        port = self.port or usual
        return f"{self.shown}:{port}" in hosts or (port == usual and self.shown in hosts)


def split_url(url: str) -> Place:
    """The parts of a URL; raises UrlRefused.

    What is compared later is the parsed host, never a pattern on the URL: `https://127.0.0.1/x.push.apple.com/`.
    """
    # urlsplit drops tabs and newlines silently, and browsers read a backslash as a slash.
    if not url.isascii() or "\\" in url or any(c <= " " or c == "\x7f" for c in url):
        raise UrlRefused("not_a_url")
    try:
        parts = urlsplit(url)
        place = Place(parts.scheme, (parts.hostname or "").lower(), parts.port, parts.path, parts.query)
    except ValueError:
        raise UrlRefused("not_a_url") from None
    if "@" in parts.netloc:
        raise UrlRefused("has_user_information")
    if "#" in url:
        raise UrlRefused("has_a_fragment")
    if not place.host or parts.netloc.lower() not in (place.shown, f"{place.shown}:{place.port}"):
        raise UrlRefused("not_a_url")
    return place


def check_host(entry: str) -> str:
    """A `host[:port]` of the settings in the form that is compared; raises ValueError."""
    match = _HOST_ENTRY.fullmatch(entry.strip().lower())
    if match is None or int(match["port"] or 1) not in range(1, 65536):
        raise ValueError(f"{entry!r} is not host or host:port")
    host = match["host"]
    if host.startswith("["):
        host = f"[{ipaddress.IPv6Address(host[1:-1])}]"
    elif not is_name(host):
        raise ValueError(f"{entry!r} is not host or host:port")
    return host + (f":{int(match['port'])}" if match["port"] else "")


def is_name(host: str) -> bool:
    """True for labels of letters, digits and hyphens with dots between them; an IPv4 address passes too."""
    return all(_LABEL.fullmatch(label) for label in host.split("."))


def is_loopback(host: str) -> bool:
    """True for localhost and loopback addresses."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_global(address: str) -> bool:
    """True for an address of the open internet; an IPv4 address inside an IPv6 one is judged by itself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _CLOUD)
