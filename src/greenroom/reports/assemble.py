"""Folds a session and its scores into the one report object. Pure: same facts, same report."""

from collections import Counter
from itertools import pairwise

from greenroom.grading.folds import LEAST_ANSWERS
from greenroom.grading.schemas import Grade
from greenroom.interviews import log
from greenroom.interviews.replay import State
from greenroom.interviews.ribbon import THINKING_S, draw, fold_timeline
from greenroom.interviews.schemas import EvidenceMark, RibbonQuestion, RibbonSegment
from greenroom.library.schemas import Competency, CriterionId
from greenroom.reports.cards import Timeline, build_card, describe_drill
from greenroom.reports.dimensions import build_dimensions
from greenroom.reports.engines import note_models
from greenroom.reports.facts import Facts
from greenroom.reports.fit import fit_role, list_unused
from greenroom.reports.levels import agree, average_grades, judge_stand, present, version_of
from greenroom.reports.panel import build_scorecards, measure_spread
from greenroom.reports.schemas import (
    Advice,
    Judged,
    Overall,
    OwnRating,
    OwnRow,
    PlanStep,
    QuestionCard,
    Report,
    RibbonFacts,
    Strip,
    TranscriptLine,
    Version,
)
from greenroom.reports.wording import CRITERIA, NOT_ENOUGH, say_how_judged

WORTH_KEEPING = 2.5  # below this level an answer's best sentence is no model to keep
PASSED_ON = "(passed on without an answer)"
PLAN_DAYS = (0, 2, 4)  # today, and then with a day between: practice that is spread out stays


def assemble(facts: Facts) -> Report:
    """The report as of now; unfinished judgements are pending cards, not holes."""
    state, timeline = fold_timeline(facts.entries)
    scores = {score.question_id: score for score in facts.scores}
    cards = [build_card(facts, root, scores[root.id], timeline) for root in state.core if root.id in scores]
    grades = [score.grade for score in facts.scores if score.grade and score.grade.status == "assessed"]
    spec, plan = facts.spec, facts.plan
    used = state.elapsed(facts.entries[-1].at) if facts.entries else 0.0
    scorecards = build_scorecards(facts, cards)
    ribbon = mark_ribbon(draw(plan, state, timeline, None), cards)
    return Report(
        session_id=facts.session_id,
        interview_id=facts.interview_id,
        kind=facts.kind,
        of_session_id=facts.of_session_id,
        round=plan.round,
        rounds=plan.rounds,
        title=facts.name,
        role_title=plan.role_title,
        company=spec.company,
        level=spec.level,
        type=spec.type,
        scenario=plan.scenario,
        mode=spec.mode,
        minutes=plan.minutes,
        used_s=round(used),
        started_at=facts.started_at,
        ended_at=facts.ended_at,
        panel=[card.name for card in plan.panel],
        badges=sorted({grade.source.label for grade in grades}) or ["Built-in evaluator"],
        pending=sum(card.state == "pending" for card in cards),
        own=rate_own(facts, cards),
        overall=judge_overall(facts, cards, grades),
        advice=advise(facts, cards),
        ribbon=ribbon,
        ribbon_facts=describe_ribbon(ribbon, cards),
        strips=build_strips(facts, cards),
        dimensions=build_dimensions(facts, cards),
        scorecards=scorecards,
        spread=measure_spread(scorecards),
        cards=cards,
        fit=fit_role(facts.papers, cards),
        unused=list_unused(facts.papers, cards),
        recap=facts.recap,
        plan=plan_steps(facts),
        judged=explain_judgement(facts, state, timeline, grades),
        transcript=condense(facts, timeline),
    )


def rate_own(facts: Facts, cards: list[QuestionCard]) -> OwnRating:
    """The candidate's own levels beside ours."""
    own = facts.own
    rows = [
        OwnRow(
            question_id=card.id, number=card.number, title=card.question,
            own=own.get(card.id) if own else None, level=card.judged.level if card.judged else None,
        )
        for card in cards
        if card.turns
    ]  # fmt: skip
    given = own is not None and any(level is not None for level in own.values())
    offered = own is not None or not rows
    return OwnRating(state="given" if given else "skipped" if offered else "open", rows=rows)


