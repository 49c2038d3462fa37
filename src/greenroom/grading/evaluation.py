"""Measuring the built-in grader on answers that people scored: agreement and attacks, as one report."""

import math
import random
from collections.abc import Callable, Sequence
from importlib.resources import files
from statistics import fmean, median
from typing import Any

from jinja2 import Environment, StrictUndefined
from pydantic import BaseModel

from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.agreement import (
    Figure,
    Pair,
    Statistic,
    bootstrap,
    by_question,
    is_labelled,
    kappa,
    macro_f1,
    pearson,
    recalibrate,
    rmse,
    within_question,
)
from greenroom.grading.attacks import ATTACKS, Attack, Material
from greenroom.grading.builtin.reference import GradedAnswer, Reference, judge
from greenroom.grading.builtin.weights import Tier, load_model
from greenroom.grading.dataset import Line
from greenroom.providers.embeddings.base import Embeddings

_QUESTIONS_ATTACKED = 40
_FEW_ANSWERS = 5  # below this no figure says how far two graders agree
_FEW = 10  # below this one answer moves a percentage by more than ten points
TOO_FEW = "too few to tell"
Track = Callable[[list[Any], str], list[Any]]


class Value(BaseModel):
    """A figure with its 95% interval; None where it does not exist."""

    value: float | None
    low: float | None
    high: float | None


class Agreement(BaseModel):
    """Agreement on one set. `calibrated` holds what is left when the graders' scale is learned on other questions.
    `covered` is none, and there are no figures, where there are too few answers to tell."""

    dataset: str
    answers: int
    questions: int
    not_judged: int
    mean_human: float
    mean_given: float
    covered: float | None
    figures: dict[str, Value]
    calibrated: dict[str, Value]


class AttackResult(BaseModel):
    """One attack: what must hold, what was measured, whether it holds (none: too few questions to tell)."""

    name: str
    must: str
    measured: str
    holds: bool | None
    tries: int


class Report(BaseModel):
    """All figures of one run."""

    tier: str
    version: str
    anchors: int
    agreement: list[Agreement]
    attacks: list[AttackResult]


Judge = Callable[[Line, str], tuple[float | None, float, float, bool]]


def evaluate(
    lines: Sequence[Line],
    *,
    tier: Tier,
    embed: Embeddings | None = None,
    anchors: int = 0,
    attacks: bool = True,
    track: Track = lambda items, _: items,
) -> Report:
    """The report on scored lines; `anchors` answers per question are given to the grader and not counted."""

    judge_text = make_judge(tier, embed)
    sets: dict[str, list[Line]] = {}
    for line in lines:
        sets.setdefault(line.dataset or "answers", []).append(line)
    found = [
        agree(name, add_anchors(rows, anchors) if anchors else rows, judge_text, track)
        for name, rows in sets.items()
    ]
    return Report(
        tier=tier,
        version=load_model("reference", tier).version,
        anchors=anchors,
        agreement=found,
        attacks=attack_all(lines, judge_text, track) if attacks else [],
    )


def make_judge(tier: Tier, embed: Embeddings | None) -> Judge:
    """What judges a text as an answer to a line's question: share or none, interval, whether there are flags."""

    def judge_text(line: Line, text: str) -> tuple[float | None, float, float, bool]:
        result = judge(line.target(), [AnswerTurn(seq=1, text=text)], tier=tier, embed=embed)
        return result.share, result.low or 0.0, result.high or 0.0, bool(result.flags)

    return judge_text


def question_of(line: Line) -> str:
    """What groups answers: the given group, else the question's id, else its text."""
    return str(line.group or line.question_id or line.question)


def pick_anchors(rows: Sequence[Line], count: int) -> list[Line]:
    """Answers spread over the scores of one question."""
    ranked = sorted(rows, key=lambda line: (line.human or 0, len(line.answer), line.answer))
    return [ranked[round(n * (len(ranked) - 1) / max(1, count - 1))] for n in range(count)]


def with_anchors(rows: Sequence[Line], count: int) -> list[Line]:
    """The lines of one question without the anchors, each carrying them; none when there are too few."""
    chosen = pick_anchors(rows, count)
    ids = {id(line) for line in chosen}
    given = [{"text": line.answer, "score": line.human} for line in chosen]
    rest = [line for line in rows if id(line) not in ids]
    anchored = [Line.model_validate({**line.model_dump(by_alias=False), "anchors": given}) for line in rest]
    return anchored if len(rows) >= count + 5 else []


