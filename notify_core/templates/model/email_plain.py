"""The plain-text part of an email."""

from collections.abc import Sequence

from notify_core.templates.model.markdown import Block, Heading, Inline, Inset, Items, Link, Rule

_WIDTH = 65
UNSUBSCRIBE = "Unsubscribe from these emails"


def plain_text(blocks: Sequence[Block], unsubscribe_url: str | None = None) -> str:
    """The blocks as text that reads well in any fixed or proportional font."""
    texts = [_block(block) for block in blocks]
    if unsubscribe_url:
        texts += [_block(Rule()), f"{UNSUBSCRIBE}: {unsubscribe_url}"]
    return "\n\n".join(texts) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(_, text):
            heading = _inline(text)
            return f"{heading}\n{'-' * min(len(heading), _WIDTH)}"
        case Items(items, numbered):
            marks = (f"{number}." if numbered else "•" for number in range(1, len(items) + 1))
            return "\n".join(f"{mark} {_inline(item)}" for mark, item in zip(marks, items, strict=True))
        case Inset(lines):
            return "\n".join(f"  {_inline(line)}" for line in lines)
        case Rule():
            return "=" * _WIDTH
    return "\n".join(map(_inline, block.lines))


def _inline(parts: Inline) -> str:
    return "".join(part if isinstance(part, str) else _link(part) for part in parts)


def _link(link: Link) -> str:
    return f"{link.label}: {link.url}" if link.label else link.url
