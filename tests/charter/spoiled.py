"""The default charter with one mistake each: where, what is written instead, and what must be found on which line."""

from typing import NamedTuple

from clearpath.charter.document import default_source


class Spoiled(NamedTuple):
    """`on` begins the line that is changed; `at` begins the line that must be found, when it is another one."""

    name: str
    on: str
    old: str
    new: str
    code: str
    at: str = ""

    @property
    def source(self) -> str:
        return self.of(default_source())

    def of(self, source: str) -> str:
        lines = source.split("\n")
        number = line_of(self.on) - 1
        assert lines[number].count(self.old) >= 1, f"{self.name}: {self.old!r} is not on that line"
        lines[number] = lines[number].replace(self.old, self.new, 1)
        return "\n".join(lines)

    @property
    def line(self) -> int:
        return line_of(self.at or self.on)


def line_of(start: str) -> int:
    """The line of the default charter that is, or begins, so, from 1; there must be exactly one."""
    lines = [line.strip() for line in default_source().split("\n")]
    if start in lines:
        return lines.index(start) + 1
    [found] = [number for number, line in enumerate(lines, 1) if line.startswith(start)]
    return found


READING = [
    Spoiled("nobody responsible", "offers.accept:", "by: patient, ", "", "CP001"),
    Spoiled("two responsible", "offers.accept:", "by: patient", "by: [patient, facilitator]", "CP001"),
    Spoiled("anchor", "smallest_group:", "10", "&ten 10", "CP904"),
    Spoiled("alias", "connected_at:", "0.25", "*share", "CP904"),
    Spoiled("tag", "smallest_group:", "10", "!!python/name:os.system 10", "CP904"),
    Spoiled("control character", "charter: A clear path", "clear", "cle\x07ar", "CP905"),
    Spoiled("hidden direction", "charter: A clear path", "clear", "cle\u202ear", "CP905"),
    Spoiled("bracket open", "offers.ask_again:", "sees: [offer]}", "sees: [offer}", "CP906"),
    Spoiled("key twice", "offers.accept:", "kind: commercial", "kind: commercial, by: provider", "CP907"),
    Spoiled("role told twice", "offers.accept:", "[facilitator, provider", "[facilitator, facilitator", "CP907"),
    Spoiled("step twice in a subject", "offers.ask_again:", "offers.ask_again", "offers.accept", "CP907"),
    Spoiled("unknown key in step", "offers.accept:", "needs:", "need:", "CP908"),
    Spoiled("unknown key of charter", "smallest_group:", "smallest_group", "smallest_groups", "CP908"),
    Spoiled("start with needs", "journeys.start:", "starts: true", "starts: true, needs: [consent]", "CP908"),
    Spoiled("no stages", "offers.accept:", "in: [decision], ", "", "CP909"),
    Spoiled("list instead of one", "offers.accept:", "to: preparation", "to: [preparation]", "CP910"),
    Spoiled("one instead of list", "offers.accept:", "in: [decision]", "in: decision", "CP910"),
    Spoiled("maybe", "offers.accept:", "on_lane: true", "on_lane: maybe", "CP910"),
    Spoiled("unknown role", "records.discharge:", "by: doctor", "by: docter", "CP911"),
    Spoiled("unknown role told", "records.discharge:", "tell: [patient", "tell: [pateint", "CP911"),
    Spoiled("unknown stage", "records.discharge:", "to: return", "to: retrun", "CP912"),
    Spoiled("every on a common fact", "journeys.end_unsuitable:", "every advised_against", "every treated", "CP913"),
    Spoiled(
        "promised fact unknown",
        "- {never: offers.accept,",
        "without: interests_acknowledged",
        "without: interest_acknowledged",
        "CP913",
    ),
    Spoiled("unknown class", "records.discharge:", "sees: [clinical]", "sees: [clinicall]", "CP914"),
    Spoiled("unknown subject", "marketing.take_lead:", "opens: journey", "opens: journy", "CP915"),
    Spoiled(
        "promised step unknown", "- {never: offers.accept,", "never: offers.accept", "never: offers.acept", "CP916"
    ),
    Spoiled("lanes until nothing", "lanes: {roles:", "until: offers.accept", "until: offers.acept", "CP916"),
    Spoiled("bad step name", "offers.accept:", "offers.accept:", "accept:", "CP917"),
    Spoiled("no duration", "records.give_opinion:", "PT48H", "48 hours", "CP918"),
    Spoiled("months have no fixed length", "records.give_opinion:", "PT48H", "P1M", "CP918"),
    Spoiled("share above one", "connected_at:", "0.25", "25", "CP919"),
    Spoiled("group of none", "smallest_group:", "10", "0", "CP919"),
    Spoiled("unknown kind", "offers.accept:", "commercial", "comercial", "CP920"),
    Spoiled("unknown sight", "clinical:    {patient: own", "consent", "consents", "CP920"),
    Spoiled("unknown rule", "- {roles: [agency, facilitator]", "forbidden", "forbiden", "CP920"),
    Spoiled(
        "step of two subjects", "complaints.go_on:", "complaints.go_on", "parties.verify", "CP921", "parties.verify:"
    ),
    Spoiled(
        "unknown form of promise",
        "- {never: offers.accept,",
        "{never: offers.accept",
        "{sometimes: offers.accept",
        "CP922",
    ),
    Spoiled("whose lane", "- {never: aftercare.close,", "without: handed_over", "without: offer_made", "CP922"),
]

