from greenroom.interviews.plan import build
from greenroom.interviews.replay import Root, State
from greenroom.interviews.ribbon import draw, draw_plan
from greenroom.interviews.schemas import InterviewCreate, Plan
from greenroom.library import catalog

BACKEND = InterviewCreate(role="backend", minutes=30, panel=3, seed=3)


def root_of(plan: Plan, block: int) -> Root:
    planned = plan.blocks[block]
    return Root(
        id=f"q{block}", persona=planned.persona, block=block, block_kind=planned.kind, text="", item_id=None,
        item_hash=None, competency=planned.competency, scored=True, difficulty=0, discrimination=1, why="", asked_s=0,
    )  # fmt: skip


def test_a_question_asked_before_its_turn_stands_and_counts_first() -> None:
    plan = build(BACKEND, catalog.load(), seed=3)
    core = [index for index, block in enumerate(plan.blocks) if block.kind == "core"]
    first = core[2]
    state = State(roots={"q1": root_of(plan, first)}, block=first)
    told = [question for question in draw(plan, state, [], now_s=0) if question.number]
    assert [question.number for question in told] == [1, 2, 3, 4, 5]
    order = [first, *(index for index in core if index != first)]
    assert [question.label for question in told] == [plan.blocks[index].title for index in order]


def test_the_ribbon_of_a_plan_numbers_its_questions_in_order() -> None:
    plan = build(BACKEND, catalog.load(), seed=3)
    numbers = [question.number for question in draw_plan(plan) if question.number]
    assert numbers == list(range(1, 6))
