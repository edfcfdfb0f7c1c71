"""Web push: the browsers that get a patient's reminders, a test, and what browsers report back."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from integrations.push import EndpointRefused, KeysRefused, check_endpoint, check_keys
from integrations.vapid import is_public_subject
from server.api.auth import message_delivery, signed_in
from server.api.base import Resource, correct_clock
from server.api.fast import Dumper, json_response
from server.api.fields import StrictSchema, UtcMoment, text_field
from server.api.limits import limit
from server.dependencies import dependencies
from server.errors import Invalid
from server.pushing import send_claimed
from server.services import push, second_ways, sending, server_facts
from server.services.owner import Owner

STATES = ("active", "needs_resubscribe")


class PushKeysSchema(StrictSchema):
    """The browser's public key and secret, base64url (RFC 8291)."""

    p256dh = text_field(100, required=True)
    auth = text_field(30, required=True)


class SubscribeSchema(StrictSchema):
    """What `PushManager.subscribe()` gave; `replaces` is the endpoint that this one takes over from."""

    endpoint = text_field(2048, required=True)
    keys = fields.Nested(PushKeysSchema, required=True)
    label = text_field(80, required=True)
    replaces = text_field(2048, allow_none=True, load_default=None)


class PushSubscriptionSchema(Schema):
    """One browser; its endpoint is a secret and never comes back."""

    id = fields.UUID()
    label = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    created_at = UtcMoment()
    seen_at = UtcMoment()
    last_sent_at = UtcMoment(allow_none=True)
    last_received_at = UtcMoment(allow_none=True)
    last_shown_at = UtcMoment(allow_none=True)
    quiet = fields.Boolean(metadata={"description": "It used to report what arrived, and for a week it has not."})


class TestSchema(StrictSchema):
    """Which browser; all of them when left out."""

    subscription_id = fields.UUID(load_default=None, allow_none=True)


class TestResultSchema(Schema):
    """What became of the test for one browser: sent, gone, waiting, needs_resubscribe or failed."""

    subscription_id = fields.UUID()
    label = fields.String()
    state = fields.String()


class ReceiptSchema(StrictSchema):
    """What a browser did with a message."""

    token = text_field(200, required=True)
    event = fields.String(required=True, validate=validate.OneOf(tuple(push.RECEIPT_COLUMNS)))
    at = UtcMoment(required=True)


EXAMPLE = {
    "id": "c2f1e0d9-8b7a-4c6d-9e5f-4a3b2c1d0e9f",
    "label": "Chrome on Android",
    "state": "active",
    "created_at": "2026-11-22T08:00:00Z",
    "seen_at": "2026-11-22T08:00:00Z",
    "last_sent_at": None,
    "last_received_at": None,
    "last_shown_at": None,
    "quiet": False,
}
SUBSCRIBE = {
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/example",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
    "label": "Firefox on Linux",
}

blueprint = Resource("push", __name__, url_prefix="/api/v1/push", description=__doc__)
dumper = Dumper(PushSubscriptionSchema)


@blueprint.route("/public-key")
class PublicKey(MethodView):
    @blueprint.doc(security=[])
    @blueprint.response(
        200,
        Schema.from_dict({"public_key": fields.String()}, name="PublicKey"),
        example={"public_key": SUBSCRIBE["keys"]["p256dh"]},  # type: ignore[index]
    )
    def get(self) -> Response:
        """The key that browsers subscribe with"""
        return json_response({"public_key": dependencies().vapid_public_key})


