"""Whether the built site is whole: it loads nothing from elsewhere, and shows each public module of the reference."""

import re
import sys
from pathlib import Path

from site_pages import reference

_LOADED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"'](?:https?:)?//[^>]*>|<link\b[^>]*\bhref=[\"'](?:https?:)?//[^>]*>"
)
_STYLED = re.compile(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"';]+")


def from_elsewhere(site: Path) -> list[str]:
    """What pages and style sheets would load over a network, each with where it stands."""
    found = []
    for path in sorted(site.rglob("*")):
        if path.suffix in {".html", ".css"}:
            wanted = (_LOADED if path.suffix == ".html" else _STYLED).findall(path.read_text(encoding="utf-8"))
            found += [f"{path.relative_to(site)}: {one}" for one in wanted if 'rel="canonical"' not in one]
    return found


def missing(site: Path) -> list[str]:
    """Modules of the reference that have no place on its pages."""
    return [
        module
        for page, content in reference().items()
        for module in re.findall(r"^::: (\S+)$", content, re.MULTILINE)
        if f'id="{module}"' not in (site / page).with_suffix(".html").read_text(encoding="utf-8")
    ]


def main(arguments: list[str]) -> int:
    site = Path(arguments[0])
    faults = [f"loaded from elsewhere: {one}" for one in from_elsewhere(site)]
    faults += [f"not in the reference: {one}" for one in missing(site)]
    print("\n".join(faults) or f"the site is whole: {site}/index.html")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
