"""What a session is likely to cost, before it begins."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from greenroom.engines.schemas import Estimate, EstimateLine
from greenroom.providers import catalog, prices
from greenroom.providers.llm.base import Purpose, Usage
from greenroom.providers.llm.engine import Engine

MILLION = 1_000_000


@dataclass(frozen=True)
class Load:
    """Calls for each question and each follow-up of a session, and the tokens of one call.

    Tokens are those of our own prompts and schema around an answer of 150 words, at four characters a token; a test holds them
    against the prompts.
    """

    per_question: int
    per_follow_up: int
    input_tokens: int
    output_tokens: int


# A description of 120 words, read once when the interview is created.
READING = Usage(1_200, 350)
# The interviewer is asked twice for each answer: what to take up, and the words. Three samples judge each question.
LOADS: dict[Purpose, Load] = {
    "interviewer": Load(2, 2, 850, 70),
    "evaluator": Load(3, 0, 1_200, 700),
}


def estimate(
    engines: Mapping[Purpose, Sequence[Engine]],
    agreed: Collection[str],
    *,
    questions: int,
    follow_ups: int,
    budget_usd: float,
    descriptions: int = 0,
) -> Estimate:
    """The likely cost of a session with these numbers of questions and follow-ups, and of own descriptions to read.

    The first engine of each purpose counts whose recipient the person agreed to; fall-backs are asked only when it
    fails. What is asked for one by one (coaching, research) is not in it.
    """
    lines: list[EstimateLine] = []
    for purpose, load in LOADS.items():
        usable = [
            e for e in engines.get(purpose, ()) if catalog.is_local(e) or catalog.recipient_of(e) in agreed
        ]
        if not usable:
            continue
        calls = load.per_question * questions + load.per_follow_up * follow_ups
        readings = descriptions if purpose == "interviewer" else 0
        spent = Usage(
            calls * load.input_tokens + readings * (READING.input_tokens or 0),
            calls * load.output_tokens + readings * (READING.output_tokens or 0),
        )
        price = catalog.price_of_engine(usable[0])
        cost = price.of(spent) if price else None
        lines.append(
            EstimateLine(
                purpose=purpose, engine=usable[0].name, calls=calls + readings, input_tokens=spent.input_tokens or 0,
                output_tokens=spent.output_tokens or 0, usd=None if cost is None else cost / MILLION,
            )
        )  # fmt: skip
    return Estimate(
        lines=lines, usd=sum(line.usd or 0 for line in lines), unknown=sum(line.usd is None for line in lines),
        budget_usd=budget_usd, prices_as_of=prices.load().as_of.isoformat(),
    )  # fmt: skip
