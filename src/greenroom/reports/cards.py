"""The question cards of a report. Pure."""

import re

from greenroom.answers.schemas import Part, PartSpan
from greenroom.grading.schemas import Grade, ScoreView
from greenroom.interviews import log
from greenroom.interviews.replay import Root
from greenroom.library.schemas import Item
from greenroom.library.taxonomy import Drill
from greenroom.reports.facts import Facts
from greenroom.reports.levels import agree, judge_change, mean_of, present, version_of
from greenroom.reports.pieces import MARKS, find_own, letter_points, mark_text, show_blanks
from greenroom.reports.schemas import (
    Again,
    CriterionLine,
    DrillLine,
    PartLength,
    PointLine,
    QuestionCard,
    Spoken,
)
from greenroom.reports.wording import CRITERIA, FLAGS, MISCONCEPTION

_WHY = re.compile(r"Why (\d), not (\d): ")
STORY_PARTS: tuple[Part, ...] = ("situation", "action", "result")
Timeline = list[tuple[log.Entry, float]]


def build_card(facts: Facts, root: Root, score: ScoreView, timeline: Timeline) -> QuestionCard:
    """The card of one core question."""
    item = facts.items.get(root.id)
    grade = score.grade if score.state == "assessed" or score.grade else None
    turns, spoken_s = build_turns(facts, root, timeline, grade)
    card = QuestionCard(
        id=root.id,
        number=score.number,
        state=score.state,
        persona=next((card.name for card in facts.plan.panel if card.slug == root.persona), ""),
        competency=root.competency,
        competency_title=facts.library.competencies[root.competency].title if root.competency else "",
        offset_s=round(root.asked_s),
        question=root.plain,
        material=root.material,
        turns=turns,
        words=sum(len(turn.text.split()) for turn in root.turns),
        spoken_s=round(spoken_s),
        attempts=max(1, score.attempts),
        disputes=facts.disputes.get(root.id, []),
        rewrite=facts.rewrites.get(root.id),
    )
    return card if grade is None or item is None else _judge(card, facts, item, grade, root.item_hash)


def _judge(card: QuestionCard, facts: Facts, item: Item, grade: Grade, item_hash: str | None) -> QuestionCard:
    assessed = grade.status == "assessed" and grade.level is not None
    why_from, why_to, why = split_why(grade.why_not_higher)
    return card.model_copy(
        update={
            "judged": present(mean_of(grade), facts.spec.level) if assessed else None,
            "reasons": grade.reasons,
            "flags": explain_flags(item, grade.flags),
            "parts": measure_parts(item, grade.parts),
            "points": list_points(item, grade),
            "criteria": [
                CriterionLine(id=c.id, title=CRITERIA[c.id], state=c.state, level=c.level, why=c.why)
                for c in grade.criteria
            ],
            "why_from": why_from,
            "why_to": why_to,
            "why_not_higher": why,
            "keep": grade.keep,
            "change": grade.change,
            "restructured": find_own(show_blanks(grade.restructured)),
            "model_answer": item.reference or best_sample(item),
            "drill": describe_drill(facts.library.drills[grade.drill])
            if grade.drill in facts.library.drills
            else None,
            "source": f"{grade.source.label}, {grade.source.tier} tier, rubric {grade.source.rubric_version}",
            "formative": grade.formative,
            **compare_answers(facts, grade, item_hash),
        }
    )


def split_why(why: str) -> tuple[int | None, int | None, str]:
    """The two levels of "Why 3, not 4: the reason." and the reason as a sentence; no levels where none are named."""
    found = _WHY.match(why)
    reason = why[found.end() :] if found else why
    sentence = f"{reason[:1].upper()}{reason[1:]}"
    return (int(found[1]), int(found[2]), sentence) if found else (None, None, sentence)


