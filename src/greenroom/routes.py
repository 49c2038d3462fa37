"""Every route of the application, pages and API."""

from fastapi import FastAPI


def install(app: FastAPI) -> None:
    """Add the routers of all slices."""
    from greenroom import landings
    from greenroom.about import router as about
    from greenroom.advice.api import router as advice_api
    from greenroom.advice.pages import router as advice_pages
    from greenroom.analyses.api import router as analyses_api
    from greenroom.analyses.pages import router as analyses_pages
    from greenroom.documents.api import router as documents_api
    from greenroom.documents.pages import router as documents_pages
    from greenroom.documents.research_routes import pages as research_pages
    from greenroom.documents.research_routes import router as research_api
    from greenroom.engines.api import router as engines_api
    from greenroom.engines.pages import router as engines_pages
    from greenroom.grading.api import objections
    from greenroom.grading.api import router as grading_api
    from greenroom.grading.pages import router as grading_pages
    from greenroom.health import router as health
    from greenroom.interviews.api import router as interviews_api
    from greenroom.interviews.home import router as home
    from greenroom.interviews.items_api import router as items_api
    from greenroom.interviews.items_pages import router as items_pages
    from greenroom.interviews.pages import router as interviews_pages
    from greenroom.library.api import router as library_api
    from greenroom.memory.api import router as memory_api
    from greenroom.memory.pages import router as memory_pages
    from greenroom.reports.api import router as reports_api
    from greenroom.reports.downloads import router as downloads
    from greenroom.reports.pages import router as reports_pages
    from greenroom.room.api import router as room_api
    from greenroom.room.pages import router as room_pages
    from greenroom.writing.api import router as writing_api
    from greenroom.writing.pages import router as writing_pages

    routers = (
        research_api, research_pages, writing_api, writing_pages,
        health, home, about, library_api, documents_api, interviews_api, items_api, room_api, grading_api, objections, grading_pages, reports_api,
        documents_pages, interviews_pages, items_pages, room_pages, downloads, reports_pages, engines_api, engines_pages,
        advice_api, advice_pages, memory_api, memory_pages, analyses_api, analyses_pages,
    )  # fmt: skip
    for router in (*routers, landings.build(routers)):
        app.include_router(router)
