"""The tables of what sending costs."""

from collections.abc import Sequence

from bench.claiming import Claims
from bench.reminding import Reminding
from bench.report import Table
from bench.sending import BATCHES, CACHED, NODE, OURS, Sending, Sent
from bench.sink import SLOW_SECONDS
from integrations.web_push import PER_HOST
from server.jobs import BATCH

NAMES = {
    OURS: "our sender",
    BATCHES: f"our sender, {BATCH} by {BATCH} as the worker does",
    NODE: "node web-push",
    CACHED: "node web-push, header kept",
}
# Of our CPU for a message, against node's.
TIMES_NODE, TIMES_CACHED = 3.0, 1.4


def of_sending(found: Sending) -> list[Table]:
    """Messages a second and what each costs; then ours by part."""
    agreement = found.parts["agreement"]
    rows = [_sent_row(found, one, agreement) for one in found.sent]
    head = ("sender", "processes", "sink waits", "per second", "spread", "CPU µs", "sink's CPU µs")
    head += ("of the crypto bound", "CPU: node, node with kept header", "aim")
    title = f"Push messages to nginx over HTTPS, {PER_HOST} at once for each process, payload of 249 bytes"
    return [Table(title, head, rows), _parts(found.parts)]


def _sent_row(found: Sending, one: Sent, agreement: float) -> list[str]:
    bound = 1e6 / agreement * one.processes
    node, cached = (found.of(kind, one.processes, slow=one.slow).cpu_us / one.cpu_us for kind in (NODE, CACHED))
    ours = one.kind in (OURS, BATCHES)
    aim = f"≥ {TIMES_NODE:g}× and ≥ {TIMES_CACHED:g}×" if ours and not one.slow else ""
    if one.kind == OURS and one.processes == 2 and not one.slow:
        aim += ", ≥ 5000/s"
    return [
        NAMES[one.kind],
        f"{one.processes}",
        f"{SLOW_SECONDS * 1000 if one.slow else 0:.0f} ms",
        f"{one.per_second:.0f}",
        f"±{one.spread * 50:.0f} %",
        f"{one.cpu_us:.0f}",
        f"{one.sink_us:.0f}",
        f"{one.per_second / bound * 100:.0f} %",
        f"{node:.1f}×, {cached:.1f}×" if ours else "",
        aim,
    ]


def _parts(parts: dict[str, float]) -> Table:
    whole = parts["whole"]
    costs = {
        "a key and its agreement: the crypto bound": parts["agreement"],
        "the rest of the encryption": parts["encryption"] - parts["agreement"],
        "HTTP and TLS: aiohttp with a body that is ready": parts["transport"],
        "the rest: address, headers, tasks, result": whole - parts["encryption"] - parts["transport"],
        "all": whole,
    }
    rows = [[name, f"{cost:.0f}", f"{cost / whole * 100:.0f} %"] for name, cost in costs.items()]
    return Table("CPU of a message by part, one process", ("part", "µs", "of all"), rows)


def of_claims(found: Sequence[Claims]) -> Table:
    """Microseconds for a message, and how much more than with the fewest."""
    fewest = {one.database: one.total for one in reversed(found)}
    rows = [
        [
            one.database,
            f"{one.moments:,}".replace(",", " "),
            *(f"{part:.0f}" for part in (one.wake, one.claim, one.finish, one.total)),
            f"{one.total / fewest[one.database]:.2f}×",
            "≤ 1.2×",
        ]
        for one in found
    ]
    head = ("database", "open moments", "wake µs", "claim µs", "finish µs", "all µs", "of the fewest", "aim")
    return Table(f"Waking, claiming and finishing a message, {BATCH} in a batch", head, rows)


def of_reminding(found: Sequence[Reminding]) -> Table:
    """From the moment that all fall due."""
    rows = [
        [
            f"{one.workers}",
            f"{one.per_second:.0f}",
            f"{one.half_sent:.1f} s",
            f"{one.last_sent:.1f} s",
            f"{one.worker_us:.0f}",
            f"{one.database_us:.0f}",
            f"{one.sink_us:.0f}",
            f"{one.memory / 1e6:.0f} MB",
            "≥ 2500/s, < 150 MB",
        ]
        for one in found
    ]
    head = ("workers", "per second", "half are sent after", "the last after", "workers' CPU µs", "PostgreSQL's CPU µs")
    head += ("sink's CPU µs", "largest worker", "aim")
    title = f"{found[0].messages} reminders due in the same moment, PostgreSQL and sink on the same cores"
    return Table(title, head, rows, [line for one in found for line in one.errors])
