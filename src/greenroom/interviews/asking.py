"""How the interview moves on: the opening, the next question, a hand-over, the candidate's questions, the close."""

import re
from random import Random
from typing import Final

from greenroom.interviews import log
from greenroom.interviews.ability import prior
from greenroom.interviews.references import memory_of, references
from greenroom.interviews.reminders import remind
from greenroom.interviews.schemas import Material, PersonaSlug, PlanBlock, PlanScene
from greenroom.interviews.selection import Situation, choose, within_reach
from greenroom.interviews.turn import Turn
from greenroom.library.schemas import Item

Blocks = list[tuple[int, PlanBlock]]
"""Blocks of the plan with their index in it."""
LANGUAGES = {"python": "Python", "sql": "SQL"}
ORDINALS = {2: "second", 3: "third", 4: "fourth"}
LAST_WORDS_S = 60
"""The closing question needs this much time left."""


def open_interview(turn: Turn) -> None:
    """Adds the first entries: started, greeting, warm-up question. A plan without a warm-up begins with its core."""
    brief, spec = turn.brief, turn.brief.spec
    turn.add(
        log.Started(
            seed=brief.plan.seed, mode=spec.mode, tone=spec.tone, difficulty=spec.difficulty, timing=spec.timing,
            total_s=round(turn.budget.total_s), prior=prior(spec.level, spec.difficulty),
        )
    )  # fmt: skip
    turn.floor = brief.first
    if brief.plan.scene:
        _open_scene(turn, brief.plan.scene)
        return
    if not brief.blocks("warm_up"):
        move_on(turn, acknowledge="short_start")
        return
    turn.enter("opening", 0)
    earlier = brief.earlier.words if brief.earlier else ""
    turn.speak("greeting", _greeting(turn), refers_to=earlier)
    turn.enter("warm_up", 1)
    item = _unscored(turn, "opening")
    ask(
        turn,
        item,
        turn.brief.plan.blocks[1],
        lead_in="",
        why="A gentle start, which is not scored.",
        scored=False,
    )


def _open_scene(turn: Turn, scene: PlanScene) -> None:
    """The greeting of a meeting or presentation, and the words that give the candidate the floor."""
    turn.enter("opening", 0)
    turn.speak("greeting", _greeting(turn))
    if scene.presents:
        move_on(turn)
        return
    turn.enter("warm_up", 1)
    turn.speak(
        "question", scene.invitation, question_id="q1", root_id="q1", material=_situation(scene),
        why="Your own opening comes first; it is not scored.",
    )  # fmt: skip


def _situation(scene: PlanScene) -> list[Material]:
    return [Material(title="What you know", body=f"You are {scene.you}.\n\n{scene.situation}")]


_TWO_ARTICLES: Final = re.compile(r"\bthe (?=(?:the|an?|your|one|somebody|another)\b)")
"""At a meeting some titles have an article of their own: "the landlord"."""


def _greeting(turn: Turn) -> str:
    brief, say = turn.brief, turn.words.say
    card = brief.card(brief.first)
    at = f" at {brief.spec.company}" if brief.spec.company else ""
    parts = [
        say("hello"),
        _TWO_ARTICLES.sub("", say("introduction", name=card.name, title=card.role, at=at)),
    ]
    others = [f"{c.name}, {c.role}" for c in brief.plan.panel if c.slug != brief.first]
    if others:
        joined = ", and ".join(["; ".join(others[:-1]), others[-1]]) if len(others) > 1 else others[0]
        parts.append(say("colleagues", others=joined))
    minutes = round(turn.budget.total_s / 60) if turn.budget.limited else brief.spec.minutes
    if brief.plan.round > 1:
        parts.append(say("next_round", number=ORDINALS[brief.plan.round], of=str(brief.plan.rounds)))
    if brief.earlier:
        parts.append(
            say("earlier_round", who=brief.first_name(brief.earlier.persona), ref=brief.earlier.words)
        )
    parts.append(brief.plan.scene.opening if brief.plan.scene else say("process", minutes=str(minutes)))
    return " ".join(parts)


