"""Files made to hurt whoever reads them: each gets a clear answer, at a cost not far from an honest file's."""

import random
import time
from collections.abc import Callable

import pytest

from clearpath.charter.document import CharterError, Mistake, default_source, read

BILLION_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]\n" for before, one in zip("abcdefgh", "bcdefghi", strict=True)
)
MANY_STEPS = "subjects: {a: {steps: {" + ", ".join(f"k.k{n}: {{by: z}}" for n in range(9_000)) + "}}}"
MANY_PAIRS = (
    "every_subject: {" + ", ".join(f"k.k{n}: {{by: z}}" for n in range(4_000)) + "}\n"
    "subjects: {" + ", ".join(f"k{n}: {{}}" for n in range(7_000)) + "}"
)
HOSTILE = {
    "ten megabytes": (b"a: " + b"x" * 10_000_000, "CP902"),
    "ten megabytes of brackets": ("[" * 10_000_000, "CP902"),
    "deep lists": ("[" * 100_000, "CP903"),
    "deep maps": ("{a: " * 60_000, "CP903"),
    "deep blocks": ("- " * 100_000, "CP903"),
    "deep keys": ("? " * 100_000, "CP903"),
    "billion laughs": (BILLION_LAUGHS, "CP904"),
    "python object": ("a: !!python/object/apply:os.system [ls]", "CP904"),
    "two documents": ("a: 1\n---\nb: 2\n", "CP904"),
    "nul": ("a: \0", "CP905"),
    "escaped override": (r'a: "\u202e"', "CP905"),
    "lone surrogate": ("a: \ud800", "CP905"),
    "UTF-16": (default_source().encode("utf-16"), "CP901"),
    "Latin-1": ("charter: caf\u00e9".encode("latin-1"), "CP901"),
    "no end of quote": ('"' + "a" * 250_000, "CP906"),
    "nothing": ("", "CP923"),
    "only a comment": ("# nothing\n", "CP923"),
    "a list": ("[1, 2]", "CP910"),
    "a word": ("charter", "CP910"),
    "thousands of keys": ("{" + ",".join(f"k{n}: 1" for n in range(25_000)) + "}", "CP908"),
    "thousands of steps": (MANY_STEPS, "CP911"),
    "thousands of pairs": (MANY_PAIRS, "CP902"),
    "a map as key": ("{a: 1}: b", "CP910"),
    "merge key": ("<<: {a: 1}", "CP908"),
}


def spent(act: Callable[[], object]) -> float:
    """Processor seconds of one call: other work on the machine does not count."""
    start = time.process_time()
    act()
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_costs_little_more_than_an_honest_one_and_gets_a_clear_error(name: str):
    source, code = HOSTILE[name]
    honest = spent(lambda: read(default_source()))

    def read_hostile() -> None:
        with pytest.raises(CharterError) as raised:
            read(source)
        mistakes.extend(raised.value.mistakes)

    mistakes: list[Mistake] = []
    assert spent(read_hostile) < 100 * honest
    assert code in {mistake.code for mistake in mistakes}
    assert all(mistake.says and mistake.remedy and mistake.line >= 1 for mistake in mistakes)
    assert max(len(str(mistake)) for mistake in mistakes) < 600


DAMAGE = ["", "{", "]", ":", "\n", ", ", "not ", "every", "0", '"', "- ", "null"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_randomly_damaged_charter_is_read_or_refused_but_never_crashes(seed: int):
    chance = random.Random(seed)
    text = default_source()
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(text))
        text = text[:start] + chance.choice(DAMAGE) + text[start + chance.randint(0, 40) :]

    mistakes: tuple[Mistake, ...] = ()
    charter = None
    try:
        charter = read(text)
    except CharterError as error:
        mistakes = error.mistakes

    assert bool(mistakes) != bool(charter)
