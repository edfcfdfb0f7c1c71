"""create_app: the resources, the error replies and the phone app become one WSGI application."""

from flask import Flask

from server import web
from server.api import RESOURCES, auth, base, health, limits, metrics
from server.api.step_counts import DayConverter
from server.dependencies import EXTENSION, Dependencies
from server.settings import Settings
from server.wiring import build_dependencies

OPENAPI = {
    "API_TITLE": "Footwell",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {"description": "Foot massage, steps and reminders of one patient. Errors are RFC 9457 problem+json."},
        "security": [{"cookie": []}, {"bearer": []}],
        "components": {
            "securitySchemes": {
                "cookie": {"type": "apiKey", "in": "cookie", "name": "footwell"},
                "bearer": {"type": "http", "scheme": "bearer", "description": "A token made in Devices."},
                "message": {"type": "http", "scheme": "message", "description": "The token of one push message."},
            }
        },
    },
}


def create_app(settings: Settings | None = None, dependencies: Dependencies | None = None) -> Flask:
    """The WSGI application. Without arguments: settings from the environment, and the real parts."""
    if dependencies is None:
        dependencies = build_dependencies(settings or Settings.from_env())
    settings = dependencies.settings
    app = Flask("footwell", static_folder=None)
    app.config.update(OPENAPI)
    app.extensions[EXTENSION] = dependencies
    app.url_map.converters["day"] = DayConverter
    app.json.sort_keys = False  # type: ignore[attr-defined]
    base.install(app)
    limits.install(app, settings)
    api = base.FootwellApi(app)
    api.register_converter(DayConverter, base.day_parameter)
    for blueprint in RESOURCES:
        api.register_blueprint(blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(metrics.blueprint)
    app.after_request(auth.renew_cookie)
    web.install(app)
    return app
