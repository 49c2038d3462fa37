"""Transcripts as they are pasted: labelled or not, timed or not, subtitles; and what is counted in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.analyses.measure import measure
from greenroom.analyses.transcript import read_transcript, seconds

# A server of other tests may run in another thread of this process and draw numbers meanwhile.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")

CALL = """Ana: How did the launch go?
Bo: Um, I think the launch went, you know, quite well. We fixed two bugs. I wrote the test first.
Ana: And what did it cost?
Bo: Not sure, I'd have to look.
Ana: Could you send me the numbers by Friday?
Bo: Which numbers do you mean?
"""
VTT = """WEBVTT

1
00:00:01.000 --> 00:00:11.000
<v Ana>How did the launch go?

00:00:11.000 --> 00:00:31.000
<v Bo>It went well. We found
two bugs on the way.
"""
SRT = "1\n00:00:01,000 --> 00:00:04,000\nAna: Hello there.\n\n2\n00:00:04,000 --> 00:00:08,000\nBo: Good morning to you.\n"


@pytest.mark.parametrize(
    ("text", "speakers", "timed"),
    [
        (CALL, ["Ana", "Bo"] * 3, False),
        (VTT, ["Ana", "Bo"], True),
        (SRT, ["Ana", "Bo"], True),
        ("[00:01] Ana: Hi.\n[00:05] Bo: Hello.\n", ["Ana", "Bo"], True),
        ("00:00:01 Ana: Hi.\n00:00:05 Bo: Hello.\n", ["Ana", "Bo"], True),
        ("Ana (0:01): Hi.\nBo (0:05): Hello.\n", ["Ana", "Bo"], True),
        ("Ana Lind 0:01\nHi there.\nBo 0:05\nHello.\nAna Lind 0:09\nBye.\n", ["Ana Lind", "Bo", "Ana Lind"], True),
        ("I went there.\nThen I left: it was late.\n", ["Speaker"], False),
        ("One thing: we were late.\nNobody cared about it.\n", ["Speaker"], False),
        ("Q: Why?\nA: Because it was late.\nQ: And then?\nA: We left.\n", ["Q", "A", "Q", "A"], False),
    ],
)  # fmt: skip
def test_speakers_and_times_are_read(text: str, speakers: list[str], timed: bool) -> None:
    told = read_transcript(text)
    assert [one.speaker for one in told.utterances] == speakers
    assert told.timed is timed
    assert told.labelled is (speakers != ["Speaker"])


def test_lines_of_one_speaker_are_one_utterance() -> None:
    told = read_transcript("Ana: First.\nstill me\nBo: Mine.\n")
    assert [one.text for one in told.utterances] == ["First.\nstill me", "Mine."]


def test_a_clock_is_read_as_seconds() -> None:
    assert [seconds(c) for c in ("0:05", "01:02", "1:02:03.5", "00:00:04,250")] == [5, 62, 3723.5, 4.25]


def test_the_call_is_counted() -> None:
    facts = measure(read_transcript(CALL))
    ana, bo = facts.speakers
    assert ana.share + bo.share == pytest.approx(1, abs=0.01)
    assert (ana.questions, bo.questions) == (3, 1)
    assert [span.text for span in bo.fillers.evidence] == ["Um", "you know"]
    assert "I think" in [span.text for span in bo.hedges.evidence]
    assert (bo.own_words, bo.team_words) == (3, 1)
    assert [one.handling for one in facts.exchanges] == ["direct", "open", "asked_back"]
    assert facts.minutes is None
    assert bo.words_per_minute is None
    assert any("no times" in note for note in facts.notes)


def test_pace_needs_times() -> None:
    facts = measure(read_transcript(VTT))
    assert [one.words_per_minute for one in facts.speakers] == [30, 30]
    assert facts.minutes == 0.5


def test_without_labels_nothing_is_said_about_shares_and_questions() -> None:
    facts = measure(read_transcript("How was it? It was fine. I think we did it."))
    assert [one.name for one in facts.speakers] == ["Speaker"]
    assert facts.exchanges == []
    assert any("not named" in note for note in facts.notes)


@given(st.text(max_size=400))
def test_every_quote_of_any_text_stands_where_it_says(text: str) -> None:
    told = read_transcript(text)
    said = {one.seq: one.text for one in told.utterances}
    facts = measure(told)
    spans = [x.question for x in facts.exchanges] + [x.answer for x in facts.exchanges if x.answer]
    for one in facts.speakers:
        spans += [*one.fillers.evidence, *one.hedges.evidence, *(s for f in one.findings for s in f.evidence)]
    assert all(said[span.turn][span.start : span.end] == span.text for span in spans)
    assert sum(one.words for one in facts.speakers) == facts.words


def test_one_of_a_thing_is_told_as_one() -> None:
    told = "Ana: How was it?\nBo: First we looked. It was fine.\nAna: And?\nBo: " + "word " * 60 + "end."
    texts = [one.text for speaker in measure(read_transcript(told)).speakers for one in speaker.findings]
    assert "1 word tells the listener where it goes." in texts
    assert "1 sentence has more than 30 words; a listener loses the beginning." in texts
