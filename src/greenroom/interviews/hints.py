"""What an answer has so far: its parts, heard or not. Never what to say."""

from typing import Final

from greenroom.interviews.brief import Brief
from greenroom.interviews.replay import Root
from greenroom.interviews.schemas import EvidenceMark

STORY: Final = ("situation", "action", "result")
_STATES: Final[dict[str, EvidenceMark]] = {"met": "met", "partial": "part", "missing": "miss"}
_LABELS: Final[dict[str, tuple[str, ...]]] = {
    "claim_evidence": ("Claim", "Evidence"),
    "tradeoff": ("Claim", "Reason", "What it costs"),
    "steps": ("First step", "Next steps", "How you would check it"),
}


def marks(brief: Brief, root: Root) -> list[tuple[str, EvidenceMark]]:
    """Parts of the answer with met / part / miss: of the story for experience questions, else a count of the
    points listened for, so that a hint never gives the content away. Empty for questions without parts."""
    item = brief.item(root.item_id)
    if item is None or not root.scored:
        return []
    seen = root.observation
    if item.structure == "star":
        heard = {p.part for p in seen.parts} if seen else set[str]()
        measured = bool(seen and seen.measures)
        parts: list[tuple[str, EvidenceMark]] = [
            (part.capitalize(), "met" if part in heard else "miss") for part in STORY
        ]
        parts.append(("A number or a fact that shows it", "met" if measured else "miss"))
        return parts
    states: list[EvidenceMark] = [_STATES[p.state] for p in seen.points] if seen else []
    labels = _LABELS.get(item.structure, ())
    if not seen:
        labels = labels or (f"{len(item.key_points)} points",)
        return [_mark(label, "miss") for label in labels]
    return [_mark(f"Point {n}", state) for n, state in enumerate(states, start=1)]


def _mark(label: str, state: EvidenceMark) -> tuple[str, EvidenceMark]:
    return label, state
