"""How easily the texts that patients read are read: tools/readability.py [--hardest N]

The index is LIX (C.H. Björnsson, Läsbarhet, 1968): words a sentence, plus the words of more than six letters in a
hundred. Below 30 is as easy as a children's book, 40 is a novel, above 50 is hard. It needs no dictionary of syllables,
so it is the same for every language; Turkish words are longer and Arabic ones shorter than English ones, so each
language has its own limit. Turkish is measured by Ateşman's index besides (E. Ateşman, 1997; 198.825 - 40.175 syllables
a word - 2.610 words a sentence): above 50 is of medium ease, above 70 easy, above 90 very easy.

Measured is every sentence of the catalogues but those of pages that no patient opens. Ends with 1 when a language is
over its limit.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

from messages import HOME, PLACEHOLDER, catalogs, texts_of_sources

# Who reads these: stewards, hosts, organisations among themselves, and doctors who look at a vendor's defects.
NOT_FOR_PATIENTS = (
    "agreements/", "charter/", "config/", "forums/", "marketing/", "parties/", "stewardship/", "trust/", "web/samples",
    "offers/directory", "offers/command_line", "offers/steps/listing", "offers/pages/desk",
    "records/check", "records/command_line", "records/rest", "records/medical_forms", "records/pack", "records/udi",
)  # fmt: skip
LIMITS = {"en": 30.0, "tr": 50.0, "ar": 25.0}  # of LIX
LEAST_TURKISH = 70.0  # of Ateşman's index
LONG = 6  # letters; a longer word counts as long
FEWEST = 4  # words of a sentence; a shorter text is a label
SENTENCE = re.compile(r"(?<=[.!?؟:;؛])\s+|\n+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
MARKS = re.compile("[\u064b-\u0652\u0640]")  # Arabic vowels and the stretching stroke are no letters
TURKISH_VOWELS = re.compile("[aeıioöuüâîû]", re.IGNORECASE)


class Measured(NamedTuple):
    """The sums of many sentences."""

    words: int
    long_words: int
    sentences: int
    syllables: int  # of Turkish, where every vowel is one

    @property
    def lix(self) -> float:
        return self.words / self.sentences + 100 * self.long_words / self.words

    @property
    def atesman(self) -> float:
        return 198.825 - 40.175 * self.syllables / self.words - 2.610 * self.words / self.sentences


def sentences_in(text: str) -> list[list[str]]:
    """The words of each sentence; what stands for a value counts as a short word."""
    bare = MARKS.sub("", PLACEHOLDER.sub(" x ", text))
    found = [WORD.findall(each) for each in SENTENCE.split(bare)]
    return [words for words in found if words]


def measured(texts: list[str]) -> Measured:
    sentences = [each for text in texts for each in sentences_in(text)]
    words = [word for sentence in sentences for word in sentence]
    return Measured(
        len(words),
        sum(len(word) > LONG for word in words),
        len(sentences),
        sum(len(TURKISH_VOWELS.findall(word)) for word in words),
    )


def is_measured(text: str, files: list[str]) -> bool:
    return len(WORD.findall(text)) >= FEWEST and not all(each.startswith(NOT_FOR_PATIENTS) for each in files)


def texts_by_language() -> dict[str, list[str]]:
    """Every text that a patient reads, in each language."""
    read = {
        text: folder
        for folder, texts in texts_of_sources().items()
        for text, files in texts.items()
        if is_measured(text.singular, files)
    }
    found = {"en": [text.singular for text in read]}
    for path, catalog in catalogs():
        folder = str(path.parents[2].relative_to(HOME))
        wanted = {(text.context, text.singular) for text, where in read.items() if where == folder}
        for message in catalog:
            key = message.id[0] if isinstance(message.id, tuple | list) else message.id
            said = message.string[-1] if isinstance(message.string, tuple | list) else message.string
            if said and (message.context, key) in wanted:
                found.setdefault(Path(path).parts[-3], []).append(str(said))
    return found


def main(arguments: list[str]) -> int:
    hardest = int(arguments[1]) if arguments[:1] == ["--hardest"] else 0
    failed = False
    for language, texts in texts_by_language().items():
        sums = measured(texts)
        line = f"{language}: LIX {sums.lix:.1f} (limit {LIMITS[language]:.0f}) over {len(texts)} texts"
        failed |= sums.lix > LIMITS[language]
        if language == "tr":
            line += f"; Ateşman {sums.atesman:.1f} (least {LEAST_TURKISH:.0f})"
            failed |= sums.atesman < LEAST_TURKISH
        print(line)
        for text in sorted(texts, key=lambda each: -measured([each]).lix)[:hardest]:
            print(f"    {measured([text]).lix:.0f}  {text}")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