def _unscored(turn: Turn, kind: str) -> Item:
    """An opening or closing item: any fresh one, they differ in nothing that matters."""
    used, brief = turn.state.used_items, turn.brief
    items = sorted(
        (i for i in brief.questions.values() if i.type == kind and i.id not in used), key=lambda i: i.id
    )
    if not items:
        raise ValueError(f"the plan's pool has no {kind} question")
    return Random(f"{brief.plan.seed}:{kind}").choice(items)


def ask(turn: Turn, item: Item, block: PlanBlock, *, lead_in: str, why: str, scored: bool) -> None:
    """Adds a main question."""
    number = len(turn.state.roots) + 1
    frame = turn.words.say("frame") if scored and turn.words.chance("frame", 0.3) else ""
    turn.speak(
        "question", f"{item.prompt} {frame}", lead_in,
        question_id=f"q{number}", root_id=f"q{number}", item_id=item.id,
        item_hash=turn.brief.plan.pool.get(item.id), competency=block.competency, scored=scored,
        difficulty=item.difficulty, discrimination=item.discrimination, frame=frame, why=why,
        material=[*(_situation(turn.brief.plan.scene) if turn.brief.plan.scene else []), *material_of(item)],
    )  # fmt: skip


def material_of(item: Item) -> list[Material]:
    """What the candidate has to see to answer: exhibits of a case, requirements of a design, code to start from."""
    exhibits = [
        Material(title=shown.title, body=shown.body.rstrip(), wraps="|" not in shown.body)
        for shown in item.exhibits
    ]
    needs = "\n".join(f"- {need}" for need in item.requirements)
    requirements = [Material(title="Requirements", body=needs)] if needs else []
    code = [
        Material(
            title=f"Code to start from ({LANGUAGES.get(language, language)})", body=body.rstrip(), wraps=False
        )
        for language, body in item.starter.items()
    ]
    return [*exhibits, *requirements, *code]


def waiting(turn: Turn) -> Blocks:
    """Core blocks that still have to be asked: neither asked nor dropped."""
    asked = {root.block for root in turn.state.core}
    dropped = list(turn.state.dropped)
    left: Blocks = []
    for at, block in turn.brief.blocks("core"):
        if at in asked:
            continue
        if block.competency in dropped:
            dropped.remove(block.competency)
            continue
        left.append((at, block))
    return left


def move_on(turn: Turn, *, acknowledge: str = "acknowledgement") -> None:
    """Asks the next question of the plan, or turns to the candidate's questions when the core is done.

    Behind plan, the least important competencies are dropped first, and the log says so.
    """
    open_blocks = waiting(turn)
    short = len(open_blocks) - turn.budget.room_for(turn.elapsed)
    if short > 0:
        open_blocks = _drop(turn, open_blocks, short)
    while open_blocks:
        at, block, item, why = (_follow_agenda if turn.brief.plan.scene else _select)(turn, open_blocks)
        if item is not None:
            _ask_core(turn, at, block, item, why=why, acknowledge=acknowledge)
            return
        turn.add(log.Noticed(notice="dropped", detail="no fresh question", competency=block.competency))
        open_blocks.remove((at, block))
    invite_questions(turn, acknowledge=acknowledge, short=short > 0)


def _drop(turn: Turn, blocks: Blocks, count: int) -> Blocks:
    ranked = sorted(blocks, key=lambda b: b[1].importance)
    for _, block in ranked[:count]:
        turn.add(log.Noticed(notice="dropped", detail="no time left", competency=block.competency))
    return [b for b in blocks if b not in ranked[:count]]


def _follow_agenda(turn: Turn, blocks: Blocks) -> tuple[int, PlanBlock, Item | None, str]:
    """The next point of the agenda: its order is the meeting's, not the conductor's."""
    at, block = blocks[0]
    return at, block, turn.brief.item(block.item), f"On the agenda. {block.why}".strip()


