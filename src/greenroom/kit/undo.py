"""How long a deletion can be undone, everywhere alike."""

from datetime import timedelta
from typing import Final

UNDO_WINDOW: Final = timedelta(seconds=10)
