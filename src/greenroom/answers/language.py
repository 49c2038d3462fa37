"""Which language an answer is in, from writing system and function words, offline and deterministic.

Function words make 40-50% of running text in the European languages below and hardly overlap between
English and the others, so a dozen words decide; fewer than `MIN_WORDS` words decide nothing.
"""

import unicodedata
from collections import Counter
from functools import lru_cache

from greenroom.answers.text import fold

MIN_WORDS = 4
_DIFFERENT = 2  # one foreign word said again, as "IO" in a table, is no language
MIN_HITS = 3.0  # distinct-weighted function words that must speak for a language
MIN_SHARE = 0.14  # of all words
_MARGIN = 1.35  # times the runner-up

_PROFILES = {
    "en": """the of and to a in is it that for was with as you on are be this have i my we from not
    they at had but
        by or when she he his her what which there so can would will their our if were been about
        who them your
        do did has because then how could should me us all some after before than only also just
        more no into out
        up it's i'm don't didn't""",
    "es": """el la los las de que y en un una por con no para es lo como pero sus su al del se le ya
    o este esta
        fue porque muy cuando yo mi me nos hay sin sobre también tambien todo todos desde estaba
        tenía tenia era
        más mas hacer entre después despues donde eso ese esa cliente trabajo siempre equipo ser ha
        he han había prefiero español entiendo puede repetir pregunta creo hablo inglés mi favor anterior durante""",
    "fr": """le la les de des du un une et est en que qui dans pour pas sur avec ce il elle je nous
    vous ne plus au
        aux par mais ou son sa ses leur était etait été ete être etre avait ont sont cette mon ma
        mes j'ai c'est
        très tres comme alors donc parce quand fait tout aussi même d'un d'une l'équipe qu'il n'est si y comprends sais dit comment ça désolé puis pouvez français francais parle préfère anglais""",
    "de": """der die das und ist ich nicht ein eine einen einem zu in den dem mit von für fuer auf
    es sich wir sie
        hat habe haben war waren wurde möchte moechte deutsch lieber kann verstehe entschuldigung frage bitte können koennen verstehe auch als aber wie bei nach dass daß noch nur oder so wenn
        dann weil sehr
        über ueber mein meine unser unsere ihr ihm aus am im zum zur werden sind kann um er""",
    "pt": """o a os as de que e em um uma por com não nao para é do da dos das no na nos nas se ao
    mais como mas
        prefiro português portugues falo pode responder entendo repetir pergunta minha anterior foi eu meu minha ele ela nós isso este esta muito quando porque também tambem até ate sem
        sobre seu sua
        são sao estava tinha ser ter já fazer depois todos tudo então entao pelo pela havia você voce""",
    "it": """il lo la i gli le di che e in un una per con non è sono del della dei delle nel nella
    al alla ho ha
        abbiamo hanno mi ci si più piu come ma anche perché perche quando questo questa era stato
        stata molto
        io noi loro suo sua mio mia dal dalla sul sulla ed se quindi capisco può ripetere domanda italiano posso preferisco inglese poi tutti fatto essere cosa dopo""",
    "nl": """de het een en van ik is dat niet in op te zijn met voor die er aan om maar ook als bij
    nog uit naar
        heb heeft hebben was werd wij we ze hij zij mijn onze dit deze toen dan omdat wat kan door
        over zo heel
        geen moet worden waren veel""",
    "sv": """och i att det som en på är av för med jag den till inte har de om ett var men sig så vi
    från han hon
        kan när eller ska skulle mitt min vårt våra efter också bara där här hade varit mycket blev""",
    "da": """og i at det som en på er af for med jeg den til ikke har de om et var men sig så vi fra
    han hun kan
        når eller skal skulle mit min vores efter også kun der her havde været meget blev hvor hvad
        noget""",
    "pl": """i w na z do nie się sie że ze to jest o jak po ale za od przez był byl była byla być
    byc dla tak czy
        mnie mi moja mój moj jego jej ich który ktory która które oraz już juz tylko kiedy bardzo
        ponieważ co""",
    "ro": """și si de la în in a cu pe nu un o că ca este sunt din pentru mai am au fost care să sa
    se le lui ei
        dar după dupa prin când cand foarte acest această echipa eu noi meu mea iar ce""",
    "tr": """bir ve bu için icin ile çok cok da de ne ama gibi daha en o ben biz benim bizim olarak
    olan sonra
        kadar her ki var yok değil degil oldu olduğu yaptım ekip müşteri şey""",
    "fi": """ja on ei se että joka en hän oli mutta niin kun myös kuin ole tai sen olen minä me he
    olivat ovat
        minun meidän sitten jos vain koska tämä siitä asiakas""",
    "cs": """a se na je v že to s z do o i ale jako za by pro po jsem jsme byl byla bylo když jsou
    tak už který
        která jeho její mi můj protože velmi nebo ne není""",
    "id": """yang dan di ke dari untuk dengan ini itu pada saya kami kita tidak adalah dalam akan
    juga telah sudah
        karena atau oleh mereka ada bisa lebih saat ketika sangat kepada tim pelanggan""",
    "la": """et in est non ad cum sed qui quae quod ut sit amet dolor ipsum lorem consectetur
    adipiscing elit sed
        eiusmod tempor incididunt labore dolore magna aliqua enim minim veniam quis nostrud ullamco
        laboris nisi""",
}  # fmt: skip
_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "DEVANAGARI": "hi", "BENGALI": "bn",
    "TAMIL": "ta", "THAI": "th", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh",
    "ARMENIAN": "hy", "GEORGIAN": "ka",
}  # fmt: skip

