"""docs/operations.md: a role for the platform that can add to the audit log and do nothing else with it."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from notify_core.accounts.model import BroadcastChannel, BroadcastMode
from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.change_status import StatusChange
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.broadcasts.use_cases.set_broadcast_service import BroadcastServiceSettings
from notify_core.testing.builders import SKEGNESS, a_service, a_user
from notify_entrypoints.containers import Container, check_schema
from notify_entrypoints.settings import load_settings

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
(GRANTS,) = (block for block in re.findall(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) if "REVOKE" in block)


@pytest.fixture
def platform(postgresql_server, postgresql_template, tmp_path):
    role = f"notify_test_{uuid4().hex}"
    with postgresql_server.database(postgresql_template) as url:
        owner = sa.create_engine(url)
        with owner.begin() as connection:
            connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD 'word'")
            connection.exec_driver_sql(re.sub(r"\bnotify\b", role, GRANTS))
        address = sa.make_url(url).set(username=role, password="word").render_as_string(hide_password=False)
        settings = {"NOTIFY_DATABASE_URL": address, "NOTIFY_DATA_DIR": str(tmp_path), "NOTIFY_SECRET_KEYS": "k" * 32}
        container = Container(settings=load_settings(settings))
        yield container
        container.wake().close()
        container.engine().dispose()
        with owner.begin() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
        owner.dispose()
    postgresql_server.execute(f"DROP ROLE {role}")


def test_the_platform_works_and_cannot_rewrite_what_was_done(platform):
    check_schema(platform)
    service, author, approver = a_service(), a_user(), a_user()
    with platform.work()() as work:
        work.services.put(service)
        for user in (author, approver):
            work.users.put(user)
            work.users.add_to_service(user.id, service.id)
        work.commit()
    platform.set_broadcast_service()(
        BroadcastServiceSettings(service.id, BroadcastChannel.SEVERE, BroadcastMode.LIVE, None)
    )
    new = NewBroadcastMessage(service.id, author.id, content="Leave", reference="1", simple_polygons=(SKEGNESS,))
    message = platform.create_broadcast_message()(new)
    for status, person in ((MessageStatus.PENDING_APPROVAL, author), (MessageStatus.BROADCASTING, approver)):
        platform.change_broadcast_status()(StatusChange(service.id, message.id, status, person.id))
    relay, queue, execute = platform.relay(), platform.task_queue(), platform.execute()
    while relay():
        for published in queue.drain():
            execute(published.entry_id, "test", task=published.task, queue=published.queue)

    with platform.work()(read_only=True) as work:
        assert len(work.audit.about(str(service.id))) == 1
        before = work.audit.about(str(message.id))
        assert len(before) == 3
        assert len(work.provider_messages.of_message(message.id)) == 4
    for statement in ("UPDATE audit_log SET who = 'nobody'", "DELETE FROM audit_log", "TRUNCATE audit_log"):
        with pytest.raises(ProgrammingError, match="permission denied"), platform.engine().begin() as connection:
            connection.exec_driver_sql(statement)
    with platform.work()(read_only=True) as work:
        assert work.audit.about(str(message.id)) == before
