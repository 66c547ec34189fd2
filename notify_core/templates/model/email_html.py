"""The HTML part of an email: one document that mail programs old and new can show."""

from collections.abc import Sequence
from html import escape

from notify_core.templates.model.email_plain import UNSUBSCRIBE
from notify_core.templates.model.markdown import Block, Heading, Inline, Inset, Items, Link, Rule

_FONT = "font-family: Helvetica, Arial, sans-serif; color: #0b0c0c;"
_TEXT = f'style="{_FONT} font-size: 19px; line-height: 25px; margin: 0 0 20px 0;"'
_ITEM = f'style="{_FONT} font-size: 19px; line-height: 25px; margin: 5px 0;"'
_LIST = 'style="padding: 0 0 0 20px; margin: 0 0 20px 0;"'
_INSET = 'style="border-left: 10px solid #b1b4b6; padding: 15px 0 1px 15px; margin: 0 0 20px 0;"'
_RULE = '<hr style="border: 0; height: 1px; background: #b1b4b6; margin: 30px 0;">'
_LINK = 'style="word-wrap: break-word; color: #1d70b8;"'
# Styles are written on the elements: many mail programs drop a style sheet.
_HEADINGS = {
    1: ("h2", f'style="{_FONT} font-size: 27px; line-height: 35px; margin: 0 0 20px 0;"'),
    2: ("h3", f'style="{_FONT} font-size: 22px; line-height: 29px; margin: 0 0 15px 0;"'),
}


def html_document(subject: str, blocks: Sequence[Block], unsubscribe_url: str | None = None) -> str:
    """A whole document. Every text in it is escaped, whoever wrote it."""
    body = [_block(block) for block in blocks]
    if unsubscribe_url:
        body += [_RULE, _paragraph([(Link(unsubscribe_url, UNSUBSCRIBE),)])]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="format-detection" content="telephone=no">',
            f"<title>{escape(subject)}</title>",
            "</head>",
            '<body style="margin: 0; padding: 0; background: #ffffff;">',
            '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">',
            '<tr><td align="center">',
            '<div style="max-width: 580px; padding: 30px 10px; text-align: left;">',
            *body,
            "</div>",
            "</td></tr></table>",
            "</body>",
            "</html>",
            "",
        ]
    )


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
