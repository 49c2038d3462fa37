"""Whatever a page can do, a program can do: every form has its twin in the API."""

from pathlib import Path

from fastapi.routing import APIRoute

from greenroom.app import create_app
from tests.live import settings_for

# page route -> the API route that does the same
TWINS = {
    "POST /sessions/{session_id}/regrades": "POST /api/v1/sessions/{session_id}/regrades",
    "POST /sessions/{session_id}/regrades/{regrade_id}/cancel": "POST /api/v1/sessions/{session_id}/regrades/{regrade_id}/cancel",
    "POST /plan": "POST /api/v1/plans",
    "POST /interviews": "POST /api/v1/interviews",
    "POST /interviews/defaults": "POST /api/v1/interviews",
    "POST /interviews/{interview_id}/sessions": "POST /api/v1/interviews/{interview_id}/sessions",
    "POST /interviews/{interview_id}/planned": "PUT /api/v1/interviews/{interview_id}/planned",
    "POST /interviews/{interview_id}/delete": "DELETE /api/v1/interviews/{interview_id}",
    "POST /interviews/{interview_id}/restore": "POST /api/v1/interviews/{interview_id}/restore",
    "POST /new": "POST /api/v1/plans",
    "POST /sessions/{session_id}/rounds": "POST /api/v1/sessions/{session_id}/rounds",
    "POST /resumes": "POST /api/v1/resumes/upload",
    "POST /resumes/{resume_id}/facts": "PATCH /api/v1/resumes/{resume_id}",
    "POST /resumes/{resume_id}/cancel": "POST /api/v1/resumes/{resume_id}/cancel",
    "POST /resumes/{resume_id}/delete": "DELETE /api/v1/resumes/{resume_id}",
    "POST /resumes/{resume_id}/restore": "POST /api/v1/resumes/{resume_id}/restore",
    "POST /jobs": "POST /api/v1/jobs",
    "POST /jobs/{job_id}/facts": "PATCH /api/v1/jobs/{job_id}",
    "POST /jobs/{job_id}/cancel": "POST /api/v1/jobs/{job_id}/cancel",
    "POST /jobs/{job_id}/delete": "DELETE /api/v1/jobs/{job_id}",
    "POST /jobs/{job_id}/restore": "POST /api/v1/jobs/{job_id}/restore",
    "POST /companies": "POST /api/v1/companies",
    "POST /companies/{company_id}": "PATCH /api/v1/companies/{company_id}",
    "POST /companies/{company_id}/refresh": "POST /api/v1/companies/{company_id}/refresh",
    "POST /questions/written": "POST /api/v1/question-writings",
    "POST /questions/written/{writing_id}/cancel": "POST /api/v1/question-writings/{writing_id}/cancel",
    "POST /questions/written/{writing_id}/keep": "POST /api/v1/question-writings/{writing_id}/keep",
    "POST /questions/written/{writing_id}/delete": "DELETE /api/v1/question-writings/{writing_id}",
    "POST /companies/{company_id}/research": "POST /api/v1/companies/{company_id}/research",
    "POST /companies/{company_id}/research/cancel": "POST /api/v1/companies/{company_id}/research/cancel",
    "POST /companies/{company_id}/delete": "DELETE /api/v1/companies/{company_id}",
    "POST /sessions/{session_id}/turns": "POST /api/v1/sessions/{session_id}/turns",
    "POST /sessions/{session_id}/delete": "DELETE /api/v1/sessions/{session_id}",
    "POST /sessions/{session_id}/restore": "POST /api/v1/sessions/{session_id}/restore",
    "POST /sessions/{session_id}/rename": "PATCH /api/v1/sessions/{session_id}",
    "POST /sessions/{session_id}/retries": "POST /api/v1/sessions/{session_id}/retries",
    "POST /sessions/{session_id}/questions/{question_id}/retries": "POST /api/v1/sessions/{session_id}/questions/{question_id}/retries",
    "POST /sessions/{session_id}/questions/{question_id}/rewrite": "POST /api/v1/sessions/{session_id}/questions/{question_id}/rewrite",
    "POST /questions": "POST /api/v1/items",
    "POST /questions/{item_id}/delete": "DELETE /api/v1/items/{item_id}",
    "POST /questions/{item_id}/restore": "POST /api/v1/items/{item_id}/restore",
    "POST /analyses": "POST /api/v1/analyses",
    "POST /analyses/{analysis_id}/delete": "DELETE /api/v1/analyses/{analysis_id}",
    "POST /analyses/{analysis_id}/restore": "POST /api/v1/analyses/{analysis_id}/restore",
    "POST /answers/memory": "PUT /api/v1/memory",
    "POST /sample": "POST /api/v1/sample",
    "POST /sessions/{session_id}/rating": "POST /api/v1/sessions/{session_id}/rating",
    "POST /sessions/{session_id}/scores/{question_id}/retry": "POST /api/v1/sessions/{session_id}/scores/{question_id}/retry",
    "POST /settings/engines": "POST /api/v1/engines",
    "POST /settings/engines/{engine_id}/trial": "POST /api/v1/engines/{engine_id}/trials",
    "POST /settings/engines/{engine_id}/delete": "DELETE /api/v1/engines/{engine_id}",
    "POST /settings/engines/uses/{purpose}": "PUT /api/v1/engines/uses/{purpose}",
    "POST /sessions/{session_id}/scores/{question_id}/disputes": "POST /api/v1/sessions/{session_id}/scores/{question_id}/disputes",
}


def routes_of(tmp_path: Path) -> set[str]:
    app = create_app(settings_for(tmp_path, ""))
    found: set[str] = set()

    def collect(routes: list[object]) -> None:
        for route in routes:
            if isinstance(route, APIRoute):
                found.update(f"{method} {route.path}" for method in route.methods)
            elif hasattr(route, "original_router"):  # FastAPI keeps included routers apart
                collect(list(route.original_router.routes))

    collect(list(app.routes))
    return found


def test_every_form_of_a_page_has_its_twin_in_the_api(tmp_path: Path) -> None:
    routes = routes_of(tmp_path)
    forms = {route for route in routes if route.startswith("POST /") and not route.startswith("POST /api/")}
    assert forms == set(TWINS)
    assert set(TWINS.values()) <= routes
