"""Languages of the pages: Babel catalogues, and a pseudo-language that makes untranslated sentences visible."""

import re
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations as Catalogue

PSEUDO = "en-XA"
_ACCENTS = str.maketrans("aeiouAEIOUcnyCNY", "áéíóúÁÉÍÓÚçñýÇÑÝ")
_PLACEHOLDER = re.compile(r"(%\([a-zA-Z_]+\)[sd]|%%|<[^>]+>|&[a-z]+;|\{[^}]*\})")


def accent(message: str) -> str:
    """The message in the pseudo-language: accented, in brackets, with placeholders and tags left alone."""
    parts = _PLACEHOLDER.split(message)
    return "⟦" + "".join(p if _PLACEHOLDER.fullmatch(p) else p.translate(_ACCENTS) for p in parts) + "⟧"


class Translations:
    """gettext and ngettext of one language; English is the language of the source."""

    def __init__(self, language: str, folder: Path) -> None:
        self.language = language
        self._catalogue: NullTranslations = (
            Catalogue.load(folder, [language]) if language != PSEUDO else NullTranslations()
        )

    def gettext(self, message: str) -> str:
        """The message in this language."""
        return accent(message) if self.language == PSEUDO else self._catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The message in this language, in the number's form."""
        if self.language == PSEUDO:
            return accent(singular if count == 1 else plural)
        return self._catalogue.ngettext(singular, plural, count)
