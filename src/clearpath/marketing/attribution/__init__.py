"""Which channels brought what: seven models over the paths that people took, none of them the truth.

Words: a *path* is the touches of a person in their order, each through one *channel*; some who took it *converted*;
the *whole* is what they brought, in minor units; a model divides it into *credits*, one for each channel, and the
credits of every model add up to the whole exactly. Nothing here knows of the database or of a person.

Others call `read` for a file, `Paths.of` for rows, `divide` and `interval`; `MODELS` has a sentence on each model.
"""

from clearpath.marketing.attribution.interval import interval, is_small
from clearpath.marketing.attribution.models import HALF_LIFE, MODELS, divide
from clearpath.marketing.attribution.paths import Paths
from clearpath.marketing.attribution.reading import FileRefusedError, Problem, Reading, read

__all__ = [
    "HALF_LIFE",
    "MODELS",
    "FileRefusedError",
    "Paths",
    "Problem",
    "Reading",
    "divide",
    "interval",
    "is_small",
    "read",
]
