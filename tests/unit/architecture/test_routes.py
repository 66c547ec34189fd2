"""Every route, and who may call it. A new one is written down here, or this fails."""

import pytest
from flask import Blueprint, Flask

from notify_entrypoints.containers import Container
from notify_entrypoints.http import create_app
from notify_entrypoints.http.authentication import Authentication, UndeclaredRoute, authentication, declared, install
from notify_entrypoints.settings import load_settings

SERVICE = "/service/<uuid:service_id>"
BROADCASTS = f"{SERVICE}/broadcast-message"

ROUTES = {
    ("GET", "/_status"): "none",
    ("GET", "/docs"): "none",
    ("GET", "/d/<uuid:service_id>/<uuid:document_id>"): "none",
    ("POST", "/d/<uuid:service_id>/<uuid:document_id>"): "none",
    ("POST", "/d/<uuid:service_id>/<uuid:document_id>/download"): "none",
    ("GET", "/d/<path:rest>"): "none",
    ("POST", "/d/<path:rest>"): "none",
    ("GET", "/openapi.json"): "none",
    ("POST", "/notifications/email/<supplier>"): "none",
    ("POST", "/notifications/sms/<supplier>"): "none",
    ("POST", "/v2/notifications/sms"): "service",
    ("POST", "/v2/notifications/email"): "service",
    ("POST", "/v2/notifications/letter"): "service",
    ("GET", "/v2/notifications/<notification_id>/pdf"): "service",
    ("GET", "/v2/notifications"): "service",
    ("GET", "/v2/notifications/<notification_id>"): "service",
    ("POST", "/v2/notifications/<notification_id>/cancel"): "service",
    ("GET", "/v2/template/<template_id>"): "service",
    ("GET", "/v2/template/<template_id>/version/<version>"): "service",
    ("POST", "/v2/template/<template_id>/preview"): "service",
    ("GET", "/v2/templates"): "service",
    ("POST", "/v2/broadcast"): "service",
    ("GET", "/unsubscribe/<uuid:notification_id>/<signature>"): "none",
    ("POST", "/unsubscribe/<uuid:notification_id>/<signature>"): "none",
    ("GET", "/service/<uuid:service_id>/unsubscribe-requests"): "admin",
    ("POST", "/service/<uuid:service_id>/job"): "admin",
    ("GET", "/service/<uuid:service_id>/job"): "admin",
    ("GET", "/service/<uuid:service_id>/job/<uuid:job_id>"): "admin",
    ("GET", "/service/<uuid:service_id>/job/<uuid:job_id>/results.csv"): "admin",
    ("GET", "/service/<uuid:service_id>/job/<uuid:job_id>/errors.csv"): "admin",
    ("POST", "/service/<uuid:service_id>/job/<uuid:job_id>/cancel"): "admin",
    ("GET", "/service/<uuid:service_id>/returned-letters"): "admin",
    ("POST", "/service/<uuid:service_id>/notifications/<uuid:notification_id>/cancel"): "admin",
    ("POST", "/letters/returned"): "admin",
    ("POST", "/notifications/letter/dvla"): "none",
    ("POST", "/notifications/sms/receive/<supplier>"): "none",
    ("GET", "/v2/received-text-messages"): "service",
    ("GET", "/fake-network"): "operator",
    ("GET", "/fake-network/state"): "operator",
    ("GET", BROADCASTS): "admin",
    ("POST", BROADCASTS): "admin",
    ("GET", f"{BROADCASTS}/<uuid:message_id>"): "admin",
    ("POST", f"{BROADCASTS}/<uuid:message_id>"): "admin",
    ("POST", f"{BROADCASTS}/<uuid:message_id>/status"): "admin",
    ("GET", f"{BROADCASTS}/<uuid:message_id>/events"): "admin",
    ("POST", f"{BROADCASTS}/<uuid:message_id>/revision"): "admin",
    ("POST", f"{BROADCASTS}/<uuid:message_id>/revision/<uuid:revision_id>/status"): "admin",
    ("GET", "/service/<uuid:service_id>/template/<uuid:template_id>/versions"): "service or admin",
    ("POST", "/service/<uuid:service_id>/set-as-broadcast-service"): "admin",
    ("GET", "/service"): "admin",
    ("POST", "/service"): "admin",
    ("GET", SERVICE): "admin",
    ("POST", SERVICE): "admin",
    ("POST", f"{SERVICE}/archive"): "admin",
    ("GET", f"{SERVICE}/templates"): "admin",
    ("POST", f"{SERVICE}/templates"): "admin",
    ("GET", f"{SERVICE}/templates/<uuid:template_id>"): "admin",
    ("POST", f"{SERVICE}/templates/<uuid:template_id>"): "admin",
    ("POST", f"{SERVICE}/templates/<uuid:template_id>/archive"): "admin",
    ("GET", f"{SERVICE}/api-keys"): "admin",
    ("POST", f"{SERVICE}/api-keys"): "admin",
    ("POST", f"{SERVICE}/api-keys/<uuid:key_id>/rotate"): "admin",
    ("POST", f"{SERVICE}/api-keys/<uuid:key_id>/revoke"): "admin",
    ("GET", f"{SERVICE}/sms-senders"): "admin",
    ("POST", f"{SERVICE}/sms-senders"): "admin",
    ("POST", f"{SERVICE}/sms-senders/<uuid:sender_id>"): "admin",
    ("DELETE", f"{SERVICE}/sms-senders/<uuid:sender_id>"): "admin",
    ("GET", f"{SERVICE}/reply-tos"): "admin",
    ("POST", f"{SERVICE}/reply-tos"): "admin",
    ("POST", f"{SERVICE}/reply-tos/<uuid:reply_to_id>"): "admin",
    ("DELETE", f"{SERVICE}/reply-tos/<uuid:reply_to_id>"): "admin",
    ("GET", f"{SERVICE}/callbacks"): "admin",
    ("PUT", f"{SERVICE}/callbacks/<callback_type>"): "admin",
    ("DELETE", f"{SERVICE}/callbacks/<callback_type>"): "admin",
    ("GET", f"{SERVICE}/guest-list"): "admin",
    ("PUT", f"{SERVICE}/guest-list"): "admin",
    ("GET", f"{SERVICE}/users"): "admin",
    ("POST", f"{SERVICE}/users"): "admin",
    ("POST", f"{SERVICE}/users/<uuid:user_id>"): "admin",
    ("DELETE", f"{SERVICE}/users/<uuid:user_id>"): "admin",
}


