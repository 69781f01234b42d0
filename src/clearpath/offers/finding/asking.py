"""From the reader's own words to procedures: any of three languages, with typos, synonyms and parts of the body.

Everything happens in memory, among some two thousand phrases; the database is asked for keys alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from clearpath.offers.finding.vocabulary import parts, procedures
from clearpath.records.summary import papers

OTHER_FORMS = str.maketrans("کیھ", "كيه")  # of Arabic letters, as Persian and Urdu keyboards write them
SHORTEST_BEGINNING = 3  # letters that a beginning of a word needs to count as the word
SHORTEST_STEM = 4  # letters of our word that the reader may have lengthened by endings
LONGEST_EXACT = 3  # letters: so short a word is never taken for another one
ONE_MISTAKE = 7  # letters, up to which one mistake is forgiven; two in longer words
LIKE = 84  # of 100, for whole phrases without their gaps
MOST_LETTERS = 200
NEGLIGIBLE = 1e-9
# Words that say nothing of what is asked for.
EMPTY = frozenset({
    "a", "an", "and", "for", "i", "in", "my", "need", "of", "the", "to", "want", "with", "cost", "price",
    "cheap", "best",
    "bir", "icin", "ile", "ve", "istiyorum", "fiyat", "fiyati", "fiyatlari", "ucuz", "iyi",
    "في", "من", "علي", "مع", "اريد", "سعر", "اسعار", "تكلفه", "افضل", "ارخص",
})  # fmt: skip
# Words for any treatment: they help to tell phrases apart and find nothing alone.
GENERAL = frozenset({
    "surgery", "operation", "treatment", "therapy", "procedure", "repair", "removal",
    "ameliyat", "ameliyati", "tedavi", "tedavisi", "operasyon", "operasyonu", "cerrahi", "cerrahisi",
    "عمليه", "جراحه", "علاج", "عمليات",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody's words were understood as; no procedures: nothing was understood."""

    procedures: frozenset[str] = frozenset()
    is_guess: bool = False  # not as the words stand there, but near them


@dataclass(frozen=True, slots=True)
class Phrases:
    """Every phrase of the vocabulary: its words, the procedures it stands for, and which phrases hold a word."""

    words: Mapping[str, tuple[str, ...]]
    stands_for: Mapping[str, frozenset[str]]
    holding: Mapping[str, frozenset[str]]
    joined: Mapping[str, str]  # a phrase without its gaps -> the phrase


def plain(text: str) -> str:
    """Words without case, accents, dots of i, vowel signs or article: in one form, however they are written."""
    return papers.plain(text[:MOST_LETTERS].translate(OTHER_FORMS))


def understood(text: str) -> Asked:
    """The procedures that these words ask for."""
    words = [word for word in plain(text).split() if word not in EMPTY]
    joined = "".join(words)
    if len(words) == 1 and joined in phrases().joined:  # gaps left out
        return Asked(phrases().stands_for[phrases().joined[joined]])
    nearest = [_nearest(word) for word in words]
    found = _found(nearest)
    if found:
        return Asked(found, is_guess=nearest != words)
    found = _alike(joined) if words else frozenset()
    return Asked(found, is_guess=bool(found))


def _found(words: Iterable[str]) -> frozenset[str]:
    """The phrases that say most of what the words say, the rarer a word the more; whole phrases before others."""
    hits: dict[str, set[str]] = defaultdict(set)  # phrase -> its words that are said
    weight: dict[str, float] = defaultdict(float)
    for word in words:
        said = _meant(word)
        holding = {phrase for each in said for phrase in phrases().holding[each]}
        for phrase in holding:
            hits[phrase].update(said & set(phrases().words[phrase]))
            weight[phrase] += 0 if word in GENERAL else 1 / len(holding)
    most = max(weight.values(), default=0)
    best = [phrase for phrase in hits if most and weight[phrase] > most - NEGLIGIBLE]
    whole = [phrase for phrase in best if set(phrases().words[phrase]) - GENERAL <= hits[phrase]]
    longest = max((len(hits[phrase]) for phrase in whole), default=0)
    return _all([phrase for phrase in whole if len(hits[phrase]) == longest] or best)


def _all(found: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(phrases().stands_for[phrase] for phrase in found))


@cache
def _by_beginning() -> Mapping[str, tuple[str, ...]]:
    """The words of the vocabulary by their first letters."""
    found = defaultdict(list)
    for word in phrases().holding:
        found[word[:SHORTEST_BEGINNING]].append(word)
    return {beginning: tuple(words) for beginning, words in found.items()}


def _meant(word: str) -> frozenset[str]:
    """The words of the vocabulary that a word stands for: itself, one that it begins, or one to which endings came."""
    if word in phrases().holding:
        return frozenset({word})
    near = _by_beginning().get(word[:SHORTEST_BEGINNING], ())
    if len(word) < SHORTEST_BEGINNING:
        return frozenset()
    lengthened = {each for each in near if len(each) >= SHORTEST_STEM and word.startswith(each)}
    return frozenset(lengthened or {each for each in near if each.startswith(word)})


def _nearest(word: str) -> str:
    """The word of the vocabulary nearest to one that it does not know; the word itself when none is near."""
    if len(word) <= LONGEST_EXACT or _meant(word):
        return word
    mistakes = 1 if len(word) <= ONE_MISTAKE else 2
    found = process.extractOne(word, _all_words(), scorer=OSA.distance, score_cutoff=mistakes)
    return str(found[0]) if found else word


@cache
def _all_words() -> tuple[str, ...]:
    return tuple(word for word in phrases().holding if len(word) > LONGEST_EXACT)


def _alike(joined: str) -> frozenset[str]:
    """Phrases like all the words together: for gaps left out or put in, and for whole words misspelt."""
    found = process.extractOne(joined, phrases().joined.keys(), scorer=fuzz.ratio, score_cutoff=LIKE)
    return phrases().stands_for[phrases().joined[found[0]]] if found else frozenset()


@cache
def phrases() -> Phrases:
    stands_for: dict[str, set[str]] = defaultdict(set)
    for procedure in procedures().values():
        for words in procedure.words:
            for word in words:
                stands_for[plain(word)].add(procedure.key)
    for part in parts().values():
        of_part = {each.key for each in procedures().values() if part.key in each.parts}
        for words in part.words:
            for word in words:
                stands_for[plain(word)].update(of_part)
    split = {phrase: tuple(dict.fromkeys(phrase.split())) for phrase in stands_for}
    holding: dict[str, set[str]] = defaultdict(set)
    for phrase, own in split.items():
        for word in own:
            holding[word].add(phrase)
    return Phrases(
        split,
        {phrase: frozenset(keys) for phrase, keys in stands_for.items()},
        {word: frozenset(held) for word, held in holding.items()},
        {phrase.replace(" ", ""): phrase for phrase in stands_for},
    )
