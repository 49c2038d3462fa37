import json

import pytest
from typer.testing import CliRunner

from greenroom.cli import cli

LINES = [
    {
        "question": "What does a hash function do for a hash table?",
        "references": ["It turns a key into an index, so that the entry can be found without a search."],
        "answer": "It computes an index from the key, so the entry is found without searching.",
        "score": 1.0,
        "group": "hash",
    },
    {
        "question": "What does a hash function do for a hash table?",
        "references": ["It turns a key into an index, so that the entry can be found without a search."],
        "answer": "It encrypts the whole table for every visitor of the shop.",
        "score": 0.0,
        "group": "hash",
    },
    {
        "question": "Why are backups kept elsewhere?",
        "rubric": ["A fire or theft would destroy data and backup together"],
        "answer": "Because a fire would destroy the data and the backup together.",
        "score": 1.0,
        "group": "backup",
    },
]


def run(*args: object):
    return CliRunner().invoke(cli, [str(a) for a in args])


def write(path, lines):
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def test_a_file_is_graded_line_by_line(tmp_path):
    out = tmp_path / "out.jsonl"
    done = run("grade", write(tmp_path / "in.jsonl", LINES), out)
    assert done.exit_code == 0, done.output
    good, wrong, rubric = map(json.loads, out.read_text().splitlines())
    assert good["score"] > 70
    assert wrong["score"] < good["score"] - 25
    assert (good["verdict"], wrong["verdict"]) == ("correct", "partly")  # on the subject, and wrong
    assert good["interval"][0] <= good["score"] <= good["interval"][1]
    assert good["evidence"][0]["quote"] in LINES[0]["answer"]
    assert rubric["score"] > 70
    assert good["human"] == 1.0
    assert good["source"]["tier"] == "lexical"


def test_bad_lines_are_reported_by_number_and_the_rest_is_graded(tmp_path):
    lines = [LINES[0], "{broken", {"question": "q", "answer": "a"}, {**LINES[1], "score": 7}, "", LINES[2]]
    out = tmp_path / "out.jsonl"
    done = run("grade", write(tmp_path / "in.jsonl", lines), out)
    assert done.exit_code == 0
    assert [json.loads(line)["line"] for line in out.read_text().splitlines()] == [1, 6]
    for text in (
        "line 2: not JSON",
        "line 3: one of references, rubric and anchors",
        "line 4: score 7 is above 1",
    ):
        assert text in done.output


def test_a_missing_file_and_an_unknown_tier_are_said_plainly(tmp_path):
    missing = run("grade", tmp_path / "none.jsonl", tmp_path / "out.jsonl")
    assert missing.exit_code == 2
    assert "cannot read" in missing.output
    tier = run("grade", write(tmp_path / "in.jsonl", LINES), tmp_path / "out.jsonl", "--tier", "magic")
    assert tier.exit_code == 2
    assert "lexical or embeddings" in tier.output


def test_the_embeddings_tier_without_a_model_says_what_to_do(tmp_path):
    done = run(
        "grade",
        write(tmp_path / "in.jsonl", LINES),
        tmp_path / "o.jsonl",
        "--tier",
        "embeddings",
        "--model",
        tmp_path,
    )
    assert done.exit_code == 2
    assert "embeddings" in done.output or "--download" in done.output


def test_anchors_move_the_score_toward_what_people_gave(tmp_path):
    base = {k: v for k, v in LINES[0].items() if k != "score"}
    strict = [{"answer": "The index comes from the key and no search is needed.", "score": 0.3}]
    kind = [{"answer": "The index comes from the key and no search is needed.", "score": 1.0}]
    out = tmp_path / "out.jsonl"
    run("grade", write(tmp_path / "in.jsonl", [{**base, "anchors": strict}, {**base, "anchors": kind}]), out)
    low, high = (json.loads(line)["score"] for line in out.read_text().splitlines())
    assert low < high


def test_grading_twice_gives_the_same_bytes(tmp_path):
    source = write(tmp_path / "in.jsonl", LINES)
    for name in ("a", "b"):
        run("grade", source, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_report_comes_as_text_json_and_page(tmp_path):
    source = write(tmp_path / "scored.jsonl", LINES * 3)
    page, data = tmp_path / "r.html", tmp_path / "r.json"
    done = run("grade-report", source, "--html", page, "--json", data)
    assert done.exit_code == 0, done.output
    report = json.loads(data.read_text())
    assert report["agreement"][0]["answers"] == 9
    assert report["agreement"][0]["figures"]["r"]["value"] > 0.5
    assert "RMSE" in done.output
    assert "<table>" in page.read_text()
    assert "<script" not in page.read_text()


def test_a_report_on_very_few_lines_says_that_they_are_too_few_to_tell(tmp_path):
    told = "Because a fire or a theft would otherwise destroy both the data and the backup together."
    source = write(tmp_path / "scored.jsonl", [*LINES[:2], {**LINES[2], "references": [told]}])
    page, data = tmp_path / "r.html", tmp_path / "r.json"
    done = run("grade-report", source, "--html", page, "--json", data)
    assert done.exit_code == 0, done.output
    assert "80% interval holds too few to tell" in done.output
    assert "agreement: too few to tell" in done.output
    assert "success ≤ 10%    0 of 1: too few to tell" in done.output
    assert page.read_text().count("too few to tell") > 2
    report = json.loads(data.read_text())
    assert report["agreement"][0]["covered"] is None
    assert report["agreement"][0]["figures"] == {}
    assert report["attacks"][0]["holds"] is None


@pytest.mark.parametrize("lines", [[{k: v for k, v in LINES[0].items() if k != "score"}], []])
def test_a_report_without_scores_is_refused(tmp_path, lines):
    done = run("grade-report", write(tmp_path / "in.jsonl", lines))
    assert done.exit_code == 2
    assert "score" in done.output


def test_the_file_that_is_read_is_never_written_over(tmp_path):
    source = write(tmp_path / "in.jsonl", LINES)
    before = source.read_bytes()
    for words in (["grade", source, source], ["grade-report", source, "--no-attacks", "--json", source]):
        done = run(*words)
        assert done.exit_code == 2
        assert "is the file that is read" in done.output
    assert source.read_bytes() == before


def test_a_report_that_cannot_be_written_is_said_before_the_work(tmp_path):
    done = run("grade-report", write(tmp_path / "in.jsonl", LINES), "--html", tmp_path / "none" / "page.html")
    assert done.exit_code == 2
    assert "cannot write" in done.output


def test_a_line_in_another_encoding_or_shape_is_left_out_and_the_rest_is_graded(tmp_path):
    source = tmp_path / "in.jsonl"
    good = json.dumps(LINES[0]).encode()
    source.write_bytes(b"\n".join([b"\xef\xbb\xbf" + good, b'{"answer": "caf\xe9"}', b"[1]", b"{}", good]))
    done = run("grade", source, tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    for text in (
        "line 2: not UTF-8 text at byte",
        "line 3: not an object",
        "line 4: answer: is missing",
        "2 of 5",
    ):
        assert text in done.output
