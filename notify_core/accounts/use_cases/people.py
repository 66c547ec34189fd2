"""The people of a service's team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid5

from notify_core.accounts.model import User
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases.acting import Acting, Actor, ChangesService
from notify_core.kernel.errors import NotAllowed, NotFound
from notify_core.kernel.ids import ServiceId, UserId
from notify_core.ports.unit_of_work import UnitOfWorkFactory

# People belong to no service: the ids of those who are given none are derived from this.
_PEOPLE: Final = UUID("4b5ce7cb-2dfe-4d4c-a1c1-9f0a0b0a7d0e")


@dataclass(frozen=True)
class AddMember(ChangesService):
    """A person (fields of a user, by name; ``name`` and ``email_address`` at least) is in the team. Whoever is known
    already, by id or else by email address, is described anew: the same person may be in several teams.

    :raises NotFound: no such service.
    """

    def __call__(
        self, service_id: ServiceId, given: Mapping[str, Any], actor: Actor, user_id: UserId | None = None
    ) -> User:
        with self.changing(service_id, actor) as acting:
            return store_member(acting, service_id, given, user_id)


@dataclass(frozen=True)
class AddKnownMember(ChangesService):
    """Somebody who is known already is in the team.

    :raises NotFound: no such service, or no such user.
    """

    def __call__(self, service_id: ServiceId, user_id: UserId, actor: Actor) -> User:
        with self.changing(service_id, actor) as acting:
            user = acting.work.users.get(user_id)
            join(acting, user, service_id)
            return user


@dataclass(frozen=True)
class RemoveMember(ChangesService):
    """The person is no longer in the team, and stays in others.

    :raises NotFound: no such service, or nobody like that in its team.
    :raises NotAllowed: nobody would be left.
    """

    def __call__(self, service_id: ServiceId, user_id: UserId, actor: Actor) -> None:
        with self.changing(service_id, actor) as acting:
            members = acting.work.users.members(service_id)
            if all(member.id != user_id for member in members):
                raise NotFound(f"service {service_id} has no user {user_id}")
            if len(members) == 1:
                raise NotAllowed("You cannot remove the only user for a service")
            acting.work.users.remove_from_service(user_id, service_id)
            acting.changed(f"user {user_id} removed from the team of", service_id)


@dataclass(frozen=True)
class ListMembers:
    """The team, by name.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self, service_id: ServiceId) -> Sequence[User]:
        with self.work(read_only=True) as work:
            return work.users.members(work.services.get(service_id).id)


def store_member(acting: Acting, service_id: ServiceId, given: Mapping[str, Any], user_id: UserId | None) -> User:
    """Store a person, where they are not as ``given``, and make them a member, where they are none."""
    known = user_id or UserId(uuid5(_PEOPLE, f"user:{given['email_address'].lower()}"))
    before = _existing(acting.work, known)
    user = replace(before, **given) if before else User(id=known, **given)
    if user != before:
        acting.work.users.put(user)
        acting.changed("user stored", user.id)
    join(acting, user, service_id)
    return user


def join(acting: Acting, user: User, service_id: ServiceId) -> None:
    """Make the user a member, where they are none."""
    if not acting.work.users.is_member(user.id, service_id):
        acting.work.users.add_to_service(user.id, service_id)
        acting.changed(f"user {user.id} added to the team of", service_id)


def _existing(work: AccountsWork, user_id: UserId) -> User | None:
    try:
        return work.users.get(user_id)
    except NotFound:
        return None
