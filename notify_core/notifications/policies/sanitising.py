"""Making text that strangers wrote harmless within a service's email."""

import re

# Labels of letters, digits and hyphens with dots between. Mail programs make links of these, too.
_DOMAIN = r"(?<![\w.-]) (?: [a-z0-9-]+ \. )+ [a-z]{2,} (?![\w-])"
_LINK = re.compile(
    rf"(?P<url> [a-z][a-z0-9+.-]* :// \S+ | {_DOMAIN} [/?\#:] \S+ ) | (?P<domain> {_DOMAIN} )",
    re.IGNORECASE | re.VERBOSE,
)
_MARKDOWN = re.compile(r"([\\`*_\[\]()#^])|(?<![^\n])(-)")


def unlinked(text: str) -> str:
    """``text`` with bare domains broken up with ``. `` and every other URL removed."""
    return _LINK.sub(lambda found: "" if found["url"] else found["domain"].replace(".", ". "), text)


def escaped(text: str) -> str:
    """``text`` with a backslash before what would be a mark."""
    return _MARKDOWN.sub(r"\\\g<0>", text)
