"""One public implementation on a file of paths: python peer.py NAME FILE. Prints one JSON document.

Each reads the file with the reader it is made for, then divides by every model of ours that it has. Timed is what it
works, by all its threads, without the time to import it.
"""

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

Result = dict[str, dict[str, float]]  # what each model says of each channel
Timed = Iterator[tuple[str, Callable[[], dict[str, float]]]]


def channel_attribution(file: str) -> Timed:
    """C++; its Markov chain is simulated until the result settles. Its Shapley value is sold separately."""
    import ChannelAttribution
    import pandas

    held: dict[str, Any] = {}

    def read() -> dict[str, float]:
        held["rows"] = pandas.read_csv(file)
        held["rows"]["null"] = held["rows"]["total"] - held["rows"]["converted"]
        return {}

    def rules() -> dict[str, float]:
        table = ChannelAttribution.heuristic_models(
            held["rows"], "path", "converted", var_value="value", sep=">", flg_pro=False
        ).set_index("channel_name")
        held["rules"] = {name: table[f"{name}_touch_value"].to_dict() for name in ("first", "last", "linear")}
        return {}

    def markov() -> dict[str, float]:
        found = ChannelAttribution.markov_model(
            held["rows"], "path", "converted", var_value="value", var_null="null", sep=">", out_more=True,
            verbose=False, flg_pro=False, seed=1,
        )  # fmt: skip
        effects = found["removal_effects"].set_index("channel_name")
        return effects["removal_effects_conversion"].to_dict()

    yield "read", read
    yield "rules", rules
    for name in ("first", "last", "linear"):
        yield name, lambda name=name: held["rules"][name]
    yield "markov", markov


def marketing_attribution_models(file: str) -> Timed:
    """Polars. Its Shapley value is of another worth, over at most four channels of a path, as it comes."""
    import polars as pl
    from mam import MAM

    held: dict[str, Any] = {}

    def read() -> dict[str, float]:
        rows = pl.read_csv(file)
        null = pl.col("total") - pl.col("converted")
        converted = rows.filter(pl.col("converted") > 0).select(
            "path", pl.col("converted").alias("people"), "value", pl.lit(True).alias("has")
        )
        others = rows.filter(null > 0).select(
            "path", null.alias("people"), pl.lit(0, pl.Int64).alias("value"), pl.lit(False).alias("has")
        )
        held["mam"] = MAM(
            pl.concat([converted, others]), "grouped_journey", channels_colname="path", journey_with_conv_colname="has",
            occurrences_colname="people", path_separator=">", conversion_value_colname="value",
        )  # fmt: skip
        return {}

    def run(name: str) -> dict[str, float]:
        table = getattr(held["mam"], f"run_{name}")()._aggregated_df
        return dict(zip(table["channels"].cast(pl.String).to_list(), table["attribution"].to_list(), strict=True))

    def markov() -> dict[str, float]:
        return held["mam"].run_markov().metadata["removal_effect"]["removal_effect"].to_dict()

    yield "read", read
    for ours, theirs in (("first", "first_click"), ("last", "last_click"), ("linear", "linear")):
        yield ours, lambda theirs=theirs: run(theirs)
    yield "position", lambda: run("position_based")
    yield "markov", markov
    yield "shapley_of_its_own", lambda: run("shapley")


def mta(file: str) -> Timed:
    """Pandas. The same Shapley value as ours, by every coalition; its Markov chain follows the observed paths alone."""
    import pandas
    from mta import MTA

    held: dict[str, Any] = {}

    def read() -> dict[str, float]:
        rows = pandas.read_csv(file)
        rows["total_conversions"], rows["total_null"] = rows["converted"], rows["total"] - rows["converted"]
        held["mta"] = MTA(rows, sep=">", allow_loops=True, add_timepoints=False, normalize_by_default=False)
        return {}

    def run(name: str) -> dict[str, float]:
        getattr(held["mta"], name)(normalize=False)
        return dict(held["mta"].attribution[name])

    yield "read", read
    for ours, theirs in (("first", "first_touch"), ("last", "last_touch"), ("shapley", "shapley")):
        yield ours, lambda theirs=theirs: run(theirs)


PEERS = {each.__name__: each for each in (channel_attribution, marketing_attribution_models, mta)}


def main(name: str, file: str) -> None:
    seconds, found = {}, {}
    with contextlib.redirect_stdout(io.StringIO()):  # some print as they go
        for step, run in PEERS[name](file):
            worked, clock = time.process_time(), time.perf_counter()
            result = run()
            seconds[step] = {"worked": time.process_time() - worked, "on_the_clock": time.perf_counter() - clock}
            if result:
                found[step] = result
    print(json.dumps({"seconds": seconds, "found": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
