"""B2B events that bring organisations together, and the meetings in them.

Words: a *participant* is an organisation invited to a forum, a *delegate* a person who comes for one (a *guest*, where
it is not on the network); a *session* is a stretch of slots, a *hall* tables that stand together; a *wish* is whom a
delegate wants to meet, and how much; a *meeting* is one of two delegates; an *agenda* is a delegate's meetings with
their times; a *plan* gives meetings their times, a *repair* changes one that is out; a *next step* is what two
delegates agree to do after their meeting, a *connection* what became of a pair of organisations that met. A B2B event
is a forum, so that `event` never means two things.
"""