def add_anchors(rows: Sequence[Line], count: int) -> list[Line]:
    """The lines of a set with graded answers to their questions, which are left out; questions with too few are too."""
    texts: dict[str, list[Line]] = {}
    for line in rows:
        texts.setdefault(str(line.question_id or line.question), []).append(line)
    return [line for group in texts.values() for line in with_anchors(group, count)]


def agree(
    name: str, rows: Sequence[Line], judge_text: Judge, track: Track = lambda items, _: items
) -> Agreement:
    """Agreement with people on one set."""
    pairs: list[Pair] = []
    covered: list[bool] = []
    for line in track(list(rows), name):
        share, low, high, _ = judge_text(line, line.answer)
        if share is None or line.human is None:
            continue
        pairs.append(Pair(question_of(line), line.human, share))
        covered.append(low - 1e-9 <= line.human <= high + 1e-9)
    return Agreement(
        dataset=name,
        answers=len(pairs),
        questions=len(by_question(pairs)),
        not_judged=len(rows) - len(pairs),
        mean_human=round(fmean(p.human for p in pairs), 3) if pairs else 0,
        mean_given=round(fmean(p.given for p in pairs), 3) if pairs else 0,
        covered=round(fmean(covered), 3) if len(covered) >= _FEW else None,
        figures=_figures(pairs),
        calibrated=_figures(recalibrate(pairs)) if len(by_question(pairs)) > 1 else {},
    )


def _figures(pairs: Sequence[Pair]) -> dict[str, Value]:
    if len(pairs) < _FEW_ANSWERS:
        return {}
    statistics: dict[str, Statistic] = {
        "r": pearson,
        "r within question": within_question,
        "RMSE": rmse,
        "QWK": kappa,
    }
    if is_labelled(pairs):
        statistics["macro-F1"] = macro_f1
        statistics["macro-F1 at 50"] = lambda drawn: macro_f1(drawn, cut=0.5)
    return {name: _value(bootstrap(pairs, statistic)) for name, statistic in statistics.items()}


def _value(figure: Figure) -> Value:
    def shown(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 3)

    return Value(value=shown(figure.value), low=shown(figure.low), high=shown(figure.high))


def attack_all(
    lines: Sequence[Line], judge_text: Judge, track: Track = lambda items, _: items
) -> list[AttackResult]:
    """All attacks on up to 40 questions of the lines."""
    cases = make_cases(lines)
    if not cases:
        return []
    marks = [
        (line, m, _score(judge_text(line, m.good)), _score(judge_text(line, m.poor))) for line, m in cases
    ]
    bar = median(good for *_, good, _ in marks)
    return [attack_with(a, marks, bar, judge_text) for a in track(list(ATTACKS), "attacks")]


