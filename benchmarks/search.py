"""The first page of services out of 100,000, beside the same search in tantivy on the same data in the same run.

    python benchmarks/search.py --json                                    # SQLite
    tools/with_postgres.sh python benchmarks/search.py --json             # PostgreSQL
    python benchmarks/search.py --keep /tmp/search.sqlite3                # makes the data once, and uses it again

2,000 providers with 50 services each, in 25 countries, with evidence, doctors, room, outcomes and reviews, so that they
stand differently in the ranking; all of chance with a seed. Every search is asked for as a person asks: words in one of
three languages, some with a mistake, and filters. `page` reads all that a reader sees of twelve services, with their
provider, place and facts; `keys` finds the twelve alone, as the peer does in an index in memory, sorted by the same
score: `ratio` compares these two. Before anything is timed both must find the same services for every question without
a mistake, and keep the same order of scores; with mistakes each understands words in its own way, and only the times
are compared.
"""

import os
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

from common import arguments, each, goal, quantile, report, say

ASKED = arguments(
    __doc__,
    services={"type": int, "default": 100_000},
    keep={"default": "", "help": "a SQLite file that is made when it is missing and used again"},
    rounds={"type": int, "default": 400, "help": "searches timed of each kind"},
    seed={"type": int, "default": 1},
    plans={"action": "store_true", "help": "print how the database reads each kind"},
)
FOLDER = tempfile.TemporaryDirectory()
if not os.environ.get("CLEARPATH_DATABASE"):
    os.environ["CLEARPATH_DATABASE"] = f"sqlite:///{ASKED.keep or FOLDER.name + '/search.sqlite3'}"