_OWN_LETTERS = {
    "pl": frozenset("ąćęłńśźż"), "tr": frozenset("ğışçöü"), "cs": frozenset("ěřůčšž"), "ro": frozenset("ăâțșşţî"),
    "hu": frozenset("őűáéíöü"), "sv": frozenset("åäö"), "da": frozenset("åøæ"), "vi": frozenset("đơưạảấầậắặẻẽềểệịọốồổộớờợụủứừựỳ"),
}  # fmt: skip

_WEIGHTS: dict[str, dict[str, float]] = {}
_seen = Counter(word for profile in _PROFILES.values() for word in set(profile.split()))
for _language, _profile in _PROFILES.items():
    for _word in set(_profile.split()):
        _WEIGHTS.setdefault(_word, {})[_language] = 1 / _seen[_word]


@lru_cache(maxsize=256)
def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None when there is too little to tell.

    Mixed text gets the language of most of its words. Pseudo-Latin filler text is "la".
    """
    script = _foreign_script(text)
    if script:
        return script
    words = [word.strip('.,;:!?"()[]¿¡«»…-') for word in fold(text).split()]
    words = [word for word in words if any(char.isalpha() for char in word)]
    if len(words) < MIN_WORDS:
        return None
    scores = _score_profiles(words)
    if by_letters := _own_letters(words, dict(scores).get("en", 0.0)):
        return by_letters
    if not scores:
        return None
    (best, hits), (_, second) = [*scores[:2], ("", 0.0)][:2]
    english = dict(scores).get("en", 0.0)
    needed = 2.0 if not english else MIN_HITS  # without one English function word, two foreign ones will do
    if hits < needed * min(1, len(words) / 8) or hits / len(words) < MIN_SHARE or hits < second * _MARGIN:
        return None
    if sum(best in _WEIGHTS.get(word, {}) for word in set(words)) < _DIFFERENT:
        return None
    return best


def _own_letters(words: list[str], english: float) -> str | None:
    """The language whose own letters stand in a quarter of the words, where English has next to none of them."""
    if english > 0.1 * len(words):
        return None
    marked = Counter(
        language
        for word in words
        for language, letters in _OWN_LETTERS.items()
        if not letters.isdisjoint(word)
    )
    language, count = next(iter(marked.most_common(1)), ("", 0))
    return language if count >= max(2, 0.25 * len(words)) else None


def _score_profiles(words: list[str]) -> list[tuple[str, float]]:
    scores: dict[str, float] = {}
    for word in words:
        for language, weight in _WEIGHTS.get(word, {}).items():
            scores[language] = scores.get(language, 0.0) + weight
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))


def _foreign_script(text: str) -> str | None:
    if text.isascii():
        return None
    letters: Counter[str] = Counter()
    for char in text:
        if not char.isalpha():
            continue
        if char.isascii():
            letters["en"] += 1
            continue
        name = unicodedata.name(char, "")
        letters[_SCRIPTS.get(name.split(" ")[0].split("-")[0], "latin")] += 1
    total = sum(letters.values())
    if not total:
        return None
    if letters["ja"] and letters["ja"] + letters["zh"] > 0.4 * total:
        return "ja"
    for language, count in letters.most_common(2):
        if language not in ("en", "latin") and count > 0.4 * total:
            return language
    return None
