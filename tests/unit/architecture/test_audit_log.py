"""The audit log is only ever added to: there is no way to change it, in any layer."""

import ast
from pathlib import Path

import pytest

import notify_adapters
import notify_core
import notify_entrypoints
from notify_adapters.storage.sql.repositories.access import SqlAuditLog
from notify_core.accounts.ports import AuditLog
from notify_core.testing.fakes.repositories.audit import MemoryAuditLog

MODULES = [
    path
    for package in (notify_core, notify_adapters, notify_entrypoints)
    for path in Path(package.__file__).parent.rglob("*.py")
]
# Who makes the table, lists it, and writes to it.
KNOW_THE_TABLE = {"schema_accounts.py", "schema.py", "access.py", "0001_accounts.py", "audit.py"}


def test_the_port_adds_and_reads():
    methods = {name for name in vars(AuditLog) if not name.startswith("_")}
    assert methods == {"add", "about"}


@pytest.mark.parametrize("adapter", [SqlAuditLog, MemoryAuditLog])
def test_an_adapter_can_do_no_more(adapter):
    assert {name for name in vars(adapter) if not name.startswith("_")} == {"add", "about"}


def test_nobody_else_knows_the_table():
    naming = {path.name for path in MODULES if "audit_log" in path.read_text(encoding="utf-8")}
    assert naming == KNOW_THE_TABLE


def test_what_reaches_the_table_is_a_select_or_an_insert():
    (access,) = (path for path in MODULES if path.name == "access.py")
    tree = ast.parse(access.read_text(encoding="utf-8"))
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    used = [parents[node] for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "audit_log"]
    assert {ast.unparse(use.func if isinstance(use, ast.Call) else use) for use in used} == {
        "sa.select",
        "audit_log.c",
        "self._session.insert",
    }
