"""What is read of an implant's label, and what is said when it cannot be."""

from datetime import date

import pytest

from clearpath.core.outcomes import Refused
from clearpath.records.udi import Identification, has_right_check_digit, read_label

TODAY = date(2026, 6, 1)
WHOLE = Identification("gs1", "09506000134352", "LOT7", "S19", "2024-02-29", "2031-09-30")


@pytest.mark.parametrize(
    "text",
    [
        "(01)09506000134352(11)240229(17)310930(10)LOT7(21)S19",
        " (01) 09506000134352 (21)S19 (10)LOT7 (17)310930 (11)240229 ",
        "0109506000134352112402291731093010LOT7\x1d21S19",
        "]d20109506000134352112402291731093010LOT7\x1d21S19",
        "(01)09506000134352(11)240200(17)310900(10)LOT7(21)S19",  # day 00: the last of the month
        "(01)09506000134352(11)240229(17)310930(10)LOT7(21)S19(240)X-7",
    ],
)
def test_a_gs1_label_is_taken_apart_with_and_without_brackets(text):
    assert read_label(text, today=TODAY) == WHOLE


def test_a_label_may_say_less():
    assert read_label("(01)09506000134352", today=TODAY) == Identification("gs1", "09506000134352")


@pytest.mark.parametrize(
    ("text", "agency"), [("+A123BJC5D6E71G", "hibcc"), ("=/A9999XYZ100T0944", "iccbba"), ("&,1A", "iccbba")]
)
def test_labels_of_other_agencies_are_kept_as_they_are(text, agency):
    assert read_label(text, today=TODAY) == Identification(agency)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(01)09506000134353", "udi_check_digit"),
        ("(01)0950600013435", "udi_check_digit"),
        ("(01)0950600013435\u0662", "udi_check_digit"),
        ("(10)LOT7(17)310930", "udi_unreadable"),
        ("Knee, size 4", "udi_unreadable"),
        ("", "udi_unreadable"),
        ("(01)09506000134352(17)311330", "udi_day"),
        ("(01)09506000134352(17)31093", "udi_day"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(text, code):
    with pytest.raises(Refused, match=code):
        read_label(text, today=TODAY)


@pytest.mark.parametrize(
    ("digits", "day"), [("760601", "2076-06-01"), ("770601", "1977-06-01"), ("990101", "1999-01-01")]
)
def test_two_digits_of_a_year_are_of_the_nearest_century(digits, day):
    assert read_label(f"(01)09506000134352(11){digits}", today=TODAY).made_on == day


def test_one_wrong_digit_never_fits():
    right = "09506000134352"
    for place, digit in enumerate(right):
        wrong = f"{right[:place]}{(int(digit) + 1) % 10}{right[place + 1 :]}"
        assert not has_right_check_digit(wrong)
    assert has_right_check_digit(right)
