"""The charter: who does what, who sees what, and what can never happen, as one file that people can read.

A *subject* has *stages*; on it, *roles* take *steps*, which need and give *facts*. Others call
`document.read` and `document.default_charter`, `decide.compile_charter` and its tables, `lint.lint`,
`prove.prove`, `whose_turn.turns`, `show.matrix_rows`, `diff.diff`; `Actor` and `Standing` are what a
decision is asked with. Plain Python: nothing here but the command knows of Django.
"""
