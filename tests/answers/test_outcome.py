from greenroom.answers.outcome import settle_parts
from greenroom.answers.schemas import PartSpan, PointEvidence, Span

TEXT = "Our van broke down. I called two drivers, and by closing every box was there."


def span(words):
    start = TEXT.index(words)
    return Span(turn=1, start=start, end=start + len(words), text=words)


def part(name, words):
    return PartSpan(part=name, span=span(words))


def point(words, name="outcome"):
    return PointEvidence(id=name, state="met", similarity=1, span=span(words))


TOLD = [
    part("situation", "Our van broke down."),
    part("action", "I called two drivers, and by closing every box was there."),
]
END = "and by closing every box was there."


def test_an_outcome_that_a_key_point_heard_is_the_result_of_the_story():
    settled = settle_parts(TOLD, [point(END)])
    assert [(found.part, found.span.text) for found in settled] == [
        ("situation", "Our van broke down."),
        ("action", "I called two drivers"),
        ("result", END),
    ]
    assert all(TEXT[found.span.start : found.span.end] == found.span.text for found in settled)


def test_parts_stay_where_there_is_a_result_or_no_outcome_or_nothing_else_of_a_part():
    told = [*TOLD[:1], part("result", END)]
    assert settle_parts(told, [point(END)]) == told
    assert settle_parts(TOLD, [point(END, "teamwork")]) == TOLD
    assert settle_parts(TOLD, [point("I called two drivers, and by closing every box was there.")]) == TOLD
    assert settle_parts([], [point(END)]) == []
