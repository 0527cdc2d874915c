"""EML: a mail's text; its attachments are documents of their own."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from index.readers.extract import Extract, TextWriter
from index.readers.html import read_html
from index.readers.text import decode

MAX_PARTS = 500


def read_eml(data: bytes) -> Extract:
    """Subject, sender, date and the text: the plain part where there is one, else the HTML part."""
    message = _parsed(data)
    writer = TextWriter()
    subject = _header(message, "subject")
    writer.heading(subject, 1)
    sender, sent = _header(message, "from"), _date(message)
    writer.line("\t".join(part for part in (f"보낸 사람: {sender}" if sender else "", sent) if part))
    body = message.get_body(preferencelist=("plain", "html"))
    if body is not None:
        raw = _payload(body)
        if body.get_content_type() == "text/html":
            for line in read_html(raw).text.split("\n"):
                writer.line(line)
        else:
            for line in _text(body, raw).split("\n"):
                writer.line(line)
    return writer.extract("EML", title=subject)


def attachments(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the attached files."""
    message = _parsed(data)
    for number, part in enumerate(message.iter_attachments(), start=1):
        if number > MAX_PARTS:
            return
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield _filename(part) or f"첨부{number}", _payload(part)


def _parsed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes EmailMessage")
    return message


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message[name] or "").split())
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):  # the header parser's own defects
        return ""


def _filename(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""


def _date(message: EmailMessage) -> str:
    try:
        return f"보낸 때: {parsedate_to_datetime(_header(message, 'date')):%Y-%m-%d}"
    except (ValueError, TypeError, IndexError):
        return ""


def _payload(part: MIMEPart) -> bytes:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return raw if isinstance(raw, bytes) else b""


def _text(part: MIMEPart, raw: bytes) -> str:
    charset = (part.get_content_charset() or "").lower()
    if charset in ("euc-kr", "ks_c_5601-1987", "cp949"):
        return raw.decode("cp949", "replace")
    return decode(raw)
