"""Every code that reading and linting a charter can give; a code is never reused for something else."""

from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for. `remedy` is one line; a finding may say it more precisely."""

    code: str
    severity: str
    means: str
    remedy: str


_LINT = (
    ("CP001", ERROR, "A step has no responsible role, or more than one.", "Write `by:` and one role."),
    ("CP002", ERROR, "A stage has no way in.", "Let a step lead there with `to`, or take the stage out."),
    (
        "CP003",
        ERROR,
        "A stage that is not final has no way out.",
        "Let a step lead on from it, or make it `final: true`.",
    ),
    ("CP004", ERROR, "From a stage no final stage can be reached.", "Add a step that leads out of the circle."),
    ("CP005", ERROR, "A step is taken in a final stage.", "Take the stage out of `in`, or do not make it final."),
    ("CP006", ERROR, "Nothing begins the subject.", "Add a step with `starts: true`, or `opens` it by another step."),
    ("CP007", WARNING, "The subject has no final stage.", "Make the stage in which it ends `final: true`."),
    (
        "CP008",
        ERROR,
        "The responsible role has no seat in one of the step's stages.",
        "Add it to `seats` or `may_sit`.",
    ),
    ("CP009", ERROR, "A step by the network does not say when.", "Add `when:` and a question with a yes or no answer."),
    ("CP010", ERROR, "A step that people take has a `when`.", "Take `when` out, or let the `network` take the step."),
    ("CP011", ERROR, "A fact is needed but no step gives it.", "Let a step give it, or do not need it."),
    ("CP012", WARNING, "A fact is dropped but no step gives it.", "Let a step give it, or do not drop it."),
    (
        "CP013",
        ERROR,
        "The step can never be taken.",
        "Follow its needs back to the one that never holds in its stages.",
    ),
    ("CP014", ERROR, "The step needs a fact and its opposite.", "Take one of the two out."),
    ("CP015", ERROR, "The step gives and drops the same fact.", "Take it out of one of the two."),
    (
        "CP016",
        ERROR,
        "A clinical step may be taken by a role that is not clinical.",
        "Let a doctor take it, or give it the kind that it is.",
    ),
    (
        "CP017",
        ERROR,
        "The step uses data that its role may not see.",
        "Give the role sight in `data`, or take the class out.",
    ),
    (
        "CP018",
        ERROR,
        "A role that may be appointed for the step may not see its data.",
        "Give the role sight in `data`, or do not let it be appointed.",
    ),
    (
        "CP019",
        ERROR,
        "Clinical data is handed on to a role that may not see it by consent.",
        "Write `consent` for the role under `clinical`, or take it out of `hands_on`.",
    ),
    ("CP020", WARNING, "The role is told things but never does anything.", "Give it a step, or stop telling it."),
    ("CP021", WARNING, "The role has no part in anything.", "Give it a step, or take it out."),
    ("CP022", ERROR, "Two separations speak of the same two roles.", "Keep the one that is meant."),
    (
        "CP023",
        ERROR,
        "A role may be appointed by a role that it is forbidden to be held with.",
        "Take it out of `may_appoint`, or disclose instead of forbidding.",
    ),
    ("CP024", ERROR, "A fact of a lane is changed by a step that is about no lane.", "Mark the step `on_lane: true`."),
    (
        "CP025",
        ERROR,
        "A fact of a lane is needed by a step that is about no lane.",
        "Write `every FACT` or `any FACT`, or mark the step `on_lane: true`.",
    ),
    (
        "CP026",
        ERROR,
        "The lanes cannot work: the step that ends them is about no lane, or a lane role may not sit.",
        "Mark the step `on_lane: true`, and let the lane roles sit.",
    ),
    ("CP027", WARNING, "A role is told or asked but has no seat on the subject.", "Let it sit, or do not name it."),
    ("CP028", WARNING, "The responsible role is told or asked of its own step.", "Take it out of `tell` or `with`."),
    (
        "CP029",
        WARNING,
        "A step by the network has a time target, but the network needs no clock.",
        "Take `within` out.",
    ),
    (
        "CP030",
        WARNING,
        "The promise says nothing, since its step can never be taken.",
        "Promise something about a step that can be taken.",
    ),
    ("CP031", WARNING, "Nothing is promised about the subject.", "Promise at least that it comes to an end."),
    (
        "CP032",
        WARNING,
        "Nobody may see the class of data, or no step uses it.",
        "Give sight to a role that needs it, or take it out.",
    ),
    ("CP033", ERROR, "Clinical data can be seen without the patient's consent.", "Write `consent` instead."),
    (
        "CP034",
        WARNING,
        "Figures about so few people can point to one of them.",
        "Set `smallest_group` to 5 or more (small-cell rules of health statistics ask for 5 to 11).",
    ),
    (
        "CP035",
        ERROR,
        "Ties below the connection threshold would never be told.",
        "Set `disclose_from` below `connected_at`.",
    ),
    (
        "CP036",
        ERROR,
        "A consent can be given but not withdrawn.",
        "Let the same role take a step that drops it in each of these stages (GDPR article 7(3)).",
    ),
    ("CP037", WARNING, "The position sits nowhere.", "Add it to the `seats` of a stage or to `may_sit`."),
    ("CP038", WARNING, "The network has a seat but needs none.", "Take it out of `seats` and `may_sit`."),
    ("CP039", ERROR, "`many` names who may not sit at all.", "Add it to `seats` or `may_sit` as well."),
    (
        "CP040",
        WARNING,
        "Others see a class of data by consent, but the patient does not see it.",
        "Write `patient: own` (GDPR article 15).",
    ),
    (
        "CP041",
        ERROR,
        "The step opens a subject on which its taker may not sit.",
        "Let its role sit in the first stage there.",
    ),
    ("CP042", WARNING, "A deadline hangs on a step that changes nothing.", "Let it give a fact, or take `within` out."),
)
_READING = (
    ("CP901", ERROR, "The file is not UTF-8.", "Save it as UTF-8."),
    ("CP902", ERROR, "The file is larger than any charter.", "Split the network into two."),
    ("CP903", ERROR, "The nesting is too deep.", "Flatten it."),
    ("CP904", ERROR, "An anchor, alias, tag or second document.", "Write everything out, in one document."),
    ("CP905", ERROR, "A control character or hidden direction mark.", "Delete it."),
    ("CP906", ERROR, "The file is not YAML.", "Check brackets, quotes and indentation."),
    ("CP907", ERROR, "Something is said twice.", "Keep one of the two."),
    ("CP908", ERROR, "A key that does not belong there.", "Use the key that is suggested, or take it out."),
    ("CP909", ERROR, "A key is missing.", "Add it."),
    ("CP910", ERROR, "A value has the wrong shape, or is empty.", "Write the shape that is asked for."),
    ("CP911", ERROR, "There is no such role or position.", "Use a declared one."),
    ("CP912", ERROR, "There is no such stage.", "Use a stage of the same subject."),
    ("CP913", ERROR, "There is no such fact, or it is badly written.", "Write FACT, not FACT, every FACT or any FACT."),
    ("CP914", ERROR, "There is no such class of data.", "Use a class declared under `data`."),
    ("CP915", ERROR, "There is no such subject.", "Use a declared one."),
    ("CP916", ERROR, "There is no such step.", "Use a step of the same subject."),
    ("CP917", ERROR, "This cannot be a name.", "Write lower_case_words; for a step package.verb."),
    ("CP918", ERROR, "This is not a length of time.", "Write an ISO 8601 duration such as PT48H or P3D."),
    ("CP919", ERROR, "This is not a number that fits.", "Write the number that is asked for."),
    ("CP920", ERROR, "This is not one of the words that are possible here.", "Use the word that is suggested."),
    ("CP921", ERROR, "Two subjects have a step of the same name.", "Give each its own name."),
    ("CP922", ERROR, "A promise has none of the known forms.", "Write exactly one of the forms of the grammar."),
    ("CP923", ERROR, "The file is empty.", "Start from the default charter."),
    ("CP924", WARNING, "A comma cuts a text in two.", "Put the whole text in double quotes."),
)

CODES: dict[str, Code] = {row[0]: Code(*row) for row in (*_LINT, *_READING)}


def reference_page() -> str:
    """The page docs/reference/charter-lint.md, in Markdown."""
    lines = [
        "# What can be wrong with a charter",
        "",
        "`clearpath charter check FILE` reads the file, lints it and proves its promises.",
        "An *error* keeps a charter from being enacted; a *warning* is for the steward to judge.",
        "A code keeps its meaning for ever. This page is made from `clearpath/charter/codes.py`"
        " (`python -m clearpath.charter.codes > docs/reference/charter-lint.md`).",
        "",
        "## Found by a careful reader",
        *_table(_LINT),
        "",
        "## Found while reading the file",
        "All of them are reported at once, except that a file which is no YAML, or hostile, stops at the first.",
        *_table(_READING),
        "",
    ]
    return "\n".join(lines)


def _table(rows: tuple[tuple[str, str, str, str], ...]) -> list[str]:
    head = ["", "| code | severity | means | remedy |", "|---|---|---|---|"]
    return head + [f"| {' | '.join(row)} |" for row in rows]


if __name__ == "__main__":
    import sys

    sys.stdout.write(reference_page())