def judge_overall(facts: Facts, cards: list[QuestionCard], grades: list[Grade]) -> Overall:
    """All assessed answers together, or why that is not enough."""
    assessed, asked = len(grades), len(cards)
    if any(card.state == "pending" for card in cards):
        return Overall(state="pending", assessed=assessed, asked=asked)
    if assessed < LEAST_ANSWERS:
        reason = NOT_ENOUGH["few" if grades else "none"]
        return Overall(state="not_enough", reason=reason, assessed=assessed, asked=asked)
    if not agree(map(version_of, grades)):
        return Overall(state="not_enough", reason=NOT_ENOUGH["versions"], assessed=assessed, asked=asked)
    judged = present(average_grades(grades), facts.spec.level)
    return Overall(state="assessed", judged=judged, stand=judge_stand(judged), assessed=assessed, asked=asked)


def build_strips(facts: Facts, cards: list[QuestionCard]) -> list[Strip]:
    """One strip for each competency of the plan, in its order."""
    strips: list[Strip] = []
    wanted: dict[Competency, None] = {}
    for block in facts.plan.blocks:
        if block.kind == "core" and block.competency:
            wanted[block.competency] = None
    for card in cards:
        if card.competency:
            wanted[card.competency] = None
    for competency in wanted:
        own = [card for card in cards if card.competency == competency]
        ids = {card.id for card in own if card.judged}
        grades = [score.grade for score in facts.scores if score.question_id in ids and score.grade]
        judged = present(average_grades(grades), facts.spec.level)
        mixed = not agree(map(version_of, grades))
        pending = judged is None and any(card.state == "pending" for card in own)
        strips.append(
            Strip(
                competency=competency,
                title=facts.library.competencies[competency].title,
                answers=len(ids),
                judged=judged,
                stand="versions" if mixed else "pending" if pending else judge_stand(judged),
            )
        )
    return strips


def advise(facts: Facts, cards: list[QuestionCard]) -> Advice:
    """Keep from the strongest answer, change from the weakest, and the drill that helps most."""
    judged = sorted(
        (card for card in cards if card.judged), key=lambda card: card.judged.level if card.judged else 0
    )
    if not judged:
        return Advice()
    best = [card for card in reversed(judged) if card.judged and card.judged.level >= WORTH_KEEPING]
    keep = next((card.keep for card in best if card.keep), "")
    change = next((card.change for card in judged if card.change), "")
    steps = plan_steps(facts)
    following = f"{steps[0].drill.title}, {steps[0].drill.minutes} minutes." if steps else ""
    return Advice(keep=keep, change=change, next=following)


def plan_steps(facts: Facts) -> list[PlanStep]:
    """At most three drills: those asked for by most answers below their target, weakest answers first."""
    wanted: dict[str, list[tuple[float, int]]] = {}
    for score in facts.scores:
        if score.grade and score.grade.drill and score.grade.drill in facts.library.drills:
            wanted.setdefault(score.grade.drill, []).append((score.grade.level or 1.0, score.number))
    ranked = sorted(wanted.items(), key=lambda pair: (-len(pair[1]), min(pair[1])))
    steps: list[PlanStep] = []
    for day, (drill_id, answers) in zip(PLAN_DAYS, ranked, strict=False):
        because = say_who_asks(sorted(number for _, number in answers))
        steps.append(PlanStep(day=day, drill=describe_drill(facts.library.drills[drill_id]), because=because))
    return steps


def say_who_asks(numbers: list[int]) -> str:
    """Which answers a drill is for, such as "Answers 1, 2 and 4 ask for it."."""
    *before, last = map(str, numbers)
    return f"Answers {', '.join(before)} and {last} ask for it." if before else f"Answer {last} asks for it."


def mark_ribbon(ribbon: list[RibbonQuestion], cards: list[QuestionCard]) -> list[RibbonQuestion]:
    """Hang each card's evidence under its answer, spread over the candidate's segments in order of the text."""
    by_number = {card.number: card for card in cards}
    return [
        question.model_copy(update={"segments": _hang(question.segments, by_number[question.number])})
        if question.number in by_number
        else question
        for question in ribbon
    ]


def _hang(segments: list[RibbonSegment], card: QuestionCard) -> list[RibbonSegment]:
    turns = iter([turn for turn in card.turns if turn.who == "you"])
    marked: list[RibbonSegment] = []
    for segment in segments:
        turn = next(turns, None) if segment.kind == "you" else None
        if turn is None:
            marked.append(segment)
            continue
        length = sum(len(piece.text) for piece in turn.pieces) or 1
        at, marks = 0, list[tuple[float, EvidenceMark]]()
        for piece in turn.pieces:
            if piece.mark:
                marks += [(round(at / length, 3), piece.mark)] * len(piece.letters)
            at += len(piece.text)
        marked.append(segment.model_copy(update={"marks": marks}))
    return marked


