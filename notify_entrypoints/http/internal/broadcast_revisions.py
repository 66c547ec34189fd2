"""Proposing changes of live broadcast messages, and deciding about them."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.broadcasts.policies.revisions import Proposal
from notify_core.broadcasts.states import RevisionStatus
from notify_core.broadcasts.use_cases.revise import RevisionDecision, RevisionProposed
from notify_core.broadcasts.use_cases.views import revision_view
from notify_core.kernel.ids import BroadcastMessageId, RevisionId, ServiceId, UserId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.bodies import moment, polygons
from notify_entrypoints.http.schemas.broadcasts import BROADCAST_REVISION, BROADCAST_REVISION_STATUS, REVISION
from notify_entrypoints.http.validation import json_body

blueprint = Blueprint(
    "broadcast_revisions",
    __name__,
    url_prefix="/service/<uuid:service_id>/broadcast-message/<uuid:message_id>/revision",
)


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Propose a change of a live alert", REVISION, status=201, body=BROADCAST_REVISION)
def propose(service_id: UUID, message_id: UUID) -> Any:
    body = json_body(BROADCAST_REVISION)
    proposal = Proposal(
        content=body.get("content"),
        areas=tuple(body["areas"]) if "areas" in body else None,
        simple_polygons=polygons(body["simple_polygons"]) if "simple_polygons" in body else None,
        finishes_at=moment(body, "finishes_at"),
    )
    proposed = container_of(current_app).propose_revision()(
        RevisionProposed(
            ServiceId(service_id), BroadcastMessageId(message_id), UserId(UUID(body["created_by"])), proposal
        )
    )
    return revision_view(proposed), HTTPStatus.CREATED


@blueprint.post("/<uuid:revision_id>/status")
@authentication(Authentication.ADMIN)
@documented("Approve or reject a proposed change", REVISION, body=BROADCAST_REVISION_STATUS)
def decide(service_id: UUID, message_id: UUID, revision_id: UUID) -> Any:
    body = json_body(BROADCAST_REVISION_STATUS)
    decided = container_of(current_app).decide_revision()(
        RevisionDecision(
            ServiceId(service_id),
            BroadcastMessageId(message_id),
            RevisionId(revision_id),
            RevisionStatus(body["status"]),
            UserId(UUID(body["created_by"])),
        )
    )
    return revision_view(decided)
