"""What the site has beyond docs/: pages of the project's root, the reference made of docstrings, state diagrams drawn.

MkDocs calls these functions by their names (``hooks`` in mkdocs.yml).
"""

import html
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
CORE = ROOT / "notify_core"
OF_THE_ROOT = {"GLOSSARY.md": "glossary.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "reporting.md"}
# What the reference is made of, by the module's name within a sub-domain.
KINDS = {"ports": "Ports", "use_cases": "Use cases", "events": "Events"}

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?://|#)([^)#\s]+)(#[^)\s]*)?\)")
_DIAGRAM = re.compile(r"^```mermaid\nstateDiagram-v2\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_STATE = re.compile(r'state "(?P<label>[^"]+)" as (?P<name>\w+)')
_MOVE = re.compile(r"(?P<source>\S+) --> (?P<target>\S+?)(?:: (?P<event>.*))?$", re.MULTILINE)
_OUTSIDE = "[*]"
# What docstrings write before a name, as in :class:`~its.module.Name`, and Markdown does not know.
_ROLE = re.compile(r":[a-z]+:<code>(?:~[\w.]+\.)?")


def on_files(files: Files, config: Any) -> Files:
    for name, page in OF_THE_ROOT.items():
        files.append(File.generated(config, page, content=(ROOT / name).read_text(encoding="utf-8")))
    for page, content in reference().items():
        files.append(File.generated(config, page, content=content))
    return files


def on_config(config: Any) -> Any:
    """The reference's pages are in the navigation as they are in the code."""
    (section,) = [part["Reference"] for part in config["nav"] if "Reference" in part]
    section[1:1] = [page for page in reference() if page not in section]
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    folder = ROOT if page.file.src_uri in OF_THE_ROOT.values() else (ROOT / "docs" / page.file.src_uri).parent
    return _DIAGRAM.sub(
        lambda found: drawn(found[1]), _LINK.sub(lambda link: _on_the_site(link, folder, page), markdown)
    )


def on_page_content(content: str, **_: Any) -> str:
    return _ROLE.sub("<code>", content)


def reference() -> dict[str, str]:
    """The reference's pages: one for the core's shared ports, one for each sub-domain."""
    pages = {"reference/shared-ports.md": _page("Ports that all share", {"Ports": _modules(CORE / "ports")})}
    for folder in sorted(path for path in CORE.iterdir() if path.is_dir()):
        found = {title: modules for kind, title in KINDS.items() if (modules := _modules(folder / kind))}
        if found and folder.name not in {"ports", "kernel"}:
            pages[f"reference/{folder.name}.md"] = _page(folder.name.capitalize(), found)
    return pages


def drawn(diagram: str) -> str:
    """A Mermaid state diagram as a list: each state with the moves that lead out of it. It needs no script."""
    labels = {state["name"]: state["label"] for state in _STATE.finditer(diagram)}
    moves = [move.groupdict() for move in _MOVE.finditer(diagram)]
    begins = {move["target"] for move in moves if move["source"] == _OUTSIDE}
    lines = ['<dl class="states">']
    for name, label in labels.items():
        leading_out = [move for move in moves if move["source"] == name and move["target"] != _OUTSIDE]
        marks = " ".join(["begins"] * (name in begins) + ["ends"] * (not leading_out))
        lines.append(f'<dt class="{marks}"><span id="state-{name}">{html.escape(label)}</span></dt>')
        for move in leading_out:
            target = f'<a href="#state-{move["target"]}">{html.escape(labels[move["target"]])}</a>'
            lines.append(f"<dd>{html.escape(move['event'])} → {target}</dd>")
    return "\n".join([*lines, "</dl>", ""])


def _modules(path: Path) -> list[str]:
    """The public modules at a path, a module or a package, by their dotted names; a package comes before its parts."""
    if path.with_suffix(".py").exists():
        return [_dotted(path)]
    return [_dotted(part) for part in sorted(path.rglob("*.py")) if _says_something(part)]


def _says_something(path: Path) -> bool:
    return path.name != "__init__.py" and bool(
        re.search(r"^(class|def) [A-Z_a-z]", path.read_text(encoding="utf-8"), re.MULTILINE)
    )


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _page(title: str, kinds: dict[str, list[str]]) -> str:
    return "\n".join(_lines(title, kinds))


def _lines(title: str, kinds: dict[str, list[str]]) -> Iterator[str]:
    yield f"# {title}\n"
    for kind, modules in kinds.items():
        yield f"## {kind}\n"
        yield from (f"::: {module}\n" for module in modules)


def _on_the_site(link: re.Match[str], folder: Path, page: Any) -> str:
    """A link as it must be on the site, where pages of the root are beside those of docs/; what the site does not have
    is named."""
    text, target, anchor = link[1], link[2], link[3] or ""
    path = (folder / target).resolve()
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else target
    here = OF_THE_ROOT.get(name) or (name.removeprefix("docs/") if name.startswith("docs/") else None)
    if here is None:
        return text
    return f"[{text}]({posixpath.relpath(here, posixpath.dirname(page.file.src_uri) or '.')}{anchor})"
