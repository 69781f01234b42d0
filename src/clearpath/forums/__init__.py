"""B2B events that bring organisations together, and the meetings in them.

Words: a *participant* is an organisation invited to a forum, a *delegate* a person whom it registers; a *meeting* is
one of two delegates, proposed by one and accepted by the other; an *agenda* is a delegate's meetings with their
times. A *next step* is what two delegates agree to do after their meeting, a *connection* what became of a pair of
organisations that met. A B2B event is a forum, so that `event` never means two things.
"""
