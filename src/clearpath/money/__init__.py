"""What is signed, held, invoiced, refunded and settled on a journey. Amounts only: no money moves here.

Others call `queries` (money_rows_for) and the steps.
"""
