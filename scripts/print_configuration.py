"""Print docs/configuration.md from the variables and the adapters' options, or check that it says what they say."""

import sys
from pathlib import Path

from notify_entrypoints.plugins import installed, load_build, option_names
from notify_entrypoints.settings.variables import PORTS, VARIABLES, Port

INTRODUCTION = """# Configuration

Environment variables, or a TOML file named by `NOTIFY_CONFIG` with the same names nested; the environment wins.
Lists are comma-separated. An unknown variable, adapter or option stops the start with a message that lists the
known ones. Secrets are never printed. This page is printed from the code; a whole configuration of production, as
environment variables, is in [the engines of production](production.md#configuration).

```toml
# notify.toml
environment = "staging"
secret_keys = ["…"]
admin_secrets = ["…"]

[tickets]
adapter = "zendesk"
url = "https://example.zendesk.com"

[sms]                        # a port that takes several
adapter = ["mmg", "firetext"]

[sms.mmg]
url = "https://…"
```

## Variables

Adapters whose library is not installed say which extra brings it. `NOTIFY_TEST_…` belongs to the tests.
"""


def page() -> str:
    lines = [INTRODUCTION, "| variable | default | what it is |", "| --- | --- | --- |"]
    for variable in VARIABLES:
        default = "" if variable.default is None else f"`{variable.default}`"
        lines.append(f"| `{variable.name}` | {default} | {variable.says}{' (secret)' if variable.secret else ''} |")
    lines += [
        "\nIn `development`, `NOTIFY_SECRET_KEYS` and `NOTIFY_ADMIN_SECRETS` are generated once and kept in the data",
        "directory. Elsewhere a process that needs them starts only when they are set, each of 32 bytes or more: see",
        "[secrets](secrets.md).",
        "`live` refuses the adapter `fake` unless `NOTIFY_ALLOW_FAKES=true`.",
        "\n## Ports and their adapters",
    ]
    for port in PORTS:
        lines += _port(port)
    return "\n".join(lines) + "\n"


def _port(port: Port) -> list[str]:
    several = "; several, separated by commas" if port.several else ""
    lines = [f"\n### `{port.variable}`: {port.says}\n", f"Default `{port.default}`{several}.\n"]
    lines += ["| adapter | options |", "| --- | --- |"]
    for name in installed(port.group):
        prefix = port.prefix(name)
        options = option_names(load_build(port.group, name)) or {}
        listed = "; ".join(f"`{prefix}{option.upper()}` {says}" for option, says in options.items())
        lines.append(f"| `{name}` | {listed or 'none'} |")
    return lines


def main(arguments: list[str]) -> int:
    path, text = Path(arguments[-1]), page()
    if "--check" not in arguments:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{path} differs from the code: run `make pages`")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
