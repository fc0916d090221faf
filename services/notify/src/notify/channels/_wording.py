"""What robots' messages say beside the news. Pure."""

from notify.channels import Message

DETAILS = "查看详情"
LONGEST_HEADING = 600


def heading(message: Message) -> str:
    """The title, in a line of its own; robots that ask for a keyword find 自贸试验区 in each."""
    return f"【自贸试验区】{cut(' '.join(message.title.split()), LONGEST_HEADING)}"


def number(message: Message) -> str:
    """By which people tell a repeat."""
    return f"编号 {message.id}"


def cut(text: str, most: int) -> str:
    """The text, or its beginning with ``…``, in at most so many bytes of UTF-8."""
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return encoded[: max(most - 3, 0)].decode(errors="ignore") + "…"
