"""What is typed wrongly ends with 2, what is answered by no with 1."""

import pytest

from clearpath.config import manage


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["frobnicate"], 2),
        (["offer", "compare"], 2),
        (["offers"], 2),
        (["audit", "verify", "--nonsense"], 2),
        (["agreements", "check-fee", "--destination", "DE", "--payer", "provider", "--payee", "facilitator",
          "--type", "brokerage"], 1),
    ],
)  # fmt: skip
def test_how_a_command_ends(typed, code, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["clearpath", *typed])

    with pytest.raises(SystemExit) as ended:
        manage.main()

    assert ended.value.code == code
    told = capsys.readouterr()
    assert told.out + told.err
