"""Who earns what on a journey: for each offer the amounts that go to whom, from the agreements on file.

`amounts` and `flows` are pure computation, `picture` draws, `telling` says it in sentences, `queries` reads.
"""
