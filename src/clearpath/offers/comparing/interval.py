"""How sure a share is: the interval of Wilson, which does not trust small numbers."""

from math import sqrt

Z = 1.959963984540054  # 95 % of a normal distribution


def interval(hits: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share. Source: Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212."""
    if of == 0:
        return 0.0, 1.0
    share, z2 = hits / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)