def compare_answers(facts: Facts, grade: Grade, item_hash: str | None) -> dict[str, object]:
    """The first answer to this question, where this one is a retry, and the later ones, where it was the first."""
    mean = mean_of(grade) if grade.status == "assessed" else None
    mine = present(mean, facts.spec.level)
    if mine is None:
        return {}
    first: Again | None = None
    retries: list[Again] = []
    for other in facts.others:
        theirs = present(other.mean, facts.spec.level)
        if other.item_hash != item_hash or theirs is None:
            continue
        before, after = (theirs, mine) if other.is_first else (mine, theirs)
        again = Again(
            session_id=other.session_id, question_id=other.question_id, at=other.started_at, judged=theirs,
            change=judge_change(before, after, comparable=agree((other.version, version_of(grade)))),
            difference=round(after.level - before.level, 1),
        )  # fmt: skip
        if other.is_first:
            first = again
        else:
            retries.append(again)
    return {"first": first, "retries": sorted(retries, key=lambda again: again.at)}


def build_turns(
    facts: Facts, root: Root, timeline: Timeline, grade: Grade | None
) -> tuple[list[Spoken], float]:
    """The answer with the follow-ups in between, evidence marked; and the seconds it took."""
    points = grade.points if grade else []
    letters = letter_points(points)
    names = {card.slug: card.name for card in facts.plan.panel}
    turns: list[Spoken] = []
    shown = log.shown_words(entry for entry, _ in timeline)
    end = root.asked_s
    for entry, at_s in timeline:
        match entry.payload:
            case log.CandidateSaid(root_id=root.id, counts_as="answer") as said:
                pieces = mark_text(entry.seq, said.text, points, letters)
                turns.append(
                    Spoken(seq=entry.seq, who="you", name="You", offset_s=round(at_s), pieces=pieces)
                )
                end = at_s
            case log.PanelSaid(root_id=root.id, purpose="follow_up") as said:
                words, _ = shown.get(said.question_id or "", (said.words, said.source))
                pieces = mark_text(entry.seq, words, [], {})
                turns.append(
                    Spoken(
                        seq=entry.seq,
                        who="panel",
                        name=names[said.persona],
                        offset_s=round(at_s),
                        pieces=pieces,
                    )
                )
            case _:
                pass
    return turns, end - root.asked_s


def measure_parts(item: Item, parts: list[PartSpan]) -> list[PartLength]:
    """Words of situation, action and result for a story; nothing for other structures."""
    if item.structure != "star":
        return []
    words = dict.fromkeys(STORY_PARTS, 0)
    for found in parts:
        part = "situation" if found.part == "task" else found.part
        if part in words:
            words[part] += len(found.span.text.split())
    return [PartLength(part=part, words=count) for part, count in words.items()]


def list_points(item: Item, grade: Grade) -> list[PointLine]:
    """Every key point with its state, heard ones first, in the order of the item."""
    texts = {point.id: point.text for point in item.key_points}
    letters = letter_points(grade.points)
    lines = [
        PointLine(
            letter=letters.get(point.id, "") if point.state != "missing" else "",
            text=texts.get(point.id, point.id), state=MARKS[point.state], probed=point.probed,
        )
        for point in grade.points
    ]  # fmt: skip
    return sorted(lines, key=lambda line: ("met", "part", "miss").index(line.state))


def explain_flags(item: Item, flags: list[str]) -> list[str]:
    """A sentence for each flag, once."""
    beliefs = {wrong.id: wrong.text for wrong in item.misconceptions}
    sentences: list[str] = []
    for flag in flags:
        kind, _, which = flag.partition(".")
        sentence = MISCONCEPTION.format(text=beliefs[which]) if which in beliefs else FLAGS.get(kind)
        if sentence and sentence not in sentences:
            sentences.append(sentence)
    return sentences


def describe_drill(drill: Drill) -> DrillLine:
    """A drill as the report shows it."""
    return DrillLine(
        id=drill.id, title=drill.title, minutes=drill.minutes, goal=drill.goal, steps=list(drill.steps),
        example=drill.example,
    )  # fmt: skip


def best_sample(item: Item) -> str:
    """Our own level-5 sample, where the item has no reference answer."""
    return next((sample.text for sample in item.samples if sample.score == 5 and sample.kind == "plain"), "")
