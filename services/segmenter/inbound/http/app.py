"""The HTTP app of the segmenter: all its routes over the use cases."""

from fastapi import FastAPI

from services.segmenter.inbound.http import (
    alert_rules,
    alerts,
    cascade,
    diagnosis,
    draft,
    explanations,
    flows,
    forecast,
    glossary,
    history,
    presets,
    preview,
    refreshes,
    search,
    standing_stream,
    standings,
    status,
    webhooks,
)
from services.segmenter.inbound.http.doors import UseCases
from shared.http import behind, changes
from shared.http.access import UsualScopes
from shared.http.app import create_app
from shared.http.process import LOOKED_AT, Process

_NOUNS = (
    glossary,
    presets,
    cascade,
    diagnosis,
    draft,
    preview,
    refreshes,
    flows,
    standings,
    standing_stream,
    explanations,
    history,
    forecast,
    search,
    alert_rules,
    alerts,
    status,
    webhooks,
    behind,
    changes,
)
_USUAL = UsualScopes(read="segments:read", write="segments:write")


def create(use_cases: UseCases | None = None, process: Process = LOOKED_AT) -> FastAPI:
    """The app, ready to serve; without anything behind its routes it still says what they are."""
    return create_app(
        title="Cascada segmenter",
        routers=[noun.router for noun in _NOUNS],
        usual_scopes=_USUAL,
        use_cases=use_cases,
        process=process,
        service="segmenter",
    )
