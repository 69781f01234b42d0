"""Finding services: the reader's words, a narrow table of what is listed, and one page of it.

Words: a *procedure* is a line of `data/procedures.yaml`; a *listing* is a service as search sees it, with everything
that a reader filters by in one row.

Others call `vocabulary.procedures`, `index.refresh` after the directory changed, and `search.found`.
"""
