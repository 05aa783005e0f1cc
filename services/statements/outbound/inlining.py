"""A template of HTML with its style sheet inlined, once for all letters: mail clients drop style sheets.

The inliner reads a page, and the template's tags stand where a page may have none (between the rows of a table), so
they are covered meanwhile: what says something by a word, what decides by a comment. An element must therefore have its
class and be whole within a branch: what is inlined is the template, before anything is decided.
"""

import re

from css_inline import CSSInliner

_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_COVER = re.compile(r"<!--tag-(\d+)-->|tag-(\d+)-")
_inliner = CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)


def inlined(template: str) -> str:
    """The template with the rules of its ``<style>`` beside each element; rules for screens stay where they are."""
    tags: list[str] = []

    def cover(found: re.Match[str]) -> str:
        tags.append(found[0])
        number = len(tags) - 1
        return f"<!--tag-{number}-->" if found[0].startswith("{%") else f"tag-{number}-"

    page = _inliner.inline(_TAG.sub(cover, template))
    return _COVER.sub(lambda found: tags[int(found[1] or found[2])], page)
