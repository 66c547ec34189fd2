"""The HTML part of an email: one document that mail programs old and new can show."""

from collections.abc import Sequence
from html import escape

from notify_core.templates.model.email_plain import UNSUBSCRIBE
from notify_core.templates.model.markdown import Block, Heading, Inline, Inset, Items, Link, Rule

# Styles are written on the elements, since many mail programs drop a style sheet. The classes are for those that
# keep it and show dark pages: all colours are ours then, so that no program has to guess them.
_FONT = "font-family: Helvetica, Arial, sans-serif; color: #0b0c0c;"
_TEXT = f'class="text" style="{_FONT} font-size: 19px; line-height: 25px; margin: 0 0 20px 0;"'
_ITEM = f'class="text" style="{_FONT} font-size: 19px; line-height: 25px; margin: 5px 0;"'
_LIST = 'style="padding: 0 0 0 26px; margin: 0 0 20px 0;"'
_INSET = 'class="line" style="border-left: 10px solid #b1b4b6; padding: 15px 0 1px 15px; margin: 0 0 20px 0;"'
_RULE = '<hr class="rule" style="border: 0; height: 1px; background: #b1b4b6; margin: 30px 0;">'
_LINK = 'class="link" style="word-wrap: break-word; overflow-wrap: anywhere; color: #1d70b8;"'
_HEADINGS = {
    1: ("h2", f'class="text" style="{_FONT} font-size: 27px; line-height: 35px; margin: 0 0 20px 0;"'),
    2: ("h3", f'class="text" style="{_FONT} font-size: 22px; line-height: 29px; margin: 0 0 15px 0;"'),
}
_TABLE = '<table role="presentation" cellpadding="0" cellspacing="0" border="0"'
_COLUMN = "word-wrap: break-word; overflow-wrap: anywhere; text-align: left;"
_DARK = (
    ":root { color-scheme: light dark; supported-color-schemes: light dark; } "
    "@media (prefers-color-scheme: dark) { .page { background: #14171c !important; } "
    ".text { color: #e8eaee !important; } .link { color: #8fbdf7 !important; } "
    ".line { border-color: #6b7480 !important; } .rule { background: #6b7480 !important; } }"
)
_HEAD = (
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">',
    '<meta name="x-apple-disable-message-reformatting">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    f"<style>{_DARK}</style>",
)
# Characters of the text that lists of messages show beside the subject.
_PREVIEW = 150


def html_document(subject: str, blocks: Sequence[Block], unsubscribe_url: str | None = None) -> str:
    """A whole document. Every text in it is escaped, whoever wrote it."""
    body = [_block(block) for block in blocks]
    if unsubscribe_url:
        body += [_RULE, _paragraph([(Link(unsubscribe_url, UNSUBSCRIBE),)])]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en" dir="ltr">',
            "<head>",
            *_HEAD,
            f"<title>{escape(subject)}</title>",
            "</head>",
            '<body class="page" style="margin: 0; padding: 0; background: #ffffff; -webkit-text-size-adjust: 100%;">',
            f'<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">{_preview(blocks)}</div>',
            f'{_TABLE} class="page" width="100%" style="background: #ffffff;">',
            '<tr><td align="center" style="padding: 30px 10px;">',
            # One of the widths is for programs that know no other.
            f'{_TABLE} width="580" style="width: 100%; max-width: 580px; table-layout: fixed;">',
            f'<tr><td align="left" style="{_COLUMN}">',
            *body,
            "</td></tr></table>",
            "</td></tr></table>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _preview(blocks: Sequence[Block]) -> str:
    """The beginning of the text, without marks and addresses."""
    words: list[str] = []
    length = 0
    for line in (line for block in blocks for line in _lines(block)):
        said = " ".join(part if isinstance(part, str) else part.label or "" for part in line).split()
        words += said
        length += sum(map(len, said))
        if length >= _PREVIEW:
            break
    return escape(" ".join(words)[:_PREVIEW])


def _lines(block: Block) -> Sequence[Inline]:
    match block:
        case Heading(_, text):
            return (text,)
        case Items(items, _):
            return items
        case Rule():
            return ()
    return block.lines


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            tag, style = _HEADINGS.get(level, _HEADINGS[2])
            return f"<{tag} {style}>{_inline(text)}</{tag}>"
        case Items(items, numbered):
            tag = "ol" if numbered else "ul"
            return f"<{tag} {_LIST}>{''.join(f'<li {_ITEM}>{_inline(item)}</li>' for item in items)}</{tag}>"
        case Inset(lines):
            return f"<div {_INSET}>{_paragraph(lines)}</div>"
        case Rule():
            return _RULE
    return _paragraph(block.lines)


def _paragraph(lines: Sequence[Inline]) -> str:
    return f"<p {_TEXT}>{'<br>'.join(map(_inline, lines))}</p>"


def _inline(parts: Inline) -> str:
    return "".join(escape(part) if isinstance(part, str) else _link(part) for part in parts)


def _link(link: Link) -> str:
    return f'<a {_LINK} href="{escape(link.url)}">{escape(link.label or link.url)}</a>'
