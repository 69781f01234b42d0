"""What a careful reader would want found in a charter that reads well; one short check for each code."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from clearpath.charter.codes import CODES
from clearpath.charter.prove import may_take, steps_never_taken
from clearpath.charter.terms import NETWORK, SEATED, Charter, Need, Step, SubjectRules

CLINICAL_ROLES = frozenset({"doctor", "second_doctor", "home_doctor"})
SMALLEST_GROUP = 5
IN_SIGHT = ("own", "seat", "consent")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a careful reader would want changed."""

    code: str
    severity: str  # error or warning
    file: str
    line: int
    where: str  # the step, stage, role or class that it is about
    says: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code} {self.severity}: {self.says} {self.remedy}"


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    where: str
    says: str
    remedy: str = ""  # more precise than that of the code


_OfCharter = Callable[[Charter], Iterator[_Found]]
_OfSubject = Callable[[Charter, SubjectRules], Iterator[_Found]]


def lint(charter: Charter) -> tuple[Finding, ...]:
    """Every finding, in the order of the file."""
    found = [
        Finding(
            warning.code, CODES[warning.code].severity, warning.file, warning.line, "", warning.says, warning.remedy
        )
        for warning in charter.warnings
    ]
    for code, of_charter in OF_CHARTER.items():
        found.extend(_finding(charter, code, one) for one in of_charter(charter))
    for code, of_subject in OF_SUBJECT.items():
        for rules in charter.subjects.values():
            found.extend(_finding(charter, code, one) for one in of_subject(charter, rules))
    for rules in charter.subjects.values():
        found.extend(_finding(charter, code, one) for code, one in _never_taken(rules))
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.code)))


def _finding(charter: Charter, code: str, one: _Found) -> Finding:
    known = CODES[code]
    return Finding(code, known.severity, charter.file, one.line, one.where, one.says, one.remedy or known.remedy)


def _own_steps(rules: SubjectRules) -> list[Step]:
    return [step for step in rules.steps.values() if not step.every_subject]


def _sitters(rules: SubjectRules) -> set[str]:
    """Roles and positions that have a seat in some stage."""
    return {seat for stage in rules.stages.values() for seat in stage.seats} | set(rules.may_sit)


def _sees(charter: Charter, role: str, name: str) -> bool:
    return charter.data[name].get(role) in IN_SIGHT


# Stages


