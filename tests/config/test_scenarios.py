# ruff: noqa: E501 - tables of cases are easier to read whole
"""Scenarios: each that ships is played; mistakes of any kind are told with their line and never as a traceback."""

import json
import re
from importlib import resources
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from jsonschema import Draft202012Validator

from clearpath.config.scenarios import database, document, shipped
from clearpath.config.scenarios.document import ORGANISATION_KEYS, PARTY_KEYS, SCENARIO_KEYS
from clearpath.config.scenarios.reader import ScenarioError
from clearpath.trust import log
from clearpath.turns import sight
from tests import migrated

SHIPPED = shipped()
SCHEMA = json.loads(resources.files("clearpath.journeys").joinpath("data", "scenario.schema.json").read_text())

SMALL = """\
scenario: A small one
parties:
  organisations:
    guide: {name: Blue Strait Guides, country: TR, roles: [facilitator], people: {elif: Elif Kaya}}
    agency: {name: Open Window Media, country: AE, roles: [agency], people: {tarik: Tarik Haddad}}
    harbour: {name: Harbour Health, country: TR, roles: [provider, facilitator], people: {selin: Selin Aydin}}
  patients:
    amina: {name: Amina Yusuf, language: ar}
steps:
  - as: amina
    do: journeys.start
    with: {facilitator_id: guide, patient_name: Amina Yusuf, country: KW, procedure: Knee replacement, phone: "+965 1"}
    name: path
"""


class PlainLoader(yaml.SafeLoader):
    """YAML 1.2 as editors see it, who check a file against the schema: `on` is a word, a day is a text."""


PlainLoader.yaml_implicit_resolvers = {}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


