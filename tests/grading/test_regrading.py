"""Judging a session again over HTTP: both judgements kept, the difference shown, stopped on request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from greenroom.grading import tiers
from tests.grading.test_engines import first_score, script, work_off
from tests.live import Live, serving, settings_for

ENGINE = "ollama:judge"
NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("regraded")
    with serving(settings_for(folder, "", evaluator_engines=ENGINE, worker="none")) as running:
        yield running


def fails(_prompt):
    raise RuntimeError("the engine is broken")


def test_both_judgements_are_kept_and_the_difference_is_shown(live):
    from tests.grading.test_engines import fair

    script(live, ENGINE, fair)
    with live.client() as client:
        first = first_score(live, client)
        address = f"/api/v1/sessions/{first['session']}"
        assert first["grade"]["source"]["engine"] == "model"
        started = client.post(f"{address}/regrades", json={"engine": "lexical"})
        assert started.status_code == 202
        assert started.json()["state"] == "running"
        assert (started.json()["done"], started.json()["total"]) == (0, 1)
        assert (
            client.get(f"{address}/scores").json()[0]["score_id"] == first["score_id"]
        )  # it stays until then
        again = client.post(f"{address}/regrades", json={"engine": "lexical"})
        assert again.status_code == 409
        work_off(live)
        done = client.get(started.headers["location"]).json()
        assert (done["state"], done["done"]) == ("done", 1)
        (answer,) = done["answers"]
        assert answer["before"]["score_id"] == first["score_id"]
        assert answer["before"]["by"] != answer["after"]["by"]
        assert answer["after"]["version"].endswith("lexical")
        assert answer["difference"] == answer["after"]["score"] - answer["before"]["score"]
        now = client.get(f"{address}/scores").json()[0]
        assert now["score_id"] == answer["after"]["score_id"]
        assert now["grade"]["source"]["engine"] == "builtin"
        assert client.get(f"{address}/regrades").json() == [done]
        page = client.get(f"/sessions/{first['session']}/regrades/{done['id']}")
        assert answer["after"]["by"] in page.text
        assert answer["before"]["by"] in page.text


def test_a_regrade_can_be_stopped_and_leaves_what_was_there(live):
    from tests.grading.test_engines import fair

    script(live, ENGINE, fair)
    with live.client() as client:
        first = first_score(live, client)
        address = f"/api/v1/sessions/{first['session']}"
        started = client.post(f"{address}/regrades", json={"engine": "builtin"}).json()
        stopped = client.post(f"{address}/regrades/{started['id']}/cancel").json()
        assert (stopped["state"], stopped["answers"][0]["state"]) == ("cancelled", "cancelled")
        work_off(live)
        now = client.get(f"{address}/scores").json()[0]
        assert (now["state"], now["score_id"]) == ("assessed", first["score_id"])


def test_the_same_key_starts_one_regrade(live):
    from tests.grading.test_engines import fair

    script(live, ENGINE, fair)
    with live.client() as client:
        first = first_score(live, client)
        address = f"/api/v1/sessions/{first['session']}/regrades"
        key = {"Idempotency-Key": f"again-{first['session']}"}
        one, other = (client.post(address, json={"engine": "builtin"}, headers=key).json() for _ in range(2))
        assert one["id"] == other["id"]
        work_off(live)
        current = client.post(address, json={"engine": "builtin", "rubric": "current"}).json()
        work_off(live)
        done = client.get(f"{address}/{current['id']}").json()
        assert done["state"] == "done"
        assert done["answers"][0]["difference"] == 0  # the bank has not changed meanwhile


def test_the_embeddings_tier_is_used_where_its_model_is_and_named_where_it_is_not(live):
    from tests.grading.test_engines import fair

    script(live, ENGINE, fair)
    with live.client() as client:
        first = first_score(live, client)
        refused = client.post(f"/api/v1/sessions/{first['session']}/regrades", json={"engine": "embeddings"})
        assert refused.status_code == 409
        assert refused.json()["type"].endswith("tier-missing")
        assert "greenroom models fetch" in refused.json()["detail"]
        now = client.get(f"/api/v1/sessions/{first['session']}/scores").json()[0]
        assert now["state"] == "assessed"


def test_what_is_not_mine_cannot_be_judged_again(live):
    with live.client() as client:
        for method, path in [
            ("POST", ""),
            ("GET", ""),
            ("GET", f"/{NOWHERE}"),
            ("POST", f"/{NOWHERE}/cancel"),
        ]:
            reply = client.request(
                method, f"/api/v1/sessions/{NOWHERE}/regrades{path}", json={} if method == "POST" else None
            )
            assert reply.status_code == 404, path
        assert client.get(f"/sessions/{NOWHERE}/regrades/{NOWHERE}").status_code == 404


def test_a_set_tier_without_its_model_judges_by_words_and_says_so(tmp_path: Path):
    settings = settings_for(tmp_path, "", evaluator_tier="embeddings")
    tier, embed, note = tiers.open_tier(settings, None)
    assert (tier, embed) == ("lexical", None)
    assert "greenroom models fetch" in note
    with pytest.raises(tiers.TierMissing):
        tiers.open_tier(settings, "embeddings")


def test_a_copy_of_the_model_is_looked_for_where_the_settings_say(tmp_path: Path):
    settings = settings_for(tmp_path, "", embeddings_folder=tmp_path / "mine")
    assert settings.model_folder == tmp_path / "mine"
    assert settings_for(tmp_path, "").model_folder.parent == tmp_path / "models"
