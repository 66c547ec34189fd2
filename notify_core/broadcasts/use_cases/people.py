"""Who asks for a change."""

from notify_core.broadcasts.policies.changes import Person
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ServiceId, UserId


def person_of(work: BroadcastsWork, user_id: UserId, service_id: ServiceId) -> Person:
    """The user as this service sees them; one whom nobody knows is a stranger like those of other services."""
    member = work.users.is_member(user_id, service_id)
    try:
        admin = work.users.get(user_id).platform_admin
    except NotFound:
        admin = False
    return Person(user_id, member=member, platform_admin=admin)
