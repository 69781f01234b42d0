"""Who meets whom, when and where: the best plan for a forum, with a proof of how good it is.

Plain Python and numpy: no database, no request. `Problem` is what is asked, `Answer` what is found. A *meeting* is one
that may take place, between two delegates; a *slot* is a stretch of time in which everybody has at most one.
"""
