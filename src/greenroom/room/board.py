"""The words a model is writing just now, for the streams of this process. A stream elsewhere gets the final words."""

import asyncio
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID

from greenroom.room.protocol import WordsView


class Reader:
    """One stream. `latest` is what it has not sent yet."""

    def __init__(self) -> None:
        self.latest: WordsView | None = None
        self.news = asyncio.Event()

    async def wait(self, seconds: float) -> WordsView | None:
        """The newest words, or None when there were none for `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self.news.wait()
        except TimeoutError:
            return None
        self.news.clear()
        latest, self.latest = self.latest, None
        return latest


class Board:
    """Who watches which session."""

    def __init__(self) -> None:
        self._readers: dict[UUID, set[Reader]] = defaultdict(set)

    @contextmanager
    def reading(self, session_id: UUID) -> Generator[Reader]:
        """A reader of the session's words until the block ends."""
        reader = Reader()
        self._readers[session_id].add(reader)
        try:
            yield reader
        finally:
            self._readers[session_id].discard(reader)
            if not self._readers[session_id]:
                del self._readers[session_id]

    def write(self, session_id: UUID, words: WordsView) -> None:
        """Show words to everyone who watches."""
        for reader in self._readers.get(session_id, ()):
            reader.latest = words
            reader.news.set()
