import subprocess
import sys

import pytest

from notify_entrypoints.settings import SettingsError
from notify_entrypoints.settings.development_secrets import development_secrets

PROGRAM = """
import sys
from pathlib import Path
from notify_entrypoints.settings.development_secrets import development_secrets
sys.stdin.readline()
print(development_secrets(Path(sys.argv[1])))
"""


def test_processes_that_start_at_once_agree(tmp_path):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "data")]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = {process.communicate(timeout=60)[0] for process in started}

    assert len(said) == 1
    assert "secret_keys" in said.pop()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secrets.json"]


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"secret_keys": ["secret"]}',
        '{"secret_keys": "secret", "admin_secrets": ["secret"]}',
        '{"secret_keys": [], "admin_secrets": ["secret"]}',
        '{"secret_keys": [""], "admin_secrets": ["secret"]}',
        '{"secret_keys": [7], "admin_secrets": ["secret"]}',
        '{"secret_keys": ["secret',
        b"\xff",
    ],
)
def test_a_damaged_file_is_not_replaced_and_not_quoted(tmp_path, damage):
    file = tmp_path / "secrets.json"
    written = damage if isinstance(damage, bytes) else damage.encode()
    file.write_bytes(written)

    with pytest.raises(SettingsError, match="is damaged; restore it") as refused:
        development_secrets(tmp_path)

    assert '"secret' not in str(refused.value)
    assert refused.value.__cause__ is None
    assert file.read_bytes() == written


def test_a_directory_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"NOTIFY_DATA_DIR: .*secrets.json cannot be used"):
        development_secrets(tmp_path / "file" / "data")
