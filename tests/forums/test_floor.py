from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clearpath.forums.floor import HEIGHT, WIDTH, Room, floor_of

A, B = UUID(int=1), UUID(int=2)


@given(st.integers(1, 60), st.integers(1, 20))
def test_every_table_stands_once_within_the_picture_and_on_no_other(many, few):
    floor = floor_of([Room(A, "", many), Room(B, "Annex", few)], says={})

    assert len(floor.spots) == many + few
    assert all(spot.x + WIDTH <= floor.width and spot.y + HEIGHT <= floor.height for spot in floor.spots)
    assert all(
        abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT for one, other in combinations(floor.spots, 2)
    )


def test_a_table_says_what_it_is_told_and_whose_it_is():
    floor = floor_of([Room(A, "", 2), Room(B, "", 2)], says={(B, 1): ("10:20",)}, mine=frozenset({(B, 1)}))

    assert [(spot.lines, spot.is_mine) for spot in floor.spots] == [
        ((), False),
        ((), False),
        (("10:20",), True),
        ((), False),
    ]
