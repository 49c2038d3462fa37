import pytest

from greenroom.answers.language import detect_language
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import locate, read_turns, split_clauses, split_sentences, split_words
from greenroom.answers.validity import is_code_only


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("It’s DONE", "Well, it's  done.", "it's  done"),
        ("“two” weeks", 'after "two"\nweeks', '"two"\nweeks'),
        ("fine", "ﬁne", "ﬁne"),
        ("index", "the in\u200bdex", "in\u200bdex"),
        ("absent", "nothing here", None),
        ("", "nothing here", None),
    ],
)
def test_a_quote_is_located_after_folding(quote, text, found):
    place = locate(quote, text)
    assert (text[slice(*place)] if place else None) == found


def test_contractions_give_their_words_at_one_place():
    words = split_words("I hadn't asked, it's late")
    assert [w.word for w in words] == ["i", "had", "not", "asked", "it", "is", "late"]
    assert words[1].start == words[2].start == 2


def test_sentences_keep_their_place_around_abbreviations_and_decimals():
    text = "We cut it by 3.5 hours, e.g. in the depot. Then it held! Really?"
    found = read_turns([AnswerTurn(seq=4, text=text)])
    assert [s.text for s in found] == [
        "We cut it by 3.5 hours, e.g. in the depot.",
        "Then it held!",
        "Really?",
    ]
    assert all(text[s.start : s.end] == s.text and s.turn == 4 for s in found)


def test_speech_without_punctuation_is_cut_into_pieces():
    spoken = "so the van broke down and i called my colleague from the other depot " * 5
    assert all(len(s.tokens) <= 20 for s in read_turns([AnswerTurn(seq=1, text=spoken)]))


def test_clauses_cut_at_commas_and_joining_words():
    (sentence,) = read_turns(
        [AnswerTurn(seq=1, text="The van broke down, so I called two drivers and they came.")]
    )
    assert [c.text for c in split_clauses(sentence)] == [
        "The van broke down",
        "so I called two drivers",
        "and they came.",
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We had to move the whole team because it was late.", "en"),
        ("Yo tenía que hablar con el cliente porque no estaba contento", "es"),
        ("Nous avons dû parler avec le client parce qu'il n'était pas content", "fr"),
        ("Ich musste mit dem Kunden sprechen, weil er nicht zufrieden war", "de"),
        ("Eu tive que falar com o cliente porque ele não estava feliz", "pt"),
        ("Ho dovuto parlare con il cliente perché non era contento", "it"),
        ("Ik moest met de klant praten omdat hij niet blij was", "nl"),
        ("Я должен был поговорить с клиентом", "ru"),
        ("顧客と話さなければなりませんでした", "ja"),
        ("index", None),
        ("B-tree, hash, GIN", None),
    ],
)
def test_language_is_told_from_little_text_and_left_open_from_too_little(text, language):
    assert detect_language(text) == language


def test_a_contraction_or_the_word_i_ends_a_sentence_like_any_other_word() -> None:
    for text in (
        "That number isn't. I model the radius.",
        "He is taller than I. We measured.",
        "They can't. So I went.",
    ):
        assert len(split_sentences(AnswerTurn(seq=1, text=text))) == 2
    assert len(split_sentences(AnswerTurn(seq=1, text="It was approved by J. Smith in May."))) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT name, total FROM orders WHERE total > 100 ORDER BY total DESC;", True),
        ("def add(a, b): return a + b", True),
        ("class Stack:\n    items = []", True),
        ("class sizes: thirty pupils in a room, and I split them into four groups.", False),
        ("Select a few people from the list and call them first.", False),
        ("Update the team and set a date, that is what I would do.", False),
        (
            "<p>I asked the two nurses what they needed.</p>\n<p>Then we changed the order of the rounds.</p>",
            False,
        ),
        (
            "<div><p>We moved the deadline because the supplier was late, and I told the client.</p></div>",
            False,
        ),
    ],
)
def test_short_code_is_code_and_pasted_prose_is_not(text: str, code: bool) -> None:
    assert is_code_only(text) == code