def describe_ribbon(ribbon: list[RibbonQuestion], cards: list[QuestionCard]) -> RibbonFacts:
    """The ribbon in numbers."""
    segments = [segment for question in ribbon for segment in question.segments]
    evidence = {
        card.number: sum(line.state != "miss" for line in card.points) for card in cards if card.judged
    }
    uneven = len(set(evidence.values())) > 1
    return RibbonFacts(
        questions=len(cards),
        follow_ups=sum(segment.kind == "probe" for segment in segments),
        spoken_s=sum(segment.seconds for segment in segments if segment.kind == "you"),
        longest_pause_s=max(
            (s.seconds for s in segments if s.kind == "think" and s.seconds >= THINKING_S), default=0
        ),
        most_evidence=max(evidence, key=lambda n: evidence[n]) if uneven else None,
        least_evidence=min(evidence, key=lambda n: evidence[n]) if uneven else None,
    )


def explain_judgement(facts: Facts, state: State, timeline: Timeline, grades: list[Grade]) -> Judged:
    """Engine, versions and weights, and what was left out on the way."""
    counts: Counter[CriterionId] = Counter(c.id for grade in grades for c in grade.criteria)
    sources = [grade.source for grade in grades]
    versions = {
        (
            source.label,
            f"{source.engine_version}, {source.tier}{' tier' if source.engine == 'builtin' else ''}",
        )
        for source in sources
    }
    rubrics = sorted({source.rubric_version for source in sources})
    return Judged(
        engine=", ".join(sorted({source.label for source in sources})) or "Built-in evaluator",
        paragraph=say_how_judged({source.engine for source in sources}),
        formative=any(grade.formative for grade in grades),
        rubric_version=", ".join(rubrics),
        versions=[Version(name=name, version=version) for name, version in sorted(versions)],
        weights=[(CRITERIA[key], count) for key, count in counts.most_common()],
        notes=[*list_notes(facts, state, timeline), *note_models(timeline, facts.costs)],
        costs=facts.costs if facts.costs and facts.costs.lines else None,
    )


def list_notes(facts: Facts, state: State, timeline: Timeline) -> list[str]:
    """What happened beside the answers and belongs into an honest report."""
    notes = [
        f"{facts.library.competencies[competency].title} was dropped, because the time ran short."
        for competency in state.dropped
    ]
    kinds = {entry.payload.notice for entry, _ in timeline if isinstance(entry.payload, log.Noticed)}
    if "injection" in kinds:
        notes.append("Words that addressed the evaluator were noticed. They had no effect on any score.")
    if "cut" in kinds:
        notes.append("An answer was cut when it ran far over its time. What was said until then counts.")
    if facts.spec.timing != "on":
        notes.append("The clock was extended or off: timing was not observed.")
    return notes


def condense(facts: Facts, timeline: Timeline) -> list[TranscriptLine]:
    """The transcript; what one speaker said at one moment is one line, and a question passed on without words shows."""
    names = {card.slug: card.name for card in facts.plan.panel}
    lines: list[TranscriptLine] = []
    shown = log.shown_words(entry for entry, _ in timeline)
    for entry, at_s in timeline:
        match entry.payload:
            case log.PanelSaid() as said:
                asks = said.purpose in ("question", "follow_up")
                words = shown.get(said.question_id or "") if asks else None
                lines.append(
                    TranscriptLine(
                        who="panel",
                        name=names[said.persona],
                        offset_s=round(at_s),
                        text=words[0] if words else said.words,
                    )
                )
            case log.CandidateSaid() as said:
                lines.append(TranscriptLine(who="you", name="You", offset_s=round(at_s), text=said.text))
            case log.Skipped(reason="candidate") if lines and lines[-1].who == "panel":
                lines.append(TranscriptLine(who="you", name="You", offset_s=round(at_s), text=PASSED_ON))
            case _:
                pass
    joined: list[TranscriptLine] = lines[:1]
    for before, line in pairwise(lines):
        if (before.who, before.name, before.offset_s) == (line.who, line.name, line.offset_s):
            joined[-1] = joined[-1].model_copy(update={"text": f"{joined[-1].text} {line.text}"})
        else:
            joined.append(line)
    return joined
