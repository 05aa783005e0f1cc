"""The catcher's pages for people: a list of mails, and one mail as its reader would see it."""

from base64 import b64encode
from urllib.parse import quote

from jinja2 import Environment

from deploy.local.mail.inbox import Mail

SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'",
    "X-Content-Type-Options": "nosniff",
}
"""A mail's HTML is shown, but runs nothing and loads nothing."""

_LAYOUT = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mail catcher</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: #1d2433 }
h1 { font-size: 1.3rem } a { color: #1a5fb4; text-decoration: none } a:hover { text-decoration: underline }
table { border-collapse: collapse; width: 100% } td, th { padding: .5rem; text-align: left; vertical-align: top }
tr { border-bottom: 1px solid #e3e6ec } time, dt, .quiet { color: #66708a } time { white-space: nowrap }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dd { margin: 0; overflow-wrap: anywhere }
iframe { border: 1px solid #e3e6ec; border-radius: 6px; height: 42rem; width: 100% }
pre { background: #f5f6f9; border-radius: 6px; padding: 1rem; white-space: pre-wrap }
</style></head><body>
{% block body %}{% endblock %}
</body></html>
"""

_INBOX = """\
{% extends layout %}{% block body %}
<h1>Mail catcher</h1>
<p class="quiet">{{ mails | length }} newest mails. Nothing here ever left this machine.</p>
<table>{% for mail in mails %}
<tr><td><time>{{ mail.received_at.strftime("%H:%M:%S") }} UTC</time></td><td>{{ mail.to | join(", ") }}</td>
<td><a href="/mails/{{ mail.id }}">{{ mail.subject or "(no subject)" }}</a></td></tr>
{% endfor %}</table>
{% endblock %}
"""

_MAIL = """\
{% extends layout %}{% block body %}
<p><a href="/">← all mails</a></p>
<h1>{{ mail.subject or "(no subject)" }}</h1>
<dl><dt>From</dt><dd>{{ mail.sender }}</dd><dt>To</dt><dd>{{ mail.to | join(", ") }}</dd>
{% for name, value in mail.headers.items() %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
{% for file in mail.attachments %}
<p><a href="/messages/{{ mail.id }}/attachments/{{ loop.index0 }}">{{ file.filename }}</a>
<span class="quiet">{{ file.content_type }}, {{ file.content | length }} bytes</span></p>
{% endfor %}
{% if mail.html %}<iframe title="The mail as its reader sees it" sandbox srcdoc="{{ html }}"></iframe>{% endif %}
<h2>Text</h2><pre>{{ mail.text }}</pre>
{% endblock %}
"""

_templates = Environment(autoescape=True)
_layout = _templates.from_string(_LAYOUT)
_inbox = _templates.from_string(_INBOX)
_mail = _templates.from_string(_MAIL)


def inbox(mails: list[Mail]) -> str:
    """The list, newest first."""
    return _inbox.render(layout=_layout, mails=mails)


def mail(shown: Mail) -> str:
    """One mail: its HTML in a frame that may do nothing, its text below."""
    return _mail.render(layout=_layout, mail=shown, html=_with_images(shown))


def _with_images(shown: Mail) -> str:
    """The HTML with the images it names among the attachments, as a mail client would show it."""
    html = shown.html
    for file in shown.attachments:
        if file.content_type.startswith("image/"):
            image = f"data:{file.content_type};base64,{b64encode(file.content).decode()}"
            html = html.replace(f'"cid:{file.filename}"', f'"{image}"')
    return html


def missing() -> str:
    """For a mail that is not here, or not any more."""
    return _layout.render()


def as_download(filename: str) -> dict[str, str]:
    """Headers that make a browser save a file rather than show it."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}", **SAFE_HEADERS}
