"""A walker written a second time, straight from the grammar, with sets: what the proofs are held to."""

from collections import deque
from collections.abc import Iterator

from clearpath.charter.terms import Need, Step, SubjectRules

State = tuple[str, frozenset[str], tuple[frozenset[str], ...]]  # stage, the subject's facts, those of each lane


def holds(need: Need, facts: frozenset[str], lanes: tuple[frozenset[str], ...], lane: int | None) -> bool:
    if need.over == "every":
        found = bool(lanes) and all(need.fact in one for one in lanes)
    elif need.over == "any":
        found = any(need.fact in one for one in lanes)
    else:
        found = need.fact in facts or (lane is not None and need.fact in lanes[lane])
    return found != need.negated


def lanes_for(step: Step, state: State) -> list[int | None]:
    """The lanes on which the step can be taken; [None] for a step about the whole subject."""
    stage, facts, lanes = state
    if stage not in step.stages:
        return []
    about: list[int | None] = [*range(len(lanes))] if step.on_lane else [None]
    return [lane for lane in about if all(holds(need, facts, lanes, lane) for need in step.needs)]


def after(rules: SubjectRules, step: Step, state: State, lane: int | None) -> State:
    """Lanes keep their places: nothing here knows that they are interchangeable."""
    stage, facts, lanes = state
    kept_on_lane = frozenset(rules.lanes.facts if rules.lanes else ())
    gives, drops = frozenset(step.gives), frozenset(step.drops)
    facts = (facts - (drops - kept_on_lane)) | (gives - kept_on_lane)
    if lane is not None:
        one = (lanes[lane] - (drops & kept_on_lane)) | (gives & kept_on_lane)
        lanes = (*lanes[:lane], one, *lanes[lane + 1 :])
        if rules.lanes and rules.lanes.until == step.name:
            lanes = (one,)
    return step.to or stage, facts, lanes


def start(rules: SubjectRules, lanes: int) -> State:
    return rules.first, frozenset(), (frozenset(),) * (lanes if rules.lanes else 0)


def steps_by_stage(rules: SubjectRules) -> dict[str, list[Step]]:
    """The steps that change anything, under each stage in which they may be taken."""
    return {
        stage: [step for step in rules.steps.values() if stage in step.stages and (step.gives or step.drops or step.to)]
        for stage in rules.stages
    }


def next_states(
    rules: SubjectRules, steps: dict[str, list[Step]], state: State, opening: int = 0
) -> Iterator[tuple[str, int | None, State]]:
    """Every step that can be taken; `opening`: up to so many lanes may also open one by one, until one is chosen."""
    for step in steps[state[0]]:
        for lane in lanes_for(step, state):
            yield step.name, lane, after(rules, step, state, lane)
    if rules.lanes and len(state[2]) < opening and "offer_accepted" not in state[1]:
        yield "a lane opens", None, (state[0], state[1], (*state[2], frozenset()))


def merged(state: State) -> State:
    return state[0], state[1], tuple(sorted(state[2], key=sorted))


def walked(rules: SubjectRules, lanes: int = 2, opening: int = 0, *, merge: bool = False) -> dict[State, int]:
    """Every reachable state with the number of steps to it; `merge` counts states that differ in lane order once."""
    first = start(rules, lanes)
    steps = steps_by_stage(rules)
    found = {first: 0}
    waiting = deque([first])
    while waiting:
        state = waiting.popleft()
        for _, _, to in next_states(rules, steps, state, opening):
            to = merged(to) if merge else to
            if to not in found:
                found[to] = found[state] + 1
                waiting.append(to)
    return found


def never_broken_after(rules: SubjectRules, found: dict[State, int], step: Step, need: Need) -> int | None:
    """The least number of steps, the last one included, after which the step is taken without the need."""
    for state, count in found.items():
        if any(not holds(need, state[1], state[2], lane) for lane in lanes_for(step, state)):
            return count + 1
    return None


def always_broken_after(found: dict[State, int], step: Step, stages: tuple[str, ...]) -> int | None:
    for state, count in found.items():
        if state[0] in stages and not lanes_for(step, state):
            return count
    return None


def reachable_broken_after(rules: SubjectRules, found: dict[State, int], stage: str, without: str) -> int | None:
    before: dict[State, list[State]] = {}
    steps = steps_by_stage(rules)
    for state in found:
        for name, _, to in next_states(rules, steps, state):
            if name != without:
                before.setdefault(merged(to), []).append(state)
    good = {state for state in found if state[0] == stage}
    waiting = list(good)
    while waiting:
        for state in before.get(waiting.pop(), ()):
            if state not in good:
                good.add(state)
                waiting.append(state)
    return next((count for state, count in found.items() if state not in good), None)