os.environ["CLEARPATH_HOME"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "clearpath.config.settings"

import django  # noqa: E402

django.setup()

import tantivy  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from clearpath.core.identifiers import new_id  # noqa: E402
from clearpath.offers.finding import bits, costs, index, search  # noqa: E402
from clearpath.offers.finding.asking import EMPTY, plain, understood  # noqa: E402
from clearpath.offers.finding.search import Wish  # noqa: E402
from clearpath.offers.finding.vocabulary import procedures  # noqa: E402
from clearpath.offers.models import Capacity, Listing, Outcome, Practitioner, Review, Service, Site  # noqa: E402
from clearpath.parties.models import Evidence, HeldRole, Organisation  # noqa: E402

MOST_MS = 50
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
SQLITE = connection.vendor == "sqlite"
PER_PROVIDER = 50
COUNTRIES = sorted(costs.costs().countries)[::4]
CITIES = ("Istanbul", "İzmir", "Bangkok", "Delhi", "Kraków", "Seoul", "Tbilisi", "São Paulo", "Amman", "Budapest")
CURRENCIES = ("EUR", "USD", "TRY", "GBP")
SPOKEN = ("en", "tr", "ar", "de", "fr", "ru", "es", "fa")

# The data


def fill(count: int, chance: random.Random) -> None:
    keys = [_organisation(number, chance) for number in range(count // PER_PROVIDER)]
    for start in range(0, len(keys), 200):
        some = keys[start : start + 200]
        sites = [_site(key, chance) for key in some]
        Site.objects.bulk_create(sites)
        HeldRole.objects.bulk_create(HeldRole(organisation_id=key, role="provider", since=NOW) for key in some)
        Evidence.objects.bulk_create(piece for key in some for piece in _evidence(key, chance))
        Practitioner.objects.bulk_create(_doctor(key, chance) for key in some)
        Capacity.objects.bulk_create(room for site in sites for room in _room(site, chance))
        services = [each for site in sites for each in _services(site, chance)]
        Service.objects.bulk_create(services)
        outcomes = [each for key in some for each in _outcomes(key, chance)]
        Outcome.objects.bulk_create(outcomes)
        Review.objects.bulk_create(_review(each, chance) for each in outcomes if chance.random() < 0.2)


def _organisation(number: int, chance: random.Random) -> Any:
    made = Organisation(
        kind="organisation", charter="2026.1", stage="verified", facts=[], opened_at=NOW, stage_since=NOW,
        name=f"Hospital {number}", country=chance.choice(COUNTRIES),
    )  # fmt: skip
    made.save()
    return made.pk


def _site(provider: Any, chance: random.Random) -> Site:
    return Site(
        provider_id=provider, reference="1", name="Main", country=chance.choice(COUNTRIES), city=chance.choice(CITIES)
    )


def _evidence(provider: Any, chance: random.Random) -> Iterator[Evidence]:
    for kind in ("licence", "accreditation")[: chance.choice((1, 2, 2))]:
        yield Evidence(
            organisation_id=provider, role="provider", kind=kind, body="Ministry", number="1", source="register",
            valid_from=TODAY - timedelta(days=400), valid_to=TODAY + timedelta(days=chance.randrange(5, 900)),
            added_at=NOW, checked_on=TODAY,
        )  # fmt: skip


def _doctor(provider: Any, chance: random.Random) -> Practitioner:
    return Practitioner(
        provider_id=provider, reference="1", name="Doctor", languages=chance.sample(SPOKEN, 2), licence="1"
    )


def _room(site: Site, chance: random.Random) -> Iterator[Capacity]:
    monday = TODAY - timedelta(days=TODAY.weekday())
    for number in range(26):
        if chance.random() < 0.5:
            yield Capacity(site=site, week=monday + timedelta(weeks=number), places=chance.randrange(4))


def _services(site: Site, chance: random.Random) -> Iterator[Service]:
    for key in chance.sample(sorted(procedures()), PER_PROVIDER):
        price = chance.randrange(50_000, 3_000_000)
        yield Service(
            provider_id=site.provider_id, site=site, reference=key, procedure=key, title=key, includes="Everything",
            stay_nights=chance.randrange(8), recovery_days=chance.randrange(15), languages=chance.sample(SPOKEN, 3),
            price_from_minor=price, price_to_minor=price + price // 5, currency=chance.choice(CURRENCIES),
            priced_on=TODAY - timedelta(days=chance.randrange(500)),
        )  # fmt: skip


def _outcomes(provider: Any, chance: random.Random) -> Iterator[Outcome]:
    """Their journeys point nowhere: no search reads them."""
    good = chance.uniform(0.6, 1)
    for _number in range(chance.randrange(40)):
        state = "well" if chance.random() < good else chance.choice(("complication", "lost", "waiting"))
        yield Outcome(
            journey_id=new_id(), provider_id=provider, procedure=chance.choice(sorted(procedures())), state=state,
            treated_on=TODAY - timedelta(days=chance.randrange(800)), noted_at=NOW,
        )  # fmt: skip


def _review(outcome: Outcome, chance: random.Random) -> Review:
    return Review(
        journey_id=outcome.journey_id, provider_id=outcome.provider_id, stars=chance.choice((2, 4, 5, 5)), text="Good",
        language="en", written_at=NOW,
    )  # fmt: skip


def made() -> float:
    """Seconds that it took to make all listings, 0 when they were there."""
    call_command("migrate", verbosity=0)
    if Listing.objects.count():
        return 0.0
    say(f"making {ASKED.services:,} services ...")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF" if SQLITE else "SET session_replication_role = replica")
        with transaction.atomic():
            fill(ASKED.services, random.Random(ASKED.seed))
        cursor.execute("PRAGMA foreign_keys = ON" if SQLITE else "SET session_replication_role = origin")
    say("making the listings ...")
    started = perf_counter()
    index.refresh_all(at=NOW)
    took = perf_counter() - started
    if not SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does by itself soon after
    return took


# The questions


def names(chance: random.Random) -> str:
    known = chance.choice([each for each in procedures().values() if _is_exact(each.words[0][0])])
    return known.words[0][0]


def _is_exact(name: str) -> bool:
    """That a name asks for one procedure alone, also for who knows no more than words."""
    said = plain(name)
    holding = {
        each.key for each in procedures().values() for words in each.words for word in words if said in plain(word)
    }
    return len(understood(name).procedures) == len(holding) == 1 and not set(said.split()) & EMPTY


def misspelt(name: str, chance: random.Random) -> str:
    """One letter changed in the longest word."""
    longest = max(name.split(), key=len)
    place = chance.randrange(1, len(longest) - 1)
    return name.replace(longest, longest[:place] + chance.choice("abcdefghij") + longest[place + 1 :])


def questions(chance: random.Random) -> dict[str, Callable[[], Wish]]:
    def named(**filters: Any) -> Wish:
        return Wish(words=names(chance), **filters)

    def country() -> str:
        return chance.choice(COUNTRIES)

    soon = {"first_day": TODAY + timedelta(days=14), "last_day": TODAY + timedelta(days=45)}
    return {
        "everything": lambda: Wish(),
        "words": lambda: named(),
        "words, country": lambda: named(country=country()),
        "words, budget to the door": lambda: named(home="KW", budget_minor=chance.randrange(200_000, 1_500_000)),
        "words, languages, accredited, dates": lambda: named(languages=("ar",), accredited=True, **soon),
        "part of the body": lambda: Wish(part=chance.choice(("teeth", "heart", "knee", "belly"))),
        "country": lambda: Wish(country=country()),
        "country, budget, dates, accredited": lambda: Wish(
            country=country(), home="DE", budget_minor=300_000, accredited=True, **soon
        ),
        "hardly anything fits": lambda: Wish(
            home="AU", budget_minor=175_000, languages=("fa",), accredited=True, **soon
        ),
    }


# The peer


class Peer:
    """The same listings in tantivy, in memory."""

    def __init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw")
        builder.add_text_field("words", tokenizer_name="whitespace")
        for name in ("procedure", "country", "city", "language", "week"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        for name in ("score", "there", "accredited"):
            builder.add_integer_field(name, indexed=True, fast=True)
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema)
        words = {
            key: " . ".join(plain(word) for words in each.words for word in words) for key, each in procedures().items()
        }
        writer = self.index.writer(heap_size=200_000_000, num_threads=1)
        for row in Listing.objects.iterator(chunk_size=5_000):
            writer.add_document(self._document(row, words[row.procedure]))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def _document(self, row: Listing, words: str) -> Any:
        document = tantivy.Document()
        for name, value in {
            "key": row.pk.hex, "words": words, "procedure": row.procedure, "country": row.country, "city": row.city,
        }.items():  # fmt: skip
            document.add_text(name, value)
        for code in bits.languages_of(row.languages):
            document.add_text("language", code)
        for place in range(bits.WEEKS):
            if row.open_weeks >> place & 1:
                document.add_text("week", str(place))
        document.add_integer("score", row.score)
        document.add_integer("there", -1 if row.there_minor is None else row.there_minor)
        document.add_integer("accredited", row.accredited_until.toordinal() if row.accredited_until else 0)
        return document

    def found(self, wish: Wish, size: int = search.PAGE, *, mistakes: int = 0) -> list[str]:
        hits = self.searcher.search(self._query(wish, mistakes), limit=size, count=False, order_by_field="score").hits
        return [self.searcher.doc(place)["key"][0] for _score, place in hits]

    def _query(self, wish: Wish, mistakes: int) -> Any:
        parts = [*self._words(plain(wish.words), mistakes)]
        if wish.part:
            of_part = [each.key for each in procedures().values() if wish.part in each.parts]
            parts.append(tantivy.Query.term_set_query(self.schema, "procedure", of_part))
        if wish.country:
            parts.append(tantivy.Query.term_query(self.schema, "country", wish.country))
        if wish.languages:
            parts.append(tantivy.Query.term_set_query(self.schema, "language", list(wish.languages)))
        if wish.accredited:
            parts.append(self._range("accredited", TODAY.toordinal() + 1, date.max.toordinal()))
        if wish.first_day:
            weeks = bits.week_bits(wish.first_day, wish.last_day or date.max, today=TODAY)
            places = [str(place) for place in range(bits.WEEKS) if weeks >> place & 1]
            parts.append(tantivy.Query.term_set_query(self.schema, "week", places))
        if wish.budget_minor is not None:
            parts.append(self._budget(wish))
        if not parts:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def _words(self, text: str, mistakes: int) -> Iterator[Any]:
        words = text.split()
        if mistakes:
            for word in words:
                yield tantivy.Query.fuzzy_term_query(self.schema, "words", word, distance=mistakes)
        elif len(words) == 1:
            yield tantivy.Query.term_query(self.schema, "words", words[0])
        elif words:
            yield tantivy.Query.phrase_query(self.schema, "words", words)

    def _range(self, name: str, least: int, most: int) -> Any:
        return tantivy.Query.range_query(self.schema, name, tantivy.FieldType.Integer, least, most)

    def _budget(self, wish: Wish) -> Any:
        by_cost: dict[int, list[str]] = {}
        for country in costs.costs().countries:
            travel = costs.travel_minor(wish.home, country)
            if travel is not None:
                by_cost.setdefault(travel, []).append(country)
        assert wish.budget_minor is not None
        return tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boolean_query(
                        [
                            (tantivy.Occur.Must, tantivy.Query.term_set_query(self.schema, "country", countries)),
                            (
                                tantivy.Occur.Must,
                                self._range("there", 0, max(0, wish.budget_minor - wish.travellers * travel)),
                            ),
                        ]
                    ),
                )
                for travel, countries in by_cost.items()
            ]
        )


