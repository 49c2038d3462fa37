"""What the printed report says, line by line, as data for its template. Pure."""

import re
from typing import Any, Final

from greenroom.reports.markdown import STANDS, STATES, clock
from greenroom.reports.schemas import DimensionStrip, Interval, QuestionCard, Report, Strip, UnusedEvidence
from greenroom.reports.wording import held

LONGEST_RUN = 36  # signs without a space that fit any column of the page
CHANGES: Final = {
    "higher": "improved",
    "lower": "lower than before",
    "unclear": "the intervals touch, so no change is claimed",
    "versions": "judged by different versions, so no change is claimed",
    "unseen": "not in both",
}


def lay_out(report: Report) -> dict[str, Any]:
    """What the template shows, in its order; every sentence is whole."""
    facts = report.ribbon_facts
    told = (
        f"{clock(report.used_s)} in all, {facts.questions} questions and {facts.follow_ups} follow-ups. "
        f"Your answers took {clock(facts.spoken_s)}."
    )
    if facts.longest_pause_s:
        told += f" The longest pause before one was {clock(facts.longest_pause_s)}."
    return soften(
        {
            "mode": report.mode,
            "title": report.title,
            "about": _about(report),
            "footer": f"Greenroom · {report.title}",
            "note": _note(report),
            "lead": _lead(report),
            "recap": _recap(report),
            "overall": _overall(report),
            "standing": "" if report.overall.judged else _standing(report),
            "ribbon": [question.model_dump(mode="json") for question in report.ribbon],
            "ribbon_told": told,
            "own": _own(report),
            "strips": [_strip(strip) for strip in report.strips],
            "dimensions": _dimensions(report),
            "panel": _panel(report),
            "spread": report.spread.sentence if report.spread else "",
            "cards": [_card(card, report) for card in report.cards],
            "fit": _fit(report),
            "unused": [{"words": line.words, "served": _served(line)} for line in report.unused],
            "plan": _plan(report),
            "judged": [report.judged.paragraph, *report.judged.notes],
            "versions": _versions(report),
            "transcript": _transcript(report),
        }
    )