@blueprint.route("/subscriptions")
class PushSubscriptionList(MethodView):
    @blueprint.response(
        200,
        Schema.from_dict(
            {
                "items": fields.List(fields.Nested(PushSubscriptionSchema)),
                "worker_alive": fields.Boolean(),
                "push_fault": fields.String(allow_none=True, validate=validate.OneOf(push.FAULTS)),
                "second_ways": fields.List(fields.String(validate=validate.OneOf(second_ways.WAYS))),
                "ntfy_url": fields.String(allow_none=True),
            },
            name="PushSubscriptionPage",
        ),
        example={
            "items": [EXAMPLE],
            "worker_alive": True,
            "push_fault": None,
            "second_ways": ["email"],
            "ntfy_url": None,
        },
    )
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """List the patient's browsers

        `worker_alive` and `push_fault` tell whether the server can send to them; `second_ways` how else it can send,
        ntfy at `ntfy_url`.
        """
        deps = dependencies()
        rows = push.list_subscriptions(db, owner)
        has_contact = is_public_subject(deps.settings.vapid_subject)
        said = {
            "items": [dumper.pick(row) for row in rows],
            "worker_alive": server_facts.worker_is_alive(db, now=deps.clock()),
            "push_fault": push.find_fault(rows, server_facts.push_faults(db), has_contact=has_contact),
            "second_ways": list(deps.second_ways),
            "ntfy_url": deps.settings.second_ways.ntfy_url or None,
        }
        return json_response(said)

    @blueprint.arguments(SubscribeSchema, example=SUBSCRIBE)
    @blueprint.response(200, PushSubscriptionSchema, example=EXAMPLE)
    @blueprint.alt_response(201, schema=PushSubscriptionSchema, example=EXAMPLE)
    @signed_in
    def put(self, db: Session, owner: Owner, values: dict[str, Any]) -> Response:
        """Register this browser; repeating it is harmless"""
        deps = dependencies()
        keys = values.pop("keys")
        try:
            check_endpoint(values["endpoint"], deps.settings.push_hosts)
            check_keys(**keys)
        except EndpointRefused as error:
            raise Invalid(str(error), code="push_endpoint_refused", errors={"endpoint": [error.reason]}) from None
        except KeysRefused as error:
            raise Invalid(f"{error}.", code="push_keys_refused", errors={f"keys.{error.field}": [str(error)]}) from None
        row, created = push.save_subscription(db, owner, **values, **keys, now=deps.clock())
        return json_response(dumper.pick(row), 201 if created else 200, etag=row.seq)


@blueprint.route("/subscriptions/<uuid:subscription_id>")
class PushSubscriptionView(MethodView):
    @blueprint.response(204)
    @signed_in
    def delete(self, db: Session, owner: Owner, subscription_id: UUID) -> Response:
        """Stop sending to a browser"""
        push.delete_subscription(db, owner, subscription_id, now=dependencies().clock())
        return Response(status=204)


@blueprint.route("/test")
class PushTest(MethodView):
    @blueprint.arguments(TestSchema, example={})
    @blueprint.response(
        200,
        Schema.from_dict({"results": fields.List(fields.Nested(TestResultSchema))}, name="PushTestReply"),
        example={"results": [{"subscription_id": EXAMPLE["id"], "label": EXAMPLE["label"], "state": "sent"}]},
    )
    def post(self, values: dict[str, UUID | None]) -> Response:
        """Send a test message now"""
        limit("push-test", 10)
        deps = dependencies()
        states = send_claimed(deps, self._claim(values["subscription_id"]), now=deps.clock())
        reply = [{"subscription_id": row.subscription_id, "label": row.label, "state": state} for row, state in states]
        return json_response({"results": reply})

    @signed_in
    def _claim(self, db: Session, owner: Owner, subscription_id: UUID | None) -> Any:
        # Committed before anything is sent: no transaction is open while a push service takes its time.
        return sending.create_test_deliveries(db, owner, subscription_id, now=dependencies().clock())


@blueprint.route("/receipts")
class Receipt(MethodView):
    @blueprint.doc(security=[])
    @blueprint.arguments(ReceiptSchema, example={"token": "…", "event": "shown", "at": "2026-11-23T18:00:02Z"})
    @blueprint.response(204)
    def post(self, values: dict[str, Any]) -> Response:
        """Report on one message, by its own token; the same receipt again changes nothing"""
        deps = dependencies()
        at = correct_clock(values)["at"]
        with deps.database.write() as db:
            found = message_delivery(db, values["token"], deps.clock())
            push.save_receipt(db, found, values["event"], at=at, now=deps.clock())
        return Response(status=204)
