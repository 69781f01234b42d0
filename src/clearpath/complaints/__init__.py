"""What a patient complains about, heard by the steward, who earns from nobody.

Words: a *complaint* may be about a journey, during it or after it; *post* is what patient and steward say in turn.
"""