def make_cases(lines: Sequence[Line], *, seed: int = 5) -> list[tuple[Line, Material]]:
    """Material for the attacks: for each question its best and a poor honest answer, and one to another question."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        long_enough = bool(line.references) and len(line.references[0].split()) >= 12
        if long_enough and line.human is not None and len(line.answer.split()) >= 5:
            groups.setdefault(question_of(line), []).append(line)
    rng = random.Random(seed)
    names = sorted(groups)
    cases: list[tuple[Line, Material]] = []
    for name in rng.sample(names, min(_QUESTIONS_ATTACKED, len(names))):
        rows = sorted(groups[name], key=lambda line: line.human or 0)
        others = [other for other in names if other != name]
        top = [line for line in rows if (line.human or 0) >= 0.75]
        if not others or not top or (rows[0].human or 0) > 0.5:
            continue
        good = rng.choice(top)
        foreign = rng.choice(groups[rng.choice(others)]).answer
        cases.append(
            (good, Material(good.question, good.references[0], good.answer, rows[0].answer, foreign))
        )
    return cases


_Mark = tuple[Line, Material, float, float]


def attack_with(attack: Attack, marks: Sequence[_Mark], bar: float, judge_text: Judge) -> AttackResult:
    """One attack on all cases; `bar` is the median score of the honest good answers."""
    rng = random.Random(attack.name)
    scores: list[float | None] = []
    flagged: list[bool] = []
    for line, material, *_ in marks:
        share, _, _, flag = judge_text(line, attack.make(material, rng))
        scores.append(None if share is None else 100 * share)
        flagged.append(flag)
    before = [good if attack.before == "good" else poor for *_, good, poor in marks]
    must, measured, holds = _assess(attack, scores, before, bar, flagged)
    return AttackResult(name=attack.name, must=must, measured=measured, holds=holds, tries=len(scores))


def _assess(
    attack: Attack,
    scores: Sequence[float | None],
    before: Sequence[float],
    bar: float,
    flagged: Sequence[bool],
) -> tuple[str, str, bool | None]:
    plain = [0.0 if score is None else score for score in scores]
    changes = [after - b for after, b in zip(plain, before, strict=True)]
    if attack.aim == "none":
        voided = fmean(score is None for score in scores)
        return "no number", f"{voided:.0%} without a number", voided == 1
    if attack.aim == "flagged":
        return "flagged", f"{fmean(flagged):.0%} flagged", fmean(flagged) >= 0.9
    if attack.aim == "seldom":
        return _assess_success(attack.limit, [score >= bar for score in plain])
    if attack.aim == "low":
        return f"mean ≤ {attack.limit:g}", f"{fmean(plain):.0f}", fmean(plain) <= attack.limit
    if attack.aim == "steady":
        worst = max(abs(change) for change in changes)
        return f"shift ≤ {attack.limit:g}", f"largest shift {worst:.1f}", worst <= attack.limit
    if attack.aim == "no_gain":
        return "no gain", f"largest gain {max(changes):.1f}", max(changes) <= attack.limit
    mean = fmean(changes)
    if attack.aim == "fall":
        return "must fall", f"{mean:+.1f} on average", mean < 0
    return f"fall ≤ {attack.limit:g}", f"{mean:+.1f} on average", mean >= -attack.limit


def _assess_success(limit: float, through: Sequence[bool]) -> tuple[str, str, bool | None]:
    """How often an attack succeeded; too few tries tell nothing."""
    must = f"success ≤ {limit:.0%}"
    if len(through) < _FEW:
        return must, f"{sum(through)} of {len(through)}: {TOO_FEW}", None
    return must, f"{fmean(through):.0%}", fmean(through) <= limit


def _score(judged: tuple[float | None, float, float, bool]) -> float:
    return 100 * (judged[0] or 0.0)


def render_text(report: Report) -> str:
    """The report for a terminal."""
    anchored = f", {report.anchors} graded answers a question" if report.anchors else ""
    rows = [f"built-in grader {report.version}, tier {report.tier}{anchored}", ""]
    for found in report.agreement:
        rows.append(
            f"{found.dataset}: {found.answers} answers, {found.questions} questions, {found.not_judged} not judged"
        )
        rows.append(
            f"  mean {found.mean_given} (people {found.mean_human}); 80% interval holds {_share(found.covered)}"
        )
        if not found.figures:
            rows.append(f"  agreement: {TOO_FEW}")
        rows += [f"  {name:<18} {_shown(value)}" for name, value in found.figures.items()]
        rows += [
            f"  {name:<18} {_shown(value)}  scale learned on other questions"
            for name, value in found.calibrated.items()
        ]
        rows.append("")
    for attack in report.attacks:
        mark = {True: "holds", False: "FAILS", None: "  ?  "}[attack.holds]
        rows.append(f"{mark}  {attack.name:<26} {attack.must:<16} {attack.measured}")
    return "\n".join(rows).rstrip()


def _share(value: float | None) -> str:
    return TOO_FEW if value is None else f"{value:.0%}"


def _shown(value: Value) -> str:
    if value.value is None:
        return "-"
    return f"{value.value:.3f}" + ("" if value.low is None else f" [{value.low:.3f}, {value.high:.3f}]")


def render_page(report: Report) -> str:
    """The report as one HTML page without scripts."""
    source = files("greenroom.grading").joinpath("templates/grade_report.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
    return page.render(report=report, shown=_shown, share=_share, too_few=TOO_FEW)


__all__ = ["GradedAnswer", "Reference", "Report", "evaluate", "render_page", "render_text"]
