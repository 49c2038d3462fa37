"""A presentation inside a session: it comes in as many parts as the candidate likes, until they say that they are done."""

import re
from typing import Final

from greenroom.interviews.replay import Root
from greenroom.interviews.turn import Turn

DONE: Final = re.compile(
    r"(so |ok(ay)? |well )?(that('?s| is| was) (it|all|everything|the end|my (talk|presentation|part|pitch))"
    r"|i('?m| am) (done|finished|at the end)|the end|done|finished|end of (my )?(talk|presentation)"
    r"|(that concludes|this concludes|here ends) (my|the) (talk|presentation)"
    r"|i have nothing (to add|more to say)|no(thing)? more from me)"
    r"( (from|on) my side| now| for now| so far)?( thank(s| you)( all| very much| for (listening|your attention|your time))?)?"
    r"|thank(s| you)( all| very much)?( for (listening|your attention|your time|having me))?( (any )?questions)?"
)
"""How a message sounds that only says that the presentation is over."""


def is_open(turn: Turn) -> bool:
    """Whether the candidate has the floor to present: the open question is the talk, not a follow-up to it."""
    root = turn.state.root
    return root is not None and is_talk(turn, root) and not turn.current.is_follow_up


def is_talk(turn: Turn, root: Root) -> bool:
    """Whether a main question is the presentation."""
    blocks = turn.brief.plan.blocks
    return root.block < len(blocks) and blocks[root.block].talk


def says_done(turn: Turn) -> bool:
    """Whether the words, sent while presenting, only say that it is over."""
    words = " ".join(re.sub(r"[^\w' ]+", " ", turn.event.text.casefold().replace("’", "'")).split())
    return is_open(turn) and bool(DONE.fullmatch(words))


def listen(turn: Turn) -> None:
    """Takes a part of the presentation and leaves the floor where it is."""
    turn.about("notice", turn.words.say("talk_goes_on"), trigger="talk")
