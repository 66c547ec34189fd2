"""Statements that are made once must also be compiled once."""

from importlib import import_module
from pkgutil import walk_packages

import pytest
from sqlalchemy import Executable

from notify_adapters.storage import sql
from notify_adapters.storage.sql import ledger_statements, statements
from notify_adapters.storage.sql.schema import notifications


def statements_of_modules():
    for found in walk_packages(sql.__path__, f"{sql.__name__}."):
        if "migrations" not in found.name:
            for name, value in vars(import_module(found.name)).items():
                if isinstance(value, Executable):
                    yield pytest.param(value, id=f"{found.name.removeprefix(sql.__name__)}.{name}")


@pytest.mark.parametrize("statement", list(statements_of_modules()))
def test_a_statement_is_found_in_the_cache_of_compiled_ones(statement):
    assert statement._generate_cache_key() is not None


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_so_are_those_of_one_database(dialect):
    made = [
        ledger_statements.add(dialect),
        ledger_statements.hold(dialect),
        statements.insert_ignoring(dialect, notifications),
        statements.upsert(dialect, notifications, ("id", "status"), ("id",)),
        statements.in_one(ledger_statements.add(dialect), ("id",), ((notifications, ("id", "status")),))[0],
    ]
    assert all(statement._generate_cache_key() is not None for statement in made)
    assert ledger_statements.add(dialect) is made[0]
