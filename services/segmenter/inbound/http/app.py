"""The HTTP app of the segmenter: all its routes over the use cases."""

from fastapi import FastAPI

from services.segmenter.inbound.http import cascade, draft, flows, preview, refreshes, search, standings, status
from services.segmenter.inbound.http.doors import UseCases
from shared.http.app import Lifespan, Ready, create_app, never

_NOUNS = (cascade, draft, preview, refreshes, flows, standings, search, status)


def create(
    use_cases: UseCases | None = None, *, api_key: str = "", ready: Ready = never, lifespan: Lifespan | None = None
) -> FastAPI:
    """The app, ready to serve; without anything behind its routes it still says what they are."""
    return create_app(
        title="Cascada segmenter",
        routers=[noun.router for noun in _NOUNS],
        use_cases=use_cases,
        api_key=api_key,
        ready=ready,
        lifespan=lifespan,
    )