LINT = [
    Spoiled("no way in", "journeys.open:", "to: intake", "gives: [opened]", "CP002", "intake:"),
    Spoiled("no way out", "closed:      {is:", "final: true", "final: false", "CP003"),
    Spoiled("circle", "forums.close:", ", to: over", "", "CP004", "stages: {planning:"),
    Spoiled("taken in a final stage", "money.refund:", "in: [ending]", "in: [ending, closed]", "CP005"),
    Spoiled("nothing begins it", "complaints.raise:", "starts: true", "in: [raised]", "CP006", "complaint:"),
    Spoiled("no end", "stages: {planning:", ", final: true", "", "CP007", "forum:"),
    Spoiled(
        "no seat",
        "may_sit: [patient, provider, doctor, second",
        "second_doctor, ",
        "",
        "CP008",
        "records.give_second_opinion:",
    ),
    Spoiled("no seat in one stage", "journeys.close_untreated:", "by: facilitator", "by: agency", "CP008"),
    Spoiled("no when", "aftercare.lose_contact:", "when: ninety_days_without_answer, ", "", "CP009"),
    Spoiled("people with when", "aftercare.finish:", "by: facilitator", "by: facilitator, when: asked", "CP010"),
    Spoiled(
        "never given",
        "records.give_opinion:",
        "gives: [opinion_given]",
        "gives: [opinion_givn]",
        "CP011",
        "offers.make:",
    ),
    Spoiled("needs a misspelt fact", "money.settle:", "[invoiced,", "[invoicd,", "CP011"),
    Spoiled("drops what nobody gives", "money.refund:", "drops: [deposit_held]", "drops: [deposit]", "CP012"),
    Spoiled(
        "never taken",
        "records.readmit:",
        "in: [return, aftercare]",
        "in: [return, aftercare], needs: [not treated]",
        "CP013",
    ),
    Spoiled(
        "contradiction",
        "records.readmit:",
        "in: [return, aftercare]",
        "in: [return, aftercare], needs: [home, not home]",
        "CP014",
    ),
    Spoiled(
        "gives and drops",
        "records.withdraw_advice:",
        "drops: [advised_against]",
        "drops: [advised_against], gives: [advised_against]",
        "CP015",
    ),
    Spoiled("clinical by the guide", "travel.plan:", "kind: coordination", "kind: clinical", "CP016"),
    Spoiled("clinical by appointment", "records.add:", "kind: coordination", "kind: clinical", "CP016"),
    Spoiled("uses what it may not see", "offers.admit:", "sees: [identity]", "sees: [source]", "CP017"),
    Spoiled(
        "appointed may not see",
        "aftercare.report:",
        "may_appoint: [facilitator]",
        "may_appoint: [second_doctor]",
        "CP018",
    ),
    Spoiled(
        "records to who may not see",
        "records.hand_over_home:",
        "hands_on: [home_doctor]",
        "hands_on: [facilitator, agency]",
        "CP019",
    ),
    Spoiled(
        "only told", "records.give_second_opinion:", "by: second_doctor", "by: doctor", "CP020", "second_doctor: {is:"
    ),
    Spoiled(
        "no part at all",
        "home_doctor:  {is:",
        "home_doctor:  {is:",
        "visitor: {is: Looks on}\n  home_doctor:  {is:",
        "CP021",
    ),
    Spoiled(
        "separated twice", "- {roles: [steward, provider],", "[steward, provider]", "[steward, facilitator]", "CP022"
    ),
    Spoiled(
        "appoints the forbidden",
        "records.request_missing:",
        "by: facilitator",
        "by: facilitator, may_appoint: [agency]",
        "CP023",
    ),
    Spoiled(
        "changes which lane", "journeys.end_unsuitable:", "to: ending", "to: ending, gives: [lane_closed]", "CP024"
    ),
    Spoiled("needs which lane", "journeys.end_unsuitable:", "every advised_against", "advised_against", "CP025"),
    Spoiled("lanes end nowhere", "offers.accept:", "on_lane: true, ", "", "CP026", "lanes: {roles:"),
    Spoiled("told without seat", "offers.accept:", "tell: [facilitator", "tell: [organizer", "CP027"),
    Spoiled("tells itself", "offers.accept:", "tell: [facilitator", "tell: [patient, facilitator", "CP028"),
    Spoiled("clock of the network", "money.settle:", "gives:", "within: P1D, gives:", "CP029"),
    Spoiled(
        "promise about nothing",
        "marketing.check_claims:",
        "gives: [claims_checked]",
        "gives: [claims_chequed]",
        "CP030",
        "- {never: marketing.run_creative,",
    ),
    Spoiled(
        "nothing promised",
        "promises: [{reachable: over, says: Every forum ends}]",
        "promises: [{reachable: over, says: Every forum ends}]",
        "# no promise",
        "CP031",
        "forum:",
    ),
    Spoiled(
        "class that nobody uses",
        "clinical:    {patient: own",
        "clinical:",
        "genome: {patient: own}\n  clinical:",
        "CP032",
    ),
    Spoiled("clinical without consent", "clinical:    {patient: own", "doctor: consent", "doctor: seat", "CP033"),
    Spoiled("small group", "smallest_group:", "10", "3", "CP034"),
    Spoiled("ties never told", "disclose_from:", "0.0", "0.5", "CP035"),
    Spoiled(
        "consent for ever", "journeys.withdraw_consent:", "in: any", "in: [intake]", "CP036", "journeys.give_consent:"
    ),
    Spoiled(
        "informed consent for ever",
        "records.withdraw_informed_consent:",
        "drops: [informed_consent]",
        "drops: [explained]",
        "CP036",
        "records.give_informed_consent:",
    ),
    Spoiled(
        "position without seat",
        "positions: {first: [facilitator, provider, agency, organizer]",
        "positions: {",
        "positions: {third: [provider], ",
        "CP037",
        "agreement:",
    ),
    Spoiled(
        "network sits", "may_sit: [facilitator, provider, doctor]", "doctor", "doctor, network", "CP038", "complaint:"
    ),
    Spoiled(
        "many who may not sit", "many: [facilitator, provider, doctor, agency]", "doctor", "patient", "CP039", "forum:"
    ),
    Spoiled("patient does not see", "outcome:     {patient: own,", "patient: own, ", "", "CP040"),
    Spoiled("opens without seat", "offers.ask_again:", "to: review", "to: review, opens: forum", "CP041"),
    Spoiled("clock on nothing", "records.request_missing:", "in: [intake", "within: P1D, in: [intake", "CP042"),
    Spoiled(
        "cut in two",
        "facilitator:  {is:",
        '"Independent guide: everything that is not medical, from first call to aftercare"',
        "Independent guide, from first call",
        "CP924",
    ),
]
