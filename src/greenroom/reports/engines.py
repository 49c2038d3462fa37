"""What models did in a session and where the built-in went on instead. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from greenroom.engines.schemas import Costs
from greenroom.interviews import log

REASONS = {
    "timeout": "no answer in time",
    "budget": "the budget was spent",
    "refused": "it refused",
    "invalid_output": "not in the schema that was asked for",
    "empty": "nothing was said",
    "too_long": "too long",
    "markup": "markup or links in it",
    "out_of_role": "words that a panel does not say",
    "recital": "our own instructions in it",
    "other_question": "another question than was decided",
    "credentials": "the key was refused",
    "rate_limited": "too many requests",
    "quota": "no credit left",
    "unavailable": "the vendor had a fault",
    "network": "the vendor could not be reached",
    "nothing_proposed": "nothing was proposed",
    "not_offered": "not on the list",
    "quote_not_found": "its quote is not in the answer",
    "quote_too_long": "its quote is too long",
    "quote_unfit": "its quote is nothing a panel says",
    "quote_taken": "those words were taken up before",
}
"""Why the bank's line stood, by the note in the log."""


def note_models(timeline: Sequence[tuple[log.Entry, float]], costs: Costs | None) -> list[str]:
    """Sentences for the report: what models worded, where the bank's line stood, and a budget that ran out."""
    payloads = [entry.payload for entry, _ in timeline]
    worded = Counter(p.engine for p in payloads if isinstance(p, log.WordingReplaced))
    kept = [p.detail for p in payloads if isinstance(p, log.Noticed) and p.notice == "wording_kept"]
    notes = [
        f"{engine} chose the words of {_times(count, 'question')}; what was asked was decided without it."
        for engine, count in sorted(worded.items())
    ]
    if kept:
        notes.append(
            f"A model was to choose the words of {_times(len(kept), 'more question' if worded else 'question')} and "
            f"the bank's line stood: {_count(kept)}."
        )
    notes += _note_proposals(payloads)
    if costs and costs.budget_spent:
        notes.append("What models may cost in a session was spent: the built-in went on.")
    return notes


def _note_proposals(payloads: Sequence[log.AnyPayload]) -> list[str]:
    """What became of proposals for follow-ups."""
    proposed = Counter(p.engine for p in payloads if isinstance(p, log.FollowUpProposed))
    taken = sum(isinstance(p, log.FollowUpChanged) for p in payloads)
    failed = [p.detail for p in payloads if isinstance(p, log.Noticed) and p.notice == "proposal_failed"]
    declined = [p.detail for p in payloads if isinstance(p, log.Noticed) and p.notice == "proposal_declined"]
    notes: list[str] = []
    if proposed:
        left = f"; the others were left aside: {_count(declined)}" if declined else ""
        notes.append(
            f"{', '.join(sorted(proposed))} proposed what {_times(proposed.total(), 'follow-up')} should take up. "
            f"{_times(taken, 'proposal')} fitted the list, the limits and the answer and {'was' if taken == 1 else 'were'} "
            f"asked{left}."
        )
    if failed:
        notes.append(
            f"A model was to propose {_times(len(failed), 'follow-up')} and gave none that could be used: "
            f"{_count(failed)}. The bank's was asked."
        )
    return notes


def _times(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _count(reasons: Iterable[str]) -> str:
    """'no answer in time (2), it refused (1)'."""
    counted = Counter(REASONS.get(reason, reason.replace("_", " ")) for reason in reasons)
    return ", ".join(f"{reason} ({count})" for reason, count in counted.most_common())
