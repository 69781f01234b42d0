"""Offers side by side: the same basket, one currency at a dated rate, what is left out, and the whole to the door.

Pure: it reads no database and asks nobody. `offered` is an offer as it is compared, `basket` puts offers beside each
other, `reading` takes them from a file, `wording` says the result in the reader's language, `printed` puts it on
paper. What nobody says stays unknown; it is never made up.
"""

from clearpath.offers.comparing.basket import Comparison, compare
from clearpath.offers.comparing.offered import Offered

__all__ = ["Comparison", "Offered", "compare"]
