"""How far long work is, as a bar on standard error: redrawn in place on a terminal, a line each tenth elsewhere."""

from collections.abc import Callable

WIDTH = 30


class Progress:
    """Called with the part of the work, how much of it is done, and of how much."""

    def __init__(self, tell: Callable[[str], object], is_terminal: bool) -> None:
        self.tell = tell
        self.is_terminal = is_terminal
        self.last = ("", -1)

    def __call__(self, part: str, done: int, of: int) -> None:
        share = min(100, 100 * done // of) if of else 100
        at = (part, share if self.is_terminal else share // 10)
        if at == self.last:
            return
        new_part = self.last[0] not in {"", part}
        self.last = at
        if not self.is_terminal:
            self.tell(f"{part}: {share} % ({done:,} of {of:,})\n")
            return
        bar = "#" * (WIDTH * share // 100)
        self.tell(("\n" if new_part else "") + f"\r{part:<10} [{bar:<{WIDTH}}] {share:>3} %  {done:,} of {of:,}")

    def end(self) -> None:
        """Leaves the line of the bar."""
        if self.is_terminal and self.last[0]:
            self.tell("\n")