def _no_way_in(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    entered = {step.to for step in _own_steps(rules) for start in step.stages if start != step.to}
    for stage in rules.stages.values():
        if stage.name != rules.first and stage.name not in entered:
            yield _Found(stage.line, stage.name, f"Nothing leads to the stage `{stage.name}` of {rules.name}.")


def _leads(rules: SubjectRules) -> dict[str, set[str]]:
    leads: dict[str, set[str]] = {stage: set() for stage in rules.stages}
    for step in _own_steps(rules):
        for start in step.stages:
            if step.to and step.to != start:
                leads[start].add(step.to)
    return leads


def _no_way_out(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    leads = _leads(rules)
    for stage in rules.stages.values():
        if not stage.final and not leads[stage.name]:
            yield _Found(stage.line, stage.name, f"Nothing leads on from the stage `{stage.name}` of {rules.name}.")


def _no_end_in_reach(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    leads = _leads(rules)
    ends = {stage.name for stage in rules.stages.values() if stage.final}
    if not ends:
        return
    grown = True
    while grown:
        more = {stage for stage, to in leads.items() if to & ends} - ends
        ends |= more
        grown = bool(more)
    for stage in rules.stages.values():
        if stage.name not in ends and leads[stage.name]:
            yield _Found(stage.line, stage.name, f"From `{stage.name}` the {rules.name} can never come to an end.")


def _taken_in_final_stage(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        for stage in step.stages:
            if rules.stages[stage].final:
                yield _Found(step.line, step.name, f"`{step.name}` is taken in `{stage}`, which is final.")


def _nothing_begins_it(charter: Charter, rules: SubjectRules) -> Iterator[_Found]:
    starts = any(step.starts for step in _own_steps(rules))
    if not starts and not any(step.opens == rules.name for step in charter.all_steps()):
        yield _Found(rules.line, rules.name, f"No step begins a {rules.name}.")


def _no_final_stage(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    if not any(stage.final for stage in rules.stages.values()):
        yield _Found(rules.line, rules.name, f"A {rules.name} never ends.")


# Seats


def _no_seat(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        if step.by == NETWORK:
            continue
        for stage in (rules.first,) if step.starts else step.stages:
            seats = {*rules.stages[stage].seats, *rules.may_sit}
            if not rules.stages[stage].final and not (seats if step.by == SEATED else step.by in seats):
                yield _Found(step.line, step.name, f"`{step.name}` is for the {step.by}, who has no seat in `{stage}`.")


def _position_sits_nowhere(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for position in rules.positions:
        if position not in _sitters(rules):
            yield _Found(rules.line, position, f"The position `{position}` of {rules.name} sits nowhere.")


def _network_sits(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    if NETWORK in _sitters(rules):
        yield _Found(rules.line, rules.name, f"The network has a seat on the {rules.name}.")


def _many_without_seat(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for who in rules.many:
        if who not in _sitters(rules):
            yield _Found(rules.line, who, f"`many` of {rules.name} names `{who}`, who may not sit there.")


def _opens_without_seat(charter: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        if not step.opens or step.by == NETWORK:
            continue
        there = charter.subjects[step.opens]
        seats = {*there.stages[there.first].seats, *there.may_sit}
        roles = {role for seat in seats for role in there.positions.get(seat, (seat,))}
        if not roles & set(rules.roles_of(step.by)):
            yield _Found(
                step.line, step.name, f"`{step.name}` opens a {step.opens}, but the {step.by} may not sit there."
            )


def _told_without_seat(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    roles = set(rules.seatable_roles) | _sitters(rules) | {SEATED}
    for step in _own_steps(rules):
        for who in (*step.tell, *step.consulted):
            if who not in roles:
                yield _Found(
                    step.line, step.name, f"`{step.name}` names the {who}, who has no seat on the {rules.name}."
                )


def _tells_itself(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        if step.by in (*step.tell, *step.consulted):
            yield _Found(step.line, step.name, f"`{step.name}` tells or asks the {step.by}, who takes it.")


# The network


def _network_without_when(charter: Charter) -> Iterator[_Found]:
    for step in charter.all_steps():
        if step.by == NETWORK and not step.when:
            yield _Found(step.line, step.name, f"`{step.name}` is taken by the network, but it does not say when.")


def _people_with_when(charter: Charter) -> Iterator[_Found]:
    for step in charter.all_steps():
        if step.by != NETWORK and step.when:
            yield _Found(step.line, step.name, f"`{step.name}` is taken by people, not by rule.")


def _network_with_clock(charter: Charter) -> Iterator[_Found]:
    for step in charter.all_steps():
        if step.by == NETWORK and step.within:
            yield _Found(step.line, step.name, f"`{step.name}` is taken by the network at once.")


# Facts


def _given(rules: SubjectRules) -> set[str]:
    return {fact for step in rules.steps.values() for fact in step.gives}


def _needed_never_given(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    given = _given(rules)
    for step in _own_steps(rules):
        for need in step.needs:
            if need.fact not in given:
                near = get_close_matches(need.fact, sorted(given), n=1)
                yield _Found(
                    step.line, step.name, f"`{step.name}` needs `{need}`, but no step gives `{need.fact}`.",
                    f"Did you mean `{near[0]}`?" if near else "",
                )  # fmt: skip


def _dropped_never_given(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    given = _given(rules)
    for step in _own_steps(rules):
        for fact in step.drops:
            if fact not in given:
                yield _Found(step.line, step.name, f"`{step.name}` drops `{fact}`, which no step gives.")


def _contradictory(rules: SubjectRules) -> dict[str, Need]:
    """Per step, the need that another one contradicts; wanting a fact in any form contradicts `not any` of it."""
    found: dict[str, Need] = {}
    for step in _own_steps(rules):
        wanted = {(need.fact, over) for need in step.needs if not need.negated for over in (need.over, "any")}
        for need in step.needs:
            if need.negated and (need.fact, need.over) in wanted:
                found[step.name] = need
    return found


def _contradicts_itself(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for name, need in _contradictory(rules).items():
        yield _Found(rules.steps[name].line, name, f"`{name}` needs `{need.fact}` and `{need}`.")


def _gives_and_drops(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        for fact in set(step.gives) & set(step.drops):
            yield _Found(step.line, step.name, f"`{step.name}` gives and drops `{fact}`.")


def _clock_on_nothing(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        if step.within and not (step.gives or step.drops or step.to or step.opens):
            yield _Found(step.line, step.name, f"`{step.name}` has a time target, but nothing shows that it was done.")


def _consent_for_ever(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        for fact in step.gives:
            if fact.split("_")[-1] != "consent":
                continue
            ways = [way for way in _own_steps(rules) if fact in way.drops and way.by == step.by]
            stuck = [stage for stage in step.stages if not any(stage in way.stages for way in ways)]
            if stuck:
                yield _Found(step.line, step.name, f"The {step.by} cannot withdraw `{fact}` in {', '.join(stuck)}.")


# Lanes


def _lane_facts(rules: SubjectRules) -> frozenset[str]:
    return frozenset(rules.lanes.facts if rules.lanes else ())


def _changes_lane_from_outside(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        for fact in sorted(_lane_facts(rules) & {*step.gives, *step.drops}):
            if not step.on_lane:
                yield _Found(step.line, step.name, f"`{step.name}` changes `{fact}`, but on which lane?")


def _needs_lane_from_outside(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        for need in step.needs:
            if need.fact in _lane_facts(rules) and not need.over and not step.on_lane:
                yield _Found(step.line, step.name, f"`{step.name}` needs `{need}`, but on which lane?")


def _lanes_cannot_work(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    if rules.lanes is None:
        return
    if not rules.steps[rules.lanes.until].on_lane:
        yield _Found(rules.lanes.line, rules.name, f"`{rules.lanes.until}` leaves one lane, but does not say which.")
    for role in rules.lanes.roles:
        if role not in rules.seatable_roles:
            yield _Found(rules.lanes.line, role, f"The {role} has lanes on the {rules.name}, but may not sit there.")


# Roles, crafts and data


def _clinical_by_others(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        others = [role for role in may_take(rules, step) if role not in CLINICAL_ROLES]
        if step.kind == "clinical" and others:
            yield _Found(step.line, step.name, f"`{step.name}` is clinical, but the {others[0]} may take it.")


def _uses_unseen(charter: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in rules.steps.values():
        for role in rules.roles_of(step.by):
            for name in step.sees:
                if not _sees(charter, role, name):
                    yield _Found(step.line, step.name, f"`{step.name}` uses {name} data, which the {role} may not see.")


def _appointed_unseen(charter: Charter, rules: SubjectRules) -> Iterator[_Found]:
    for step in _own_steps(rules):
        for role in step.may_appoint:
            for name in step.sees:
                if not _sees(charter, role, name):
                    yield _Found(
                        step.line, step.name, f"`{step.name}` uses {name} data, which an appointed {role} may not see."
                    )


def _handed_to_unseeing(charter: Charter) -> Iterator[_Found]:
    for step in charter.all_steps():
        for role in step.hands_on:
            if charter.data.get("clinical", {}).get(role) != "consent":
                yield _Found(
                    step.line, step.name, f"`{step.name}` hands records to the {role}, who has no sight by consent."
                )


def _acting_roles(charter: Charter) -> set[str]:
    return {
        role for rules in charter.subjects.values() for step in _own_steps(rules) for role in may_take(rules, step)
    }  # fmt: skip


def _named_roles(charter: Charter) -> set[str]:
    named: set[str] = set()
    for rules in charter.subjects.values():
        named.update(rules.seatable_roles)
        for step in _own_steps(rules):
            for who in (*step.tell, *step.consulted):
                named.update(rules.roles_of(who))
            named.update(step.hands_on)
    return named


def _only_told(charter: Charter) -> Iterator[_Found]:
    for role in charter.roles:
        if role in _named_roles(charter) - _acting_roles(charter):
            yield _Found(charter.lines[f"roles.{role}"], role, f"The {role} is told or seated, but takes no step.")


def _no_part(charter: Charter) -> Iterator[_Found]:
    for role in charter.roles:
        if role not in _named_roles(charter) | _acting_roles(charter):
            yield _Found(charter.lines[f"roles.{role}"], role, f"The {role} has no part in any subject.")


def _separated_twice(charter: Charter) -> Iterator[_Found]:
    seen: set[frozenset[str]] = set()
    for separation in charter.separations:
        pair = frozenset(separation.roles)
        if pair in seen:
            roles = " and ".join(separation.roles)
            yield _Found(separation.line, roles, f"{roles} are separated twice.")
        seen.add(pair)


def _appoints_forbidden(charter: Charter) -> Iterator[_Found]:
    forbidden = {frozenset(one.roles) for one in charter.separations if one.rule == "forbidden"}
    for rules in charter.subjects.values():
        for step in _own_steps(rules):
            for role in rules.roles_of(step.by):
                for other in step.may_appoint:
                    if frozenset({role, other}) in forbidden:
                        yield _Found(step.line, step.name, f"The {role} may appoint the {other}, but may not be one.")


def _unused_class(charter: Charter) -> Iterator[_Found]:
    used = {name for step in charter.all_steps() for name in (*step.sees, *step.writes)}
    for name, sights in charter.data.items():
        if name not in used:
            yield _Found(charter.lines[f"data.{name}"], name, f"No step uses {name} data.")
        elif not any(sight in IN_SIGHT for sight in sights.values()):
            yield _Found(charter.lines[f"data.{name}"], name, f"Nobody may see {name} data.")


def _clinical_without_consent(charter: Charter) -> Iterator[_Found]:
    for role, sight in charter.data.get("clinical", {}).items():
        if role != "patient" and sight in ("own", "seat"):
            yield _Found(charter.lines["data.clinical"], role, f"The {role} sees clinical data without consent.")


def _patient_blind(charter: Charter) -> Iterator[_Found]:
    for name, sights in charter.data.items():
        if "consent" in sights.values() and sights.get("patient") not in IN_SIGHT:
            yield _Found(charter.lines[f"data.{name}"], name, f"The patient does not see their own {name} data.")


def _group_too_small(charter: Charter) -> Iterator[_Found]:
    if charter.smallest_group < SMALLEST_GROUP:
        yield _Found(
            charter.lines["smallest_group"], "smallest_group", f"Figures may be about {charter.smallest_group} people."
        )


def _thresholds_crossed(charter: Charter) -> Iterator[_Found]:
    if charter.disclose_from >= charter.connected_at:
        yield _Found(charter.lines["disclose_from"], "disclose_from", "`disclose_from` is not below `connected_at`.")


# Promises


def _never_taken(rules: SubjectRules) -> Iterator[tuple[str, _Found]]:
    """CP013 and CP030 from one walk; steps with a plainer mistake are left to its own code."""
    never = {step.name: step for step in steps_never_taken(rules)}
    given = _given(rules)
    for name, step in never.items():
        if name not in _contradictory(rules) and all(need.fact in given or need.negated for need in step.needs):
            yield "CP013", _Found(step.line, name, f"`{name}` can never be taken: its needs never hold in its stages.")
    for promise in rules.promises:
        if promise.form == "never" and promise.step in never:
            yield "CP030", _Found(promise.line, promise.step, f"`{promise.step}` can never be taken anyway.")


def _nothing_promised(_: Charter, rules: SubjectRules) -> Iterator[_Found]:
    if not rules.promises:
        yield _Found(rules.line, rules.name, f"Nothing is promised about the {rules.name}.")


OF_CHARTER: dict[str, _OfCharter] = {
    "CP009": _network_without_when,
    "CP010": _people_with_when,
    "CP019": _handed_to_unseeing,
    "CP020": _only_told,
    "CP021": _no_part,
    "CP022": _separated_twice,
    "CP023": _appoints_forbidden,
    "CP029": _network_with_clock,
    "CP032": _unused_class,
    "CP033": _clinical_without_consent,
    "CP034": _group_too_small,
    "CP035": _thresholds_crossed,
    "CP040": _patient_blind,
}
OF_SUBJECT: dict[str, _OfSubject] = {
    "CP002": _no_way_in,
    "CP003": _no_way_out,
    "CP004": _no_end_in_reach,
    "CP005": _taken_in_final_stage,
    "CP006": _nothing_begins_it,
    "CP007": _no_final_stage,
    "CP008": _no_seat,
    "CP011": _needed_never_given,
    "CP012": _dropped_never_given,
    "CP014": _contradicts_itself,
    "CP015": _gives_and_drops,
    "CP016": _clinical_by_others,
    "CP017": _uses_unseen,
    "CP018": _appointed_unseen,
    "CP024": _changes_lane_from_outside,
    "CP025": _needs_lane_from_outside,
    "CP026": _lanes_cannot_work,
    "CP027": _told_without_seat,
    "CP028": _tells_itself,
    "CP031": _nothing_promised,
    "CP036": _consent_for_ever,
    "CP037": _position_sits_nowhere,
    "CP038": _network_sits,
    "CP039": _many_without_seat,
    "CP041": _opens_without_seat,
    "CP042": _clock_on_nothing,
}
