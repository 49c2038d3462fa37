"""Two whole bank items written for tests, and answers to them at known levels."""

from greenroom.answers.schemas import AnswerTurn
from greenroom.library.schemas import Item

RESCUE = Item.model_validate(
    {
        "id": "beh.rescue.001",
        "type": "behavioral",
        "roles": ["*"],
        "levels": ["mid"],
        "competency": "planning",
        "difficulty": 0.0,
        "discrimination": 0.8,
        "duration_s": {"target": 120, "min": 45, "max": 210},
        "prompt": "Describe a delivery that was about to be late. What did you do?",
        "variants": {
            "simple": "When was something nearly late?",
            "deeper": "What did you give up to save it?",
        },
        "clarify": {"scope": "Any promise with a date is fine."},
        "structure": "star",
        "key_points": [
            {
                "id": "risk",
                "text": "Says what was promised and what put it at risk",
                "weight": 2,
                "cues": ["was late", "broke down", "promised for", "behind schedule"],
            },
            {
                "id": "own_step",
                "text": "Names the step taken to save the date",
                "weight": 3,
                "must": True,
                "cues": ["i called", "i split", "i moved", "i asked", "rerouted"],
            },
            {
                "id": "outcome",
                "text": "States whether the date was kept and what it cost",
                "weight": 3,
                "must": True,
                "cues": ["on time", "arrived on", "one day late", "kept the date"],
            },
            {
                "id": "habit",
                "text": "Names what changed in planning afterwards",
                "weight": 1,
                "cues": ["since then", "from then on", "now i", "buffer"],
            },
        ],
        "criteria": ["relevance", "structure", "specificity", "ownership", "result", "reflection"],
        "anchors": {
            1: "Speaks about deadlines in general, without a delivery.",
            3: "Names a delivery and a step, with a vague ending.",
            5: "Names the risk, the own step, the date kept with its cost, and a changed habit.",
        },
        "caps": [{"if": "no_result", "max": 3}, {"if": "hypothetical", "max": 2}],
        "followups": [{"when": "missing.result", "ask": "Did it arrive in time?"}],
        "drills": ["drill.result_line"],
    }
)
STRONG = (
    "Last March at a bakery supplier our van broke down with 340 kilos of flour promised "
    "for six in the morning. "
    "I called two other drivers, split the load into three cars and drove the largest share myself. "
    "All three shops had their flour on time, and it cost us 90 euros in fuel. "
    "Since then I keep a list of drivers who agreed to step in."
)
MIDDLE = (
    "Our van broke down with flour for a shop. I called another driver and he took most of it. "
    "It was a bit hectic, but it went all right."
)
WEAK = (
    "Deadlines are important to everybody, and you have to stay calm when things get difficult. "
    "Usually there is a way, and people know that they can count on good work from a good team."
)
STUFFED = (
    "Broke down, behind schedule, I called, I split, rerouted, on time, kept the date, since then, buffer, "
    "cost."
)

QUEUE = Item.model_validate(
    {
        "id": "tech.queue.001",
        "type": "technical",
        "roles": ["backend"],
        "levels": ["mid"],
        "competency": "role_knowledge",
        "difficulty": 0.0,
        "discrimination": 0.8,
        "duration_s": {"target": 120, "min": 45, "max": 210},
        "prompt": "Why would you put a message queue between a web request and slow work?",
        "variants": {
            "simple": "What is a message queue good for?",
            "deeper": "When does a queue make it worse?",
        },
        "clarify": {"scope": "Any queue product is fine."},
        "structure": "claim_evidence",
        "key_points": [
            {
                "id": "decouple",
                "text": "The request returns at once and a worker does the slow work later",
                "weight": 3,
                "must": True,
                "cues": ["returns immediately", "worker later", "in the background", "respond at once"],
            },
            {
                "id": "peaks",
                "text": "The queue absorbs bursts so that workers run at their own rate",
                "weight": 2,
                "cues": ["absorbs bursts", "peak load", "own pace", "smooths traffic"],
            },
            {
                "id": "retry",
                "text": "A failed message is delivered again, so the worker must be idempotent",
                "weight": 2,
                "cues": ["idempotent", "delivered again", "retry message", "delivered twice"],
            },
            {
                "id": "cost",
                "text": "The result is not available in the response and the queue must be monitored",
                "weight": 1,
                "cues": ["monitor queue", "eventual", "result not response", "queue length"],
            },
        ],
        "reference": (
            "The request only enqueues and returns immediately; a worker does the slow work later at its own "
            "pace, so bursts are absorbed. Messages can be delivered twice, so the worker must be idempotent."
        ),
        "misconceptions": [
            {
                "id": "faster",
                "text": "A queue makes the slow work itself run faster",
                "cues": ["work runs faster"],
            }
        ],
        "criteria": ["relevance", "accuracy", "depth", "reasoning", "clarity"],
        "anchors": {
            1: "Names queues without saying what they change.",
            3: "Says that work moves to the background.",
            5: "Explains decoupling, bursts, redelivery and the price.",
        },
        "caps": [{"if": "must_missing", "max": 3}, {"if": "misconception", "max": 3}],
        "followups": [{"when": "missing.retry", "ask": "What happens when the worker dies half way?"}],
        "drills": ["drill.tradeoff_sentence"],
    }
)
QUEUE_STRONG = (
    "The web request only writes a message and returns immediately, so the user does not wait, and a worker "
    "takes it later. The queue absorbs bursts because workers read at their own pace. Since a message can be "
    "delivered twice after a crash, the worker has to be idempotent. The price is that you must monitor the "
    "queue length."
)
QUEUE_MIDDLE = "The slow work is done in the background by a worker, so the page does not hang for the user."
QUEUE_WEAK = (
    "Queues are used in modern systems because they are professional and everybody uses them in the cloud."
)


def said(*texts: str, probed: bool = False) -> list[AnswerTurn]:
    """The texts as turns 1, 2, …; all but the first answer a probe when `probed`."""
    return [AnswerTurn(seq=n, text=text, probed=probed and n > 1) for n, text in enumerate(texts, 1)]