def _select(turn: Turn, blocks: Blocks) -> tuple[int, PlanBlock, Item | None, str]:
    """The best item for the interviewer who has the floor, else for the next in the running order.

    When their questions are all too far from the last one in difficulty, another interviewer comes first.
    """
    groups = _by_speaker(turn, blocks)
    last = _last_item(turn)
    heard = {p.root_id: p.observation for p in turn.out if isinstance(p, log.Observed)}
    skipped = {p.root_id for p in turn.out if isinstance(p, log.Skipped)}
    unknown = skipped if turn.gave_up else set[str]()
    easier = bool(unknown)
    reachable = [group for group in groups if within_reach(_candidates(turn, group), last, easier=easier)]
    if easier and not reachable:
        reachable = [group for group in groups if within_reach(_candidates(turn, group), last)]
    mine = reachable[0] if reachable else groups[0]
    covered = {root.competency for root in turn.state.core}
    situation = Situation(
        belief=turn.state.believe(heard, unknown),
        uncovered=[
            block.competency for _, block in mine if block.competency and block.competency not in covered
        ],
        last=last,
        easier=easier,
        weak_tags=turn.brief.weak_tags,
        job_words=turn.brief.job_words,
        exposure=turn.brief.exposure,
        seed=f"{turn.brief.plan.seed}:{len(turn.state.roots)}",
    )
    for at, block in mine:  # as the plan shows them: the first that has a question in reach
        near = within_reach(_candidates(turn, [(at, block)]), last, easier=easier)
        if near and (choice := choose(near, situation)):
            return at, block, choice.item, choice.why
    choice = choose(_candidates(turn, mine), situation)
    if choice is None:
        return *mine[0], None, ""
    at, block = next((at, b) for at, b in mine if b.competency == choice.item.competency)
    return at, block, choice.item, choice.why


def _by_speaker(turn: Turn, blocks: Blocks) -> list[Blocks]:
    """Open blocks by interviewer: who has the floor first, then in running order."""
    speakers = sorted(
        {b.persona: at for at, b in reversed(blocks)}.items(),
        key=lambda pair: (pair[0] != turn.floor, pair[1]),
    )
    return [[(at, b) for at, b in blocks if b.persona == speaker] for speaker, _ in speakers]


def _last_item(turn: Turn) -> Item | None:
    return turn.brief.item(turn.state.core[-1].item_id) if turn.state.core else None


def _candidates(turn: Turn, blocks: Blocks) -> list[Item]:
    """Items of the plan's pool that were not asked and fit one of the blocks."""
    wanted = {block.competency for _, block in blocks}
    brief, used = turn.brief, turn.state.used_items
    ready = brief.questions
    pool = [ready[key] for key in brief.plan.pool if key in ready and key not in used]
    return [i for i in pool if i.competency in wanted and i.type not in ("opening", "closing")]


def _ask_core(turn: Turn, at: int, block: PlanBlock, item: Item, *, why: str, acknowledge: str) -> None:
    before = turn.state.core[-1].competency if turn.state.core else None
    parts: list[str] = []
    refers_to = ""
    if block.persona != turn.floor:
        parts, refers_to = _hand_over(turn, block.persona, acknowledge, story=item.structure == "star")
    else:
        parts.append(turn.words.say(acknowledge))
    if turn.brief.plan.scene:
        refers_to = _lead_to_point(turn, block, parts)
    elif not refers_to:
        reminder, refers_to = remind(turn, item)
        parts += [reminder] if reminder else []
    if not turn.brief.plan.scene and not refers_to and block.competency:
        key = "first" if before is None else "same" if before == block.competency else "any"
        if key != "any" or turn.words.chance("bridge", 0.75):
            parts.append(turn.words.say("bridge", key, topic=turn.brief.topic(block.competency)))
    turn.enter("core", at)
    ask(turn, item, block, lead_in=" ".join(parts), why=why, scored=True)
    if refers_to:
        turn.out[-1] = turn.out[-1].model_copy(update={"refers_to": refers_to})


