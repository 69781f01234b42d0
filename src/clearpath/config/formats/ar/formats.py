"""12,450.00 as CLDR has it for Arabic with Latin digits. Django groups nothing there and takes a comma for the point,
so that one price stood in two ways on one page."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
