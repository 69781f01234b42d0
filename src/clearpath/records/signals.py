"""What records announce once a step is done, to whom it may concern above."""

from django.dispatch import Signal

treated = Signal()  # journey_id, treated_on: something was done to the patient
readmitted = Signal()  # journey_id: the patient had to be taken in again