# The measurement


def page(wish: Wish) -> Any:
    return search.found(wish, today=TODAY)


def keys(wish: Wish) -> list[str]:
    return [key.hex for _score, key in search.places_of(wish, understood(wish.words), today=TODAY)]


def check(peer: Peer, kinds: dict[str, Callable[[], Wish]]) -> int:
    """That both find the same services, each kind a few times; how many services were compared."""
    compared = 0
    for kind, ask in kinds.items():
        for _round in range(3):
            wish = ask()
            rows = search.listings_for(wish, understood(wish.words), today=TODAY)
            mine = {key.hex: score for key, score in rows.values_list("pk", "score")}
            theirs = peer.found(wish, size=ASKED.services)
            if mine.keys() != set(theirs):
                raise SystemExit(f"{kind}: {wish} finds {len(mine)} here and {len(theirs)} there")
            best = [mine[key] for key in theirs]
            if best != sorted(best, reverse=True) or [mine[key] for key in keys(wish)] != best[: search.PAGE]:
                raise SystemExit(f"{kind}: {wish} has another order here than there")
            compared += len(mine)
    return compared


def measure(peer: Peer, wishes: list[Wish], *, mistakes: int = 0) -> dict[str, Any]:
    """`page` is all that a reader sees; `keys` is what the peer does as well, and `ratio` compares these two."""
    asked = [(wish,) for wish in wishes]
    sides: dict[str, Callable[[Wish], Any]] = {
        "page": page,
        "keys": keys,
        "tantivy": lambda wish: peer.found(wish, mistakes=mistakes),
    }
    for run in sides.values():
        each(run, asked[:20])
    times = {side: each(run, asked) for side, run in sides.items()}
    told = {side: {f"p{share}_ms": ms(times[side], share) for share in (50, 99)} for side in sides}
    return {**told, "ratio": round(quantile(times["keys"], 0.5) / quantile(times["tantivy"], 0.5), 2)}