def _lead_to_point(turn: Turn, block: PlanBlock, parts: list[str]) -> str:
    """Adds the invitation to a talk, what was said in it, or the next point of the agenda; gives what it refers to."""
    scene, state = turn.brief.plan.scene, turn.state
    if block.talk and scene is not None:
        parts[:] = [scene.invitation]
        return ""
    talk = next((root for root in state.core if turn.brief.plan.blocks[root.block].talk), None)
    if talk is not None:
        taken = {words.lower() for words in state.referred}
        said = "\n".join([*(part.text for part in talk.turns), turn.event.text if turn.root is talk else ""])
        for reference in references(talk, turn.brief.library.nouns, said):
            if reference.words.lower() not in taken:
                parts.append(turn.words.say("spoke_of", ref=reference.words))
                return reference.words
    last = turn.brief.plan.blocks[state.core[-1].block].topic if state.core else ""
    if block.topic and block.topic != last:
        parts.append(turn.words.say("on_the_agenda", topic=block.topic))
    return ""


def _hand_over(turn: Turn, to: PersonaSlug, acknowledge: str, *, story: bool) -> tuple[list[str], str]:
    """The one who spoke hands over; the next one takes it, with something said before when there is such a thing."""
    brief, say = turn.brief, turn.words.say
    previous = brief.first_name(turn.floor)
    turn.speak("handover", f"{say(acknowledge)} {say('handover', next=brief.first_name(to))}")
    turn.floor = to
    received = say("received", previous=previous)
    stories = [key for key, item in brief.questions.items() if item.structure == "star"]
    remembered = memory_of(turn.state, to, stories, brief.library.nouns)
    if remembered is None:
        return [received], ""
    who = brief.first_name(remembered.persona)
    memory = say("memory", "story" if story else "apart", who=who, ref=remembered.words)
    # One mention of the one who spoke is enough.
    return [memory] if who == previous else [received, memory], remembered.words


def invite_questions(turn: Turn, *, acknowledge: str = "acknowledgement", short: bool = False) -> None:
    """Turns to the candidate's own questions, where the plan has time for them."""
    if not turn.brief.blocks("candidate_questions"):
        close(turn, "complete")
        return
    at, block = turn.brief.blocks("candidate_questions")[0]
    if turn.budget.limited and turn.elapsed >= turn.budget.questions_end_s:
        close(turn, "time")
        return
    lead = [turn.words.say(acknowledge)]
    if turn.floor != block.persona:
        turn.speak(
            "handover",
            f"{lead.pop()} {turn.words.say('handover', next=turn.brief.first_name(block.persona))}",
        )
        lead.append(turn.words.say("received", previous=turn.brief.first_name(turn.floor)))
        turn.floor = block.persona
    if short and acknowledge != "cut":
        lead.append(turn.words.say("time_short"))
    turn.enter("candidate_questions", at)
    number = len(turn.state.roots) + 1
    turn.speak(
        "question", turn.words.say("candidate_questions"), " ".join(lead), question_id=f"q{number}",
        root_id=f"q{number}", why="The candidate's own questions come before the close.",
    )  # fmt: skip


def finish_questions(turn: Turn) -> None:
    """After the candidate's questions: one closing question when there is time, else the close."""
    at, block = turn.brief.blocks("close")[0]
    left = turn.budget.total_s - turn.elapsed
    asked = any(root.block_kind == "close" for root in turn.state.roots.values())
    if turn.brief.plan.scene or asked or (turn.budget.limited and left < LAST_WORDS_S * turn.budget.factor):
        close(turn, "complete")
        return
    turn.enter("close", at)
    item = _unscored(turn, "closing")
    lead = f"{turn.words.say('acknowledgement', 'neutral')} {turn.words.say('last_words')}"
    ask(turn, item, block, lead_in=lead, why="A closing question, which is not scored.", scored=False)


def close(turn: Turn, reason: log.EndReason, slot: str = "close") -> None:
    """Says goodbye and ends the session."""
    at, block = turn.brief.blocks("close")[0]
    turn.enter("close", at)
    if reason in ("complete", "time"):
        turn.floor = block.persona
    turn.speak("close", turn.words.say(slot))
    turn.add(log.Ended(reason=reason))
