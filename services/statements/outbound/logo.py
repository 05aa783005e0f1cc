"""The company's logo, read once from the file that the environment names."""

from pathlib import Path

from services.statements.outbound.letter import Logo

_KINDS = {
    b"\x89PNG\r\n": ("logo.png", "image/png"),
    b"\xff\xd8\xff": ("logo.jpg", "image/jpeg"),
    b"GIF8": ("logo.gif", "image/gif"),
}
_LARGEST = 200_000
"""Bytes: every mail carries the logo."""


def read_logo(path: Path) -> Logo:
    """The logo in a file.

    Raises
    ------
    ValueError
        It is no PNG, JPEG or GIF (what mail clients show), or larger than 200 kB.
    """
    content = path.read_bytes()
    if len(content) > _LARGEST:
        raise ValueError(f"the logo {path} has {len(content)} bytes; every mail carries it, so {_LARGEST} at most")
    for magic, (filename, content_type) in _KINDS.items():
        if content.startswith(magic):
            return Logo(filename, content_type, content)
    raise ValueError(f"the logo {path} is no PNG, JPEG or GIF, which are what mail clients show")
