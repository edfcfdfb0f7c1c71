"""Ends e-mails by the link in each of them: for whoever gets them, signed in or not."""

from flask import Response
from flask.views import MethodView

from server.api.base import Resource
from server.api.fields import StrictSchema, text_field
from server.api.limits import limit
from server.dependencies import dependencies
from server.errors import Invalid
from server.services import second_ways


class MailStopSchema(StrictSchema):
    """The token of the link."""

    token = text_field(200, required=True)


blueprint = Resource("mail_stop", __name__, url_prefix="/api/v1/mail-stop", description=__doc__)


@blueprint.route("")
class MailStop(MethodView):
    @blueprint.doc(security=[])
    @blueprint.arguments(MailStopSchema, example={"token": "from the link"})
    @blueprint.response(204)
    def post(self, values: dict[str, str]) -> Response:
        """Send no more reminders by e-mail; repeating it is harmless"""
        limit("mail-stop", 30)
        deps = dependencies()
        patient_id = deps.stop_tokens.read(values["token"].strip())
        if patient_id is None:
            raise Invalid("This link is not whole. Copy all of it.", errors={"token": ["Is not a token of ours."]})
        with deps.database.write() as db:
            second_ways.stop_mail(db, patient_id, now=deps.clock())
        return Response(status=204)
