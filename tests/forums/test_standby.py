from hypothesis import given
from hypothesis import strategies as st

from clearpath.forums.standby import stand_in

EVERYBODY = set(range(8))
PAIRS = st.lists(
    st.lists(st.sampled_from(sorted(EVERYBODY)), min_size=2, max_size=2, unique=True).map(tuple), max_size=8
)
SOME = st.sets(st.sampled_from(sorted(EVERYBODY)))


def waiting(pairs):
    return [(number, *pair) for number, pair in enumerate(pairs)]


def test_the_oldest_wish_of_two_who_are_free_comes_first():
    assert stand_in(waiting([(1, 2), (3, 4)]), busy=(), here=EVERYBODY, waits=()) == 0
    assert stand_in(waiting([(1, 2), (3, 4)]), busy=[2], here=EVERYBODY, waits=()) == 1


def test_who_sits_alone_comes_before_an_older_wish():
    assert stand_in(waiting([(1, 2), (3, 4)]), busy=(), here=EVERYBODY, waits=[4]) == 1


def test_who_is_not_here_is_not_called():
    assert stand_in(waiting([(1, 2)]), busy=(), here={1}, waits=()) is None


@given(PAIRS, SOME, SOME, SOME)
def test_whoever_is_called_is_here_and_free(pairs, busy, here, waits):
    chosen = stand_in(waiting(pairs), busy=busy, here=here, waits=waits)

    able = [number for number, pair in enumerate(pairs) if set(pair) <= here - busy]
    assert (chosen in able) if able else chosen is None
