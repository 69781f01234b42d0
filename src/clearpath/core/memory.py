"""When the garbage collector looks, in a process that serves."""

import gc

MANY = 50_000  # new objects; the facts of 10,000 resources make fewer


def settle() -> None:
    """Call it once all is loaded: what is there stays, and what comes is looked through less often.

    Looked through again and again, it would make pages wait; what one page makes goes when it is sent.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MANY, 20, 20)
