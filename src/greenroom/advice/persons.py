"""Sentences that judge a person instead of telling what was said; they are not shown, whoever wrote them. Pure.

Emotion, character, honesty and suitability cannot be read from words, so no sentence of ours claims them.
"""

import re

_PERSON = re.compile(
    r"\b(?:nervous(?:ness)?|anxious|anxiety|arrogan(?:t|ce)|confiden(?:t|ce)|insecur(?:e|ity)|hones(?:t|ty)|dishonest\w*|"
    r"lying|liar|lied|trustworth\w*|sincer(?:e|ity)|personalit(?:y|ies)|charisma\w*|likea?ble|introvert\w*|extrovert\w*|"
    r"emotion\w*|angry|anger|sad|happy|enthusias\w*|passionate|motivat(?:ed|ion)|intelligen(?:t|ce)|smart|stupid|lazy|"
    r"employab\w*|hir(?:e|ed|ing|eable)|reject(?:ed|ion)?|suitab\w*|unsuitab\w*|qualified|unqualified|"
    r"(?:strong|weak|good|bad|great|poor|ideal|perfect|right|wrong) (?:candidate|fit|hire|person|match|employee)|"
    r"age|gender|race|ethnic\w*|accent|native speaker|foreign\w*|religio\w*|disab\w*|pregnan\w*)\b",
    re.IGNORECASE,
)


def speaks_of_person(text: str) -> bool:
    """Whether the text claims something about who somebody is or feels."""
    return bool(_PERSON.search(text))
