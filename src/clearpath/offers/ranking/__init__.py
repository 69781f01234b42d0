"""In which order services are shown, and why: a published rule, a pure function, sentences.

`rule` reads `data/ranking.yaml`; `score` judges one provider for one procedure from `Known` facts alone; `wording` says
it to people. Nothing here can reach a database, a fee or an owner: import-linter and a property test hold that.
"""