@pytest.fixture
def written(tmp_path):
    """Writes a scenario file and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "story.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(autouse=True)
def _one_template(monkeypatch, django_db_blocker):
    """The empty database is the one that all tests begin with."""
    with django_db_blocker.unblock():
        made = migrated.original()
    monkeypatch.setattr(database, "template", lambda: made)


def mistakes_in(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(ScenarioError) as error:
        document.read(path)
    return [(mistake.line, mistake.says) for mistake in error.value.mistakes]


def play(path: Path, capsys, **options) -> tuple[int, dict]:
    """The exit status of `clearpath journeys play --json`, and its document."""
    try:
        call_command("journeys", "play", str(path), json=True, **options)
        status = 0
    except SystemExit as end:
        status = end.code
    return status, json.loads(capsys.readouterr().out)


# Those that ship


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_passes(name, capsys):
    status, told = play(SHIPPED[name], capsys)

    failed = [(row["line"], check) for row in told["steps"] for check in row["checks"] if not check["holds"]]
    assert (failed, status, told["passed"]) == ([], 0, True)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_fits_the_schema(name):
    said = yaml.load(SHIPPED[name].read_text(encoding="utf-8"), PlainLoader)

    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(said)] == []


def test_one_word_is_one_thing_in_every_package():
    names = [each.model._meta.model_name for each in sight.registered()]

    assert sorted(names) == sorted(set(names))


def test_the_schema_is_one_and_knows_the_keys_that_are_read():
    Draft202012Validator.check_schema(SCHEMA)

    defined = SCHEMA["$defs"]
    assert set(SCHEMA["properties"]) == set(SCENARIO_KEYS)
    assert set(defined["parties"]["properties"]) == set(PARTY_KEYS)
    assert set(defined["organisation"]["properties"]) == set(ORGANISATION_KEYS)
    assert set(defined["line"]["properties"]) == set(document.LINE_KEYS)


def test_the_stories_that_were_asked_for_are_there():
    assert set(SHIPPED) >= {
        "straight_path", "agency_reaches_for_the_patient", "hospital_with_its_own_brand", "doctor_who_owns_the_clinic",
        "consent_withdrawn", "advised_against", "withdrawal_before_the_operation", "withdrawal_after_the_operation",
        "complaint", "two_lanes_never_see_each_other", "changed_price", "declaration_turns_out_untrue",
    }  # fmt: skip


def test_the_straight_path_takes_all_five_trades_and_the_patient():
    story = document.read(SHIPPED["straight_path"])

    acting = {line.act.by.role for line in story.lines if line.act and not line.act.refused}
    assert acting >= {"patient", "facilitator", "provider", "doctor", "agency", "organizer", "steward", "home_doctor"}


# What fails, fails


NOT_SO = [  # a line, what it expects, and what is there instead; each is played on what those above it left
    ("{as: guide, do: journeys.open}", "the step is done", "it is refused: missing_facts"),
    ("{as: guide, do: journeys.open, expect: refused, code: closed}", "the code is closed", "it is missing_facts"),
    ("{as: agency, do: journeys.open, expect: refused, rightful: doctor}", "the rightful role is doctor", "it is facilitator"),
    ("{as: guide, do: journeys.open, expect: refused, missing: []}", "what is missing is none", "it is answered"),
    ("{on: path, stage: intake}", "the stage is intake", "it is inquiry"),
    ("{on: path, facts: [answered]}", "it holds: answered", "what holds is: none"),
    ("{on: path, facts: [any offer_made]}", "it holds: any offer_made", "what holds is: none"),
    ("{on: path, turn: [doctor]}", "the turn is doctor", "it is facilitator, patient"),
    ("{as: agency, sees: [path]}", "Tarik Haddad (agency) sees path", "they see nothing of it"),
    ("{as: agency, sees: [path.phone]}", "Tarik Haddad (agency) sees path.phone", "that field is empty for them"),
    ("{as: guide, sees: {path.phone: '+965 2'}}", "Elif Kaya (facilitator) sees path.phone: +965 2", "they see: +965 1"),
    ("{as: guide, blank: [path]}", "Elif Kaya (facilitator) sees nothing of path", "they do"),
    ("{as: guide, blank: [path.phone]}", "Elif Kaya (facilitator) sees nothing of path.phone", "they see: +965 1"),
    ("{as: agency, blank: [path.email]}", "Tarik Haddad (agency) sees nothing of path.email", "the field is empty for everybody"),
    ("{as: amina, on: path, blank: [guide]}", "Amina Yusuf (patient) sees nothing of guide", "they do"),
    ("{as: agency, on: path, sees: [guide]}", "Tarik Haddad (agency) sees guide", "they do not"),
    ("{find: consent, where: {purpose: care}}", "there is consent with purpose care", "of 0 there is none"),
    ("{as: agency, blank: [path.shoe_size]}", "the line can be played", "`path` is a journey, which has no `shoe_size`"),
    ("{as: amina, do: journeys.start, with: {facilitator_id: guide, patient_name: A, country: KW, procedure: x, born_on: soon}, expect: refused}", "the step is refused", "it is broke: ValidationError"),
    ("{on: lead, stage: new}", "the line can be played", "There is no `lead` at this point"),
    ("{as: guide, do: journeys.answer_inquiry, expect: refused}", "the step is refused", "it is done"),
    ("{as: guide, do: journeys.answer_inquiry, told: [doctor]}", "who is told is doctor", "it is patient"),
    ("{as: guide, do: journeys.answer_inquiry, then: offers.disclose_interests}", "the network then takes offers.disclose_interests", "it took: none"),
    ("{on: path, turn: {doctor: [records.give_opinion]}}", "it is the turn of doctor: records.give_opinion", "their turns are: none"),
    ("{as: guide, do: journeys.answer_inquiry, lane: harbour}", "the line can be played", "`harbour` has no lane here"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_is_not_as_expected_is_named_and_ends_with_1(written, capsys):
    lines = "".join(f"  - {line}\n" for line, _says, _found in NOT_SO)

    status, told = play(written(SMALL + lines), capsys)

    failed = [[check for check in row["checks"] if not check["holds"]] for row in told["steps"][1:]]
    assert (status, told["passed"], [len(each) for each in failed]) == (1, False, [1] * len(NOT_SO))
    for [check], (_line, says, found) in zip(failed, NOT_SO, strict=True):
        assert (check["says"], check["found"][: len(found)]) == (says, found)


# What cannot be read


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{as: nobody, do: journeys.open}", "`as`: nobody is called `nobody`."),
        ("{as: guide, do: journeys.opened}", "`do`: there is no `journeys.opened`. Did you mean `journeys.open`?"),
        ("{as: guide, do: journeys.open, with: {how: x}}", "`journeys.open` takes no `how`."),
        ("{as: guide, do: journeys.decline_inquiry}", "`journeys.decline_inquiry` needs `reason`."),
        ("{do: journeys.open}", "`do` needs `as`: who takes the step?"),
        ("{as: [guide, agency], do: journeys.open}", "One person takes a step; `as` names several."),
        ("{as: guide, do: journeys.open, code: closed}", "`code` means something only with `expect: refused`."),
        ("{as: guide, do: journeys.open, expect: refused, name: x}", "What is refused makes nothing that could have a name."),
        ("{as: guide, do: turns.write, with: {topic: travel, text: x}}", "Say with `on` what `turns.write` is about."),
        ("{as: guide, do: journeys.change_facilitator, with: {facilitator_id: gide}}", "`facilitator_id`: nothing is called `gide` here yet. Did you mean `guide`?"),
        ("{as: guide, do: records.add, with: {content: {file: none.json}}}", "`content`: there is no file `none.json` beside this one."),
        ("{as: guide, do: records.add, with: {content: {file: /etc/hosts}}}", "`content`: `/etc/hosts` starts at the root; write the path from this file."),
        ("{as: guide, do: travel.plan, with: {arrives_on: soon, leaves_on: P9D, contact: x}}", "`arrives_on` is `soon`; write a day or moment (2026-06-01), or how far ahead (P14D)."),
        ("{as: guide, do: money.refund, with: {amount_minor: 10.005 EUR}}", "`amount_minor` is `10.005 EUR`; write a whole number, or money such as 8400.00 EUR."),
        ("{as: guide, do: offers.make, with: {items: [[Knee]], currency: EUR, stay_nights: 1, valid_until: P9D}}", "`items` has 1 parts, not 2."),
        ("{as: guide, do: complaints.close, with: {settled: perhaps}}", "`settled`: there is no `perhaps`. Known here: false, true."),
        ("{as: guide, do: journeys.send_for_review, with: {to: [{provider: guide}]}}", "`to` has no key `provider`. Did you mean `provider_id`?"),
        ("{as: harbour, blank: [path.phone]}", "`harbour` holds several roles (provider, facilitator); say with `role` which one."),
        ("{blank: [path]}", "`sees` and `blank` need `as`: who is it that reads?"),
        ("{as: guide, sees: {}}", "`sees` is empty: it checks nothing. Leave it out."),
        ("{as: guide, blank: [pat.phone]}", "`blank`: there is no `pat`. Did you mean `path`?"),
        ("{on: path, facts: [answerd]}", "`facts`: there is no `answerd`. Did you mean `answered`?"),
        ("{on: path, stage: intak}", "`stage`: there is no `intak`. Did you mean `intake`?"),
        ("{as: guide, sees: [path], told: [doctor]}", "`told` means something only beside `do`, `wait` or `imports`."),
        ("{imports: none.json}", "`imports`: there is no file `none.json` beside this one."),
        ("{stage: intake}", "Say with `on` what this is about."),
        ("{wait: soon}", "`wait` is `soon`; write a length of time such as P3D or PT2H."),
        ("{wait: -P3D}", "`wait` is `-P3D`; write a length of time such as P3D or PT2H."),
        ("{find: shoe}", "`find`: there is no `shoe`."),
        ("{find: consent, where: {shoe: red}}", "`consent` has no `shoe`."),
        ("{as: guide, do: journeys.open, find: consent}", "`find` stands in a line of its own, without `do`."),
        ("{says: Nothing}", "This step does nothing and checks nothing."),
        ("{as: guide, do: journeys.open, wiht: {}}", "A step has no key `wiht`. Did you mean `with`?"),
        ("just a text", "A step is one plain value; write a map of keys."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(written, line, says):
    path = written(f"{SMALL}  - {line}\n")

    at, *_more = [(number, told) for number, told in mistakes_in(path) if told.startswith(says)]
    assert at[0] == len(SMALL.splitlines()) + 1


def test_all_mistakes_are_told_at_once(written):
    text = SMALL.replace("facilitator_id: guide", "facilitator_id: gide").replace("roles: [agency]", "roles: [agent]")

    found = mistakes_in(written(f"{text}  - {{wait: soon}}\n"))

    assert [line for line, _says in found] == [5, 12, 14]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("scenario: [", 2),
        ("scenario: &a x\nsays: *a\n", 1),
        ("scenario: " + "[" * 40, 1),
        ("scenario: !!python/object:os.system x\n", 1),
        ("scenario: x\nscenario: y\nparties: {}\nsteps: []\n", 2),
        ("- one\n- two\n", 1),
        ("x" * 300_000, 1),
        (SMALL.replace("country: KW", "country: \x00"), 12),
        (SMALL.replace("{elif: Elif Kaya}", "{}"), 4),
        (SMALL.replace("amina: {", "guide: {"), 8),
        (SMALL.replace("roles: [agency]", "roles: []"), 5),
        (SMALL.replace("roles: [agency]", "roles: [steward, agency]"), 5),
        (SMALL.replace("roles: [agency]", "roles: [steward]").replace("[facilitator]", "[steward]"), 5),
        (SMALL.replace("country: AE", "country: Emirates"), 5),
        (SMALL.replace("country: AE", "country: AE, time_zone: Dubai"), 5),
        (SMALL.replace("parties:", "starts: 9999-12-31\nparties:", 1), 2),
        (SMALL.replace("amina: {", "journey: {"), 8),
    ],
)
def test_no_file_is_unreadable_without_saying_where(written, text, line):
    assert mistakes_in(written(text))[0][0] == line


def test_a_scenario_that_cannot_be_read_ends_with_2_and_one_line_for_each_mistake(written):
    with pytest.raises(CommandError) as error:
        call_command("journeys", "play", str(written(f"{SMALL}  - {{wait: soon}}\n  - {{do: journeys.open}}\n")))

    assert error.value.returncode == 2
    assert [line.split(": ")[0] for line in str(error.value).splitlines()] == ["story.yaml:14", "story.yaml:15"]


def test_a_file_that_is_not_there_ends_with_2(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file") as error:
        call_command("journeys", "play", str(tmp_path / "none.yaml"))

    assert error.value.returncode == 2


# Where it is played


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_example_of_the_reference_page_passes(written, capsys):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)

    assert play(written(example), capsys)[0] == 0


def test_the_reference_page_speaks_of_every_key():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")

    keys = {*SCENARIO_KEYS, *PARTY_KEYS, *ORGANISATION_KEYS, *document.LINE_KEYS}
    assert [key for key in sorted(keys) if f"`{key}`" not in page and f"`{key}:" not in page] == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_statements_that_cannot_be_imported_are_an_expectation_that_fails(written, capsys, tmp_path):
    (tmp_path / "none.json").write_text('[{"statementId": "x"}]', encoding="utf-8")

    status, told = play(written(f"{SMALL}  - {{imports: none.json}}\n"), capsys)

    assert (status, told["steps"][-1]["checks"][0]["found"][:34]) == (1, "the statements cannot be imported:")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_is_played_on_a_database_of_its_own(written, capsys):
    name = str(connection.settings_dict["NAME"])

    status, told = play(written(SMALL), capsys)

    assert (status, told["database"], str(connection.settings_dict["NAME"])) == (0, None, name)
    from clearpath.turns.subject import Subject

    assert Subject.objects.count() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_kept_database_holds_a_log_that_verifies(written, capsys):
    status, told = play(written(SMALL), capsys, keep=True)

    kept = Path(told["database"])
    with database.connected_to(kept):
        report = log.verify()
        assert (status, report.problem_count, report.entries > 5) == (0, 0, True)
    for file in kept.parent.iterdir():
        file.unlink()
    kept.parent.rmdir()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_clock_is_that_of_the_scenario(written, capsys):
    text = SMALL.replace("parties:", "starts: 2031-02-03T10:00Z\nparties:", 1)

    _status, told = play(written(f"{text}  - {{wait: P2D, on: path, stage: inquiry}}\n"), capsys)

    assert [row["at"] for row in told["steps"]] == ["2031-02-03T10:01:00+00:00", "2031-02-05T10:01:00+00:00"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_charter_of_its_own_decides(written, capsys, tmp_path):
    from clearpath.charter.document import default_charter, default_source

    own = default_source().replace('version: "2026.1"', 'version: "own"', 1)
    own = own.replace("journeys.open:                {by: facilitator", "journeys.open:                {by: patient", 1)
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    text = SMALL.replace("parties:", "charter: own.yaml\nparties:", 1)

    status, told = play(
        written(
            f"{text}  - {{as: guide, do: journeys.answer_inquiry}}\n"
            "  - {as: guide, do: journeys.open, expect: refused, rightful: patient}\n"
            "  - {as: amina, do: journeys.open, stage: intake}\n"
        ),
        capsys,
    )

    assert (status, told["charter"]) == (0, "own")
    from clearpath.turns import charters

    assert charters.charter(charters.in_force()) is default_charter()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_parties_that_cannot_come_on_the_network_end_with_2(written):
    text = SMALL.replace("roles: [provider, facilitator]", "roles: [agency, facilitator]")

    with pytest.raises(CommandError, match="roles_kept_apart") as error:
        call_command("journeys", "play", str(written(text)))

    assert error.value.returncode == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_people_read_who_did_what_and_why_not(written, capsys):
    call_command("journeys", "play", str(written(f"{SMALL}  - {{as: agency, do: journeys.open, expect: refused}}\n")))

    told = capsys.readouterr().out
    assert "Tarik Haddad, agency at Open Window Media: journeys.open -- refused, not_your_part: This is not" in told
    assert told.endswith("All 2 expectations hold.\n")
