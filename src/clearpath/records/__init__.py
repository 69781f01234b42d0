"""Clinical records of a journey: what was received, what doctors wrote, and who looked at it.

Words: a *record* is a file as it was received; its *summary* is what a page shows of it, derived from the bytes; a
*digest* is what was read out of a record once; an *opinion* is a doctor's structured answer; a *note* is any other text
that a doctor writes; the *pack* is what a patient takes home; the *room* is where medical questions wait for a doctor.

Others call `queries` (record_for, records_for, file_for, flight_window, is_own), `written.also_written`,
`summaries.summary_for`, and the steps.
Whoever reads clinical data through these queries leaves an entry in the log.
"""