def ms(times: list[int], share: int) -> float:
    return round(quantile(times, share / 100) / 1e6, 3)


def show_plans(kinds: dict[str, Callable[[], Wish]]) -> None:
    for kind, ask in kinds.items():
        wish = ask()
        say(f"{kind}\n{search.listings_for(wish, understood(wish.words), today=TODAY)[: search.PAGE].explain()}")


def main() -> None:
    listing_seconds = made()
    say("making the peer's index ...")
    started = perf_counter()
    peer = Peer()
    peer_seconds = perf_counter() - started
    chance = random.Random(ASKED.seed + 1)
    kinds = questions(chance)
    if ASKED.plans:
        show_plans(kinds)
    say("comparing what both find ...")
    compared = check(peer, kinds)
    results = {}
    for kind, ask in kinds.items():
        say(f"{kind} ...")
        results[kind] = measure(peer, [ask() for _round in range(ASKED.rounds)])
    wrong = [Wish(words=misspelt(names(chance), chance)) for _round in range(ASKED.rounds)]
    results["words with a mistake"] = measure(peer, wrong, mistakes=1)
    many = Listing.objects.count()
    slowest = max(each["page"]["p99_ms"] for each in results.values())
    report(
        {
            "database": connection.vendor,
            "services": many,
            "compared": compared,
            "seconds_for_all_listings": round(listing_seconds, 1),
            "seconds_for_the_peers_index": round(peer_seconds, 1),
            "understood_with_a_mistake": sum(bool(understood(wish.words).procedures) for wish in wrong) / len(wrong),
            "searches": results,
            "goals": [goal(f"ms, first page of {many:,} services, p99 of the slowest kind", slowest, most=MOST_MS)],
        },
        ASKED,
    )


main()
