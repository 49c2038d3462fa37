"""A report as Markdown: to read in a terminal, to keep in a folder, to paste anywhere. Pure.

What people wrote is escaped, so that an answer can neither add headings nor links to the report.
"""

import re
from collections.abc import Iterator, Sequence

from greenroom.documents.schemas import Coverage
from greenroom.interviews.schemas import EvidenceMark
from greenroom.reports.schemas import (
    DimensionStrip,
    Interval,
    Piece,
    QuestionCard,
    Report,
    Spoken,
    Strip,
    UnusedEvidence,
)
from greenroom.reports.wording import held

STANDS = {
    "above": "above the target",
    "at": "at the target",
    "maybe": "near the target",
    "below": "below the target",
    "pending": "being assessed",
    "versions": "judged by different versions",
    "few": "too few answers",
    "not_observed": "not observed",
}
STATES = {
    "pending": "Being assessed.",
    "assessed": "",
    "not_enough": "Not enough to judge.",
    "not_observed": "Not observed: the question was passed on.",
    "failed": "Not assessed: something went wrong on our side. It can be tried again.",
}
MARKS: dict[EvidenceMark, str] = {"met": "heard", "part": "partly heard", "miss": "missing"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def write_markdown(report: Report) -> str:
    """The whole report, in the order of its page."""
    parts = [
        f"# {escape(report.title)}",
        _facts(report),
        _overall(report),
        _advice(report),
        _recap(report),
        _strips("Competencies", "Competency", report.strips),
        _dimensions(report),
        *(_card(card) for card in report.cards),
        _fit(report),
        _unused(report),
        _plan(report),
        _judged(report),
        _transcript(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    """Text as it was written, with nothing in it that Markdown would act on."""
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(text.split())))


def clock(seconds: int) -> str:
    """Seconds as minutes and seconds, 125 as 02:05."""
    return f"{seconds // 60:02}:{seconds % 60:02}"


def say_interval(judged: Interval) -> str:
    """A level with its interval and target, in one line."""
    return (
        f"level {judged.level:g} of 5 (between {judged.low:g} and {judged.high:g}, target {judged.target:g}); "
        f"{judged.score} of 100, confidence {judged.confidence}"
    )


def _facts(report: Report) -> str:
    at = f" at {report.company}" if report.company else ""
    kind = (
        f"{report.type.replace('_', ' ')} interview"
        if report.scenario == "interview"
        else held(report.scenario)
    )
    return (
        f"{escape(report.role_title + at)}, {report.level} level, {kind}, {report.mode} mode.  \n"
        f"{report.started_at:%d %B %Y}, {clock(report.used_s)} of {report.minutes} minutes, with "
        f"{', '.join(report.panel)}.  \n{'; '.join(report.badges)}."
    )


def _overall(report: Report) -> str:
    overall = report.overall
    said = (
        f"**{say_interval(overall.judged).capitalize()}**, {STANDS[overall.stand]}."
        if overall.judged
        else f"**Not enough to judge.** {overall.reason}"
        if overall.state == "not_enough"
        else "**Being assessed.**"
    )
    return f"## Overall\n\n{said} {overall.assessed} of {overall.asked} answers assessed."


def _advice(report: Report) -> str:
    advice = report.advice
    lines = [("Keep", advice.keep.removeprefix("Keep ")), ("Change", advice.change), ("Next", advice.next)]
    return "\n".join(f"- **{title}:** {escape(text)}" for title, text in lines if text)


def _recap(report: Report) -> str:
    recap = report.recap
    if not recap.lines:
        return ""
    lines = [f"- {escape(line.text)} “{escape(line.quote)}”" for line in recap.lines]
    told = f"Written by {escape(recap.written_by)}. Each quote was looked up in your answers; they changed no score."
    return "\n".join(["## What was said", "", *lines, "", told])


def _dimensions(report: Report) -> str:
    if report.overall.state == "not_enough":
        return ""
    notes = [f"- {strip.title}: {strip.note}" for strip in report.dimensions if strip.note]
    table = _strips("Dimensions", "Dimension", report.dimensions)
    return "\n".join([table, "", *notes]) if notes else table


def _strips(heading: str, kind: str, strips: Sequence[Strip | DimensionStrip]) -> str:
    if not strips:
        return ""
    rows = [
        f"| {strip.title} | {f'{strip.judged.level:g} ({strip.judged.low:g} to {strip.judged.high:g})' if strip.judged else 'no level'} "
        f"| {STANDS[strip.stand]} |"
        for strip in strips
    ]
    return "\n".join([f"## {heading}", "", f"| {kind} | Level | Stand |", "|---|---|---|", *rows])


def _card(card: QuestionCard) -> str:
    return "\n\n".join(part for part in _card_parts(card) if part)


def _fenced(text: str) -> str:
    """Text whose lines stay as they are, in a fence longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _card_parts(card: QuestionCard) -> Iterator[str]:
    yield f"## {card.number}. {escape(card.question)}"
    asked = f"{card.persona} at {clock(card.offset_s)}"
    yield f"{asked}, on {card.competency_title.lower()}." if card.competency_title else f"{asked}."
    yield "\n\n".join(f"{escape(shown.title)}:\n\n{_fenced(shown.body)}" for shown in card.material)
    yield "\n>\n".join(_spoken(turn) for turn in card.turns)
    yield f"**{say_interval(card.judged).capitalize()}.**" if card.judged else f"**{STATES[card.state]}**"
    yield " ".join(escape(sentence) for sentence in [*card.reasons, *card.flags])
    yield "\n".join(
        f"- {MARKS[point.state]}: {escape(point.text)}{f' ({point.letter})' if point.letter else ''}"
        for point in card.points
    )
    yield _why(card)
    lines = [("Keep", card.keep.removeprefix("Keep ")), ("Change", card.change)]
    yield "\n".join(f"- **{title}:** {escape(text)}" for title, text in lines if text)
    if card.judged and card.restructured:
        yield f"**Your words in order:** {_pieces(card.restructured)}"
    if card.judged and card.model_answer:
        yield f"**One good answer:** {escape(card.model_answer)}"
    yield "\n".join(f"- You said this looks wrong: {escape(text)}" for text in card.disputes)


def _why(card: QuestionCard) -> str:
    if not card.why_not_higher:
        return ""
    lead = f"Why {card.why_from}, not {card.why_to}" if card.why_to else "Why this level"
    return f"**{lead}:** {escape(card.why_not_higher)}"


def _spoken(turn: Spoken) -> str:
    return f"> **{escape(turn.name)}** ({clock(turn.offset_s)}): {_pieces(turn.pieces)}"


def _pieces(pieces: list[Piece]) -> str:
    return "".join(_piece(piece) for piece in pieces)


def _piece(piece: Piece) -> str:
    words = escape(piece.text)
    if piece.blank:
        return rf"\[{words}\]"
    lead = " " if piece.text[:1].isspace() else ""
    tail = " " if piece.text[-1:].isspace() and words else ""
    if piece.mark and words:
        letter = f" ({', '.join(piece.letters)})" if piece.letters else ""
        return f"{lead}**{words}**{letter}{tail}"
    return f"{lead}{words}{tail}"


def _fit(report: Report) -> str:
    fit = report.fit
    if fit is None:
        return ""
    head = "| The job asks | Résumé | Answers |" if fit.lines[0].resume else "| The job asks | Answers |"
    rows = [
        "| " + " | ".join(
            [
                f"{escape(line.requirement)}{'' if line.must else ' (nice to have)'}",
                *([_shown(line.resume, line.resume_words or line.resume_note)] if line.resume else []),
                _shown(line.answers, line.answer_words) + (f" (answer {line.question})" if line.question else ""),
            ]
        ) + " |"
        for line in fit.lines
    ]  # fmt: skip
    told = f"{escape(fit.job)}. " if fit.job else ""
    rule = "|---" * (head.count("|") - 1) + "|"
    return "\n".join(
        [
            "## Role fit", "",
            f"{told}The answers show {fit.musts_shown} of {fit.musts} must-haves in whole. This enters no score.", "",
            head, rule, *rows,
        ]
    )  # fmt: skip


def _shown(coverage: Coverage, words: str) -> str:
    return f"{coverage}: {escape(words)}" if words else coverage


def _unused(report: Report) -> str:
    if not report.unused:
        return ""
    lines = [f"- {escape(line.words)}{_served(line)}" for line in report.unused]
    return "\n".join(["## Evidence you have and did not use", "", *lines])


def _served(line: UnusedEvidence) -> str:
    """Which questions a sentence of the résumé would have served, and what the job asks."""
    numbers = ", ".join(str(number) for number in line.questions)
    told = [f"question{'s' if len(line.questions) > 1 else ''} {numbers}"] if numbers else []
    told += [f"the job asks: {escape(line.asked_by)}"] if line.asked_by else []
    return f" ({'; '.join(told)})" if told else ""


def _plan(report: Report) -> str:
    if not report.plan:
        return ""
    steps = [
        f"- **{escape(step.drill.title)}**, {step.drill.minutes} minutes, "
        f"{'today' if step.day == 0 else f'in {step.day} days'}: {escape(step.drill.goal)} {escape(step.because)}"
        for step in report.plan
    ]
    return "\n".join(["## Practise next", "", *steps])


def _judged(report: Report) -> str:
    judged = report.judged
    notes = "".join(f"\n- {escape(note)}" for note in judged.notes)
    versions = ", ".join(f"{version.name}, version {version.version}" for version in judged.versions)
    return (
        f"## How this was judged\n\n{escape(judged.paragraph)} {escape(versions)}.{notes and chr(10)}{notes}"
    )


def _transcript(report: Report) -> str:
    lines = [
        f"**{escape(line.name)}** ({clock(line.offset_s)}): {escape(line.text)}" for line in report.transcript
    ]
    return "\n\n".join(["## Transcript", *lines])