def soften(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same data with places to break in runs of signs that no line could hold."""
    match value:
        case str():
            return re.sub(rf"(\S{{{LONGEST_RUN}}})(?=\S)", "\\1\u200b", value)
        case list():
            return [soften(part) for part in value]  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return {key: soften(part) for key, part in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def _about(report: Report) -> str:
    began = report.started_at.astimezone().strftime("%d %B %Y, %H:%M %Z").strip()
    kind = (
        f"{report.type.replace('_', ' ')} questions"
        if report.scenario == "interview"
        else held(report.scenario)
    )
    return f"{kind.capitalize()} by text, {report.minutes} minutes, {began}. {', '.join(report.panel)}."


def _note(report: Report) -> str:
    return {
        "sample": "This is the sample: the answers are ours, the questions, the panel and the scores are the real thing.",
        "retry": "These questions were practised again; each one shows the difference to the first answer.",
        "interview": "",
    }[report.kind]


def _lead(report: Report) -> list[tuple[str, str]]:
    advice = report.advice
    parts = (("Keep", advice.keep), ("Change:", advice.change), ("Next:", advice.next))
    return [(word, words.removeprefix(f"{word} ")) for word, words in parts if words]


def _overall(report: Report) -> str:
    overall = report.overall
    judged = overall.judged
    if judged is None:
        return ""
    return (
        f"Overall {_level(judged)}: {STANDS[overall.stand]}. {judged.score} of 100, from {overall.assessed} of "
        f"{overall.asked} answers."
    )


def _standing(report: Report) -> str:
    overall = report.overall
    if overall.state == "pending":
        return f"{report.pending} of {overall.asked} answers are still being scored."
    return f"Not enough to judge. {overall.reason}"


def _level(judged: Interval) -> str:
    return f"level {judged.level:.1f} of 5, probably {judged.low:.1f} to {judged.high:.1f}, target {judged.target:g}"


def _drawn(judged: Interval | None) -> dict[str, float] | None:
    return judged.model_dump(include={"level", "low", "high", "target"}) if judged else None


def _own(report: Report) -> list[dict[str, Any]]:
    if report.own.state != "given":
        return []
    judged = {card.id: card.judged for card in report.cards}
    return [
        {
            "title": f"{row.number}. {row.title}", "own": row.own, "judged": _drawn(judged.get(row.question_id)),
            "words": f"you {row.own or '–'}, evidence {row.level if row.level is not None else '–'}",
        }
        for row in report.own.rows
    ]  # fmt: skip


def _recap(report: Report) -> dict[str, Any] | None:
    recap = report.recap
    if not recap.lines:
        return None
    return {
        "lines": [{"text": line.text, "quote": line.quote} for line in recap.lines],
        "told": f"Written by {recap.written_by}. Each quote was looked up in your answers; they changed no score.",
    }


def _dimensions(report: Report) -> list[dict[str, Any]]:
    if report.overall.state == "not_enough":
        return []
    return [_strip(strip) for strip in report.dimensions]


def _strip(strip: Strip | DimensionStrip) -> dict[str, Any]:
    answers = f"{strip.answers} answer{'s' if strip.answers != 1 else ''}"
    note = strip.note if isinstance(strip, DimensionStrip) else ""
    detail = f"{answers}, {_level(strip.judged)}" if strip.judged else note
    return {
        "title": strip.title,
        "detail": detail,
        "judged": _drawn(strip.judged),
        "words": STANDS[strip.stand],
    }


def _panel(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for card in report.scorecards:
        numbers = ", ".join(str(number) for number in card.questions)
        asked = f"question{'s' if len(card.questions) > 1 else ''} {numbers}"
        level = f"; {_level(card.judged)}" if card.judged and report.mode == "graded" else ""
        coaching = [card.keep, f"Change: {card.change}" if card.change else ""]
        found.append(
            {
                "title": f"{card.name}, {card.role}", "detail": f"{asked}{level}", "judged": _drawn(card.judged),
                "words": STANDS[card.stand], "coaching": " ".join(part for part in coaching if part),
            }
        )  # fmt: skip
    return found


def _card(card: QuestionCard, report: Report) -> dict[str, Any]:
    judged = card.judged
    verdict = (
        f"{_sentence(_level(judged))}; {judged.score} of 100, {judged.confidence} confidence"
        if judged
        else ""
    )
    parts = ", ".join(
        f"{part.part} {part.words} words" if part.words else f"{part.part} not heard" for part in card.parts
    )
    drill = f"{card.drill.title}, {card.drill.minutes} minutes. {card.drill.goal}" if card.drill else ""
    why = "What would lift it" if report.mode == "practice" else _why(card)
    advice = (
        (why, card.why_not_higher),
        ("One change", card.change),
        ("Keep", card.keep.removeprefix("Keep ")),
        ("A drill for it", drill),
    )
    return {
        "number": card.number,
        "question": card.question,
        "place": f"{card.persona}, {card.competency_title.lower()}, at {clock(card.offset_s)}",
        "judged": _drawn(judged),
        "verdict": verdict,
        "changes": _changes(card, report),
        "notes": [*([STATES[card.state]] if STATES[card.state] else []), *card.flags, *([] if judged else card.reasons)],
        "material": [{"title": shown.title, "body": shown.body} for shown in card.material],
        "turns": [turn.model_dump(mode="json") for turn in card.turns],
        "parts": parts,
        "points": [point.model_dump(mode="json") for point in card.points if judged],
        "advice": [(title, words) for title, words in advice if words and judged],
        "restructured": [piece.model_dump(mode="json") for piece in card.restructured if judged],
        "model_answer": card.model_answer if judged else "",
        "disputes": card.disputes,
        "source": card.source + ("; formative, not validated against human graders" if card.formative else "")
        if card.source
        else "",
    }  # fmt: skip


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _why(card: QuestionCard) -> str:
    return f"Why {card.why_from}, not {card.why_to}" if card.why_to else "Why this level"


def _changes(card: QuestionCard, report: Report) -> list[str]:
    """The difference to the first answer and to later ones; in practice without numbers."""
    if card.judged is None:
        return []
    found: list[str] = []
    pairs = [("Since the first answer", card.first, True)] if card.first else []
    pairs += [("Practised again", again, False) for again in card.retries]
    for words, again, is_first in pairs:
        before, after = (again.judged, card.judged) if is_first else (card.judged, again.judged)
        numbers = "" if report.mode == "practice" else f"{before.level:.1f} → {after.level:.1f}, "
        found.append(f"{words}: {numbers}{CHANGES[again.change]}.")
    return found


def _fit(report: Report) -> dict[str, Any] | None:
    fit = report.fit
    if fit is None:
        return None
    told = f"{fit.job}. " if fit.job else ""
    return {
        "told": f"{told}Your answers show {fit.musts_shown} of {fit.musts} must-haves in whole. This enters no score: what "
        "was not asked could not be shown.",
        "columns": ["The job asks", *(["Your résumé"] if fit.lines[0].resume else []), "Your answers"],
        "rows": [
            {
                "asked": line.requirement, "kind": "must have" if line.must else "nice to have",
                "shown": [
                    *([{"state": line.resume, "words": line.resume_words, "note": line.resume_note}] if line.resume else []),
                    {
                        "state": line.answers, "words": line.answer_words,
                        "note": f"answer {line.question}" if line.question else "",
                    },
                ],
            }
            for line in fit.lines
        ],
    }  # fmt: skip


def _served(line: UnusedEvidence) -> str:
    numbers = ", ".join(str(number) for number in line.questions)
    parts = (
        [f"It would have served question{'s' if len(line.questions) > 1 else ''} {numbers}."]
        if numbers
        else []
    )
    parts += [f"The job asks: {line.asked_by}."] if line.asked_by else []
    return " ".join(parts)


def _plan(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{'Today' if step.day == 0 else f'In {step.day} days'}: {step.drill.title}, {step.drill.minutes} minutes",
            "goal": f"{step.drill.goal} {step.because}", "steps": step.drill.steps,
        }
        for step in report.plan
    ]  # fmt: skip


def _versions(report: Report) -> str:
    engines = "; ".join(f"{version.name}, version {version.version}" for version in report.judged.versions)
    weights = ", ".join(f"{title} × {count}" for title, count in report.judged.weights)
    parts = (
        engines,
        f"rubric {report.judged.rubric_version}" if report.judged.rubric_version else "",
        weights,
    )
    return ". ".join(part for part in parts if part)


def _transcript(report: Report) -> list[dict[str, str]]:
    return [
        {"who": line.who, "name": f"{line.name}, {clock(line.offset_s)}", "text": line.text}
        for line in report.transcript
    ]