@pytest.fixture
def container(tmp_path):
    return Container(settings=load_settings({"NOTIFY_DATA_DIR": str(tmp_path)}))


def test_every_route_declares_who_may_call_it(container):
    app = create_app(container)
    declarations = {
        (method, rule.rule): declared(app.view_functions[rule.endpoint]).value
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert declarations == ROUTES


def test_public_endpoints_are_for_services_and_internal_ones_for_the_admin_application():
    for (_, rule), kind in ROUTES.items():
        assert (kind == "service") is rule.startswith("/v2/")
        internal = rule == "/service" or rule.startswith(("/service/", "/letters/"))
        assert (kind in {"admin", "service or admin"}) is internal


def test_an_app_with_an_undeclared_view_does_not_start(container):
    app = Flask(__name__, static_folder=None)
    blueprint = Blueprint("careless", __name__)

    @blueprint.get("/declared")
    @authentication(Authentication.NONE)
    def fine():
        return "fine"

    @blueprint.get("/careless")
    def careless():
        return "open to anybody"

    app.register_blueprint(blueprint)
    with pytest.raises(UndeclaredRoute, match=r"careless does not declare its authentication"):
        install(app, container)


def test_a_declaration_is_one_of_the_known_ones():
    def view():
        return "open to anybody"

    view.authentication = "none"
    with pytest.raises(UndeclaredRoute):
        declared(view)
