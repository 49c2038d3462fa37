"""Ways in which people lay out the positions of a résumé, and advertisements their requirements."""

import asyncio

import pytest

from greenroom.documents import reading, vocabulary
from greenroom.documents.errors import NotReadable
from greenroom.documents.job import parse_job
from greenroom.documents.resume import parse_resume
from greenroom.library import catalog

WORDS = vocabulary.load()
LAYOUTS = {
    "an employer with its dates above its positions": (
        "Experience\nHarborline Inc., Bellevue, WA   2013 – 2019\nPrincipal Engineer (2016 – 2019)\n• Led it\nEngineer II (2013 – 2016)",
        [("Principal Engineer", "Harborline Inc.", "2016", "2019"), ("Engineer II", "Harborline Inc.", "2013", "2016")],
    ),
    "an employer without dates above its positions": (
        "Experience\nMarlow & Pike Bank, London, UK\nVice President, Treasury   Jan 2020 – Present\n• Did\nAssociate, Treasury   Jul 2016 – Dec 2019\n• Did",
        [("Vice President, Treasury", "Marlow & Pike Bank", "2020-01", ""), ("Associate, Treasury", "Marlow & Pike Bank", "2016-07", "2019-12")],
    ),
    "a label before every line": (
        "Employment history\nPosition: Forklift Operator\nCompany: Harbour Cold Store Ltd\nPeriod: 04/2018 - 10/2022\nDuties: loading",
        [("Forklift Operator", "Harbour Cold Store Ltd", "2018-04", "2022-10")],
    ),
    "the employer in brackets": (
        "Work\nHotel Housekeeper (Grand Pier Hotel) 2019-present\nCleaner (Brightway Services) 2015-2019",
        [("Hotel Housekeeper", "Grand Pier Hotel", "2019", ""), ("Cleaner", "Brightway Services", "2015", "2019")],
    ),
    "an aside behind the dates": (
        "Work\n### Hotel Alderley\n*Chef de Partie, Jan 2020 to Apr 2022* (furloughed Mar-Aug 2020)",
        [("Chef de Partie", "Hotel Alderley", "2020-01", "2022-04")],
    ),
    "dates open to the right in the margin": (
        "Appointments\n2023–          Assistant Professor, Universiteit van Noordmeer\n2019–2023      Postdoc, Max Brandt Institute",
        [("Assistant Professor", "Universiteit van Noordmeer", "2023", ""), ("Postdoc", "Max Brandt Institute", "2019", "2023")],
    ),
    "dates in another language": (
        "Berufserfahrung\n03/2019 – heute   Elektroniker, Siebert Anlagenbau GmbH, Ulm\nOkt. 2015 – Feb. 2019   Auszubildender, Siebert Anlagenbau GmbH",
        [("Elektroniker", "Siebert Anlagenbau GmbH", "2019-03", ""), ("Auszubildender", "Siebert Anlagenbau GmbH", "2015-10", "2019-02")],
    ),
    "summers": (
        "Experience\nCedar Amusement Park\nRide Operator   Summers 2022, 2023\nLoon Lake Camp\nCounselor   Summer 2021",
        [("Ride Operator", "Cedar Amusement Park", "2022", "2023"), ("Counselor", "Loon Lake Camp", "2021", "2021")],
    ),
    "projects with dates inside a position": (
        "Experience\nCivil Engineer, Arden Group, 2017 – 2023\n• A14 bypass (2018–2020): designed 12 culverts\n• River scheme, 2021: flood model",
        [("Civil Engineer", "Arden Group", "2017", "2023")],
    ),
    "work for oneself after work for others": (
        "Experience\nWeb Developer, Studio Nove Ltd, 2012 – 2016\nFreelance Translator   2016 – present",
        [("Web Developer", "Studio Nove Ltd", "2012", "2016"), ("Freelance Translator", "", "2016", "")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_positions_are_read_in_the_layouts_people_use(layout: str) -> None:
    text, wanted = LAYOUTS[layout]
    found = [(p.title, p.employer, p.start, p.end) for p in parse_resume(text, WORDS).positions]
    assert found == wanted


REQUIREMENTS = {
    "ticks and other pictures before the lines": ("You have\n✔ two years of SQL\n➕ patience", ["two years of SQL", "patience"]),
    "an enumeration in a sentence": ("You'll need a degree in law, the right to work here and a driving licence.", ["a degree in law", "the right to work here", "a driving licence"]),
    "a wish inside of a must": ("Requirements\n- Two years in care, ideally in a hospital", ["Two years in care, ideally in a hospital"]),
    "a label and a list on one line": ("Required: RN licence, BLS, ACLS", ["RN licence", "BLS", "ACLS"]),
    "lines without bullets and an end": ("What we'd like:\nGood with numbers\nFlexible about hours\nSend a CV to jobs@example.org", ["Good with numbers", "Flexible about hours"]),
}  # fmt: skip


@pytest.mark.parametrize("form", REQUIREMENTS)
def test_requirements_are_read_in_the_forms_people_use(form: str) -> None:
    text, wanted = REQUIREMENTS[form]
    facts = parse_job(f"Shop Assistant\nDuskfield Outdoor Ltd\n\n{text}", WORDS, catalog.load())
    assert [requirement.text for requirement in facts.must_haves] == wanted


def test_an_error_of_ours_is_not_blamed_on_the_file() -> None:
    with pytest.raises(NotReadable) as caught:
        asyncio.run(reading.read_document(b"A letter of some length.", "cv.txt", "no such purpose"))  # type: ignore[arg-type]
    assert caught.value.extra["reason"] == "our-side"
    assert "on our side" in caught.value.detail
