"""How far long work is, as a bar on standard error: redrawn in place on a terminal, a line now and then elsewhere."""

from collections.abc import Callable

WIDTH = 30
LINE_EACH = 10_000  # where nobody knows of how much


class Progress:
    """Called with the part of the work, how much of it is done, and of how much; 0 where that is not known."""

    def __init__(self, tell: Callable[[str], object], is_terminal: bool) -> None:
        self.tell = tell
        self.is_terminal = is_terminal
        self.last = ("", -1)

    def __call__(self, part: str, done: int, of: int) -> None:
        share = min(100, 100 * done // of) if of else 0
        coarse = share // 10 if of else done // LINE_EACH
        at = (part, (share or done) if self.is_terminal else coarse)
        if at == self.last:
            return
        new_part = self.last[0] not in {"", part}
        self.last = at
        if self.is_terminal:
            self.tell(("\n" if new_part else "") + f"\r{part:<10} {_bar(share, done, of)}")
        else:
            self.tell(f"{part}: {share} % ({done:,} of {of:,})\n" if of else f"{part}: {done:,}\n")

    def end(self) -> None:
        """Leaves the line of the bar."""
        if self.is_terminal and self.last[0]:
            self.tell("\n")


def _bar(share: int, done: int, of: int) -> str:
    if not of:
        return f"{done:,} rows"
    return f"[{'#' * (WIDTH * share // 100):<{WIDTH}}] {share:>3} %  {done:,} of {of:,}"
