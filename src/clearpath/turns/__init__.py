"""The step and sight: who takes it now, what follows, who is told, and who may see it.

Words: a *subject* has stages, facts, lanes and seats; a *step* is one thing somebody does on it; a *task* is a
step that is somebody's turn now; a *hand-off* offers a task to the role whose part it is.

Others call `step.step`, `step.begin`, `step.remember`, `step.announce`, `sight.register`, `sight.visible`,
`sight.shown`, `hooks.*` and inherit from `subject.Subject`.
"""
