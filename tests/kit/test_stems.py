"""Stems are the same however many threads ask for them."""

import sys
from concurrent.futures import ThreadPoolExecutor

import snowballstemmer

from greenroom.kit.stems import stem_english
from greenroom.library.catalog import load


def test_stems_asked_for_by_many_threads_at_once_are_those_of_one() -> None:
    words = sorted({w for item in load().items.values() for w in item.prompt.lower().split()})[:1500]
    alone = [snowballstemmer.stemmer("english").stemWord(word) for word in words]
    pace = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda start: [stem_english(w) for w in words[start:]], range(8)))
    finally:
        sys.setswitchinterval(pace)
    assert [stems == alone[start:] for start, stems in enumerate(found)] == [True] * 8
