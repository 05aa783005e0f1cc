"""Notes as mails: the texts of an alert's message as they were written, on the company's letterhead."""

from collections.abc import Sequence
from html import escape

import msgspec

from services.statements.outbound.letter import Letterhead, Note, Sending
from services.statements.outbound.mail import Mail, headers_of

_HTML = """\
<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{subject}</title></head>
<body style="margin:0;padding:20px 6px;background-color:#eef1f5;color:#1d2433;font-family:Helvetica,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto;background-color:#ffffff;border-top:6px solid {colour};padding:24px 22px">
<p style="margin:0 0 18px 0;font-size:20px;font-weight:bold">{company}</p>
{paragraphs}
</div>
</body>
</html>
"""
_PARAGRAPH = '<p style="margin:0 0 14px 0;font-size:15px;line-height:22px">{}</p>'


def write_notes(head: Letterhead, note: Note, sending: Sending, to: Sequence[tuple[int, str]]) -> list[bytes]:
    """The mails of a note, one to each (place, address)."""
    subject, html = " ".join(note.subject.split()), _html(head, note)
    return [
        msgspec.json.encode(
            Mail(
                from_=head.sender,
                to=address,
                subject=subject,
                headers=headers_of(head, sending, n),
                html=html,
                text=note.body,
            )
        )
        for n, address in to
    ]


def _html(head: Letterhead, note: Note) -> str:
    paragraphs = [part for part in note.body.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return _HTML.format(
        lang=escape(note.locale.partition("-")[0]),
        subject=escape(" ".join(note.subject.split())),
        colour=head.colour,
        company=escape(head.company),
        paragraphs="\n".join(_PARAGRAPH.format(escape(part).replace("\n", "<br>")) for part in paragraphs),
    )
