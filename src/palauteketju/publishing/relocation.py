"""From the addresses of the web server to those of files: published pages work wherever they are put.

Pages are rendered with the program's own addresses. A link to something that is published becomes relative; any other
leads to the program at its public address.
"""

import posixpath
import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

# Templates escape quotes in texts, so this pattern cannot occur inside one.
_LINK = re.compile(r'\b(href|src|action)="(/[^"]*|\?[^"]*|#[^"]*)"')


def relocated(
    html: str, *, here: str, at: str, files: Mapping[tuple[str, str], str], site: str, language: str
) -> str:
    """The page for the file `here`, rendered for the address `at` in `language`.

    `files` names the published file of an address and language, both of them as paths from the folder's top. `site`
    is the program's public address; its pages are asked for in the same language.
    """

    def moved(match: re.Match[str]) -> str:
        kind, target = match[1], unescape(match[2])
        if target.startswith("#"):
            return match[0]
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        wanted = query.pop("kieli", language)
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        file = files.get((parts.path or at, wanted)) if kind != "action" and not query else None
        if file is not None:
            moved_to = posixpath.relpath(file, posixpath.dirname(here) or ".")
        else:
            # A form brings its own language along.
            asked = "" if kind == "action" else f"?{urlencode({**query, 'kieli': wanted})}"
            moved_to = f"{site}{parts.path or at}{asked}"
        return f'{kind}="{escape(moved_to + fragment)}"'

    return _LINK.sub(moved, html)
