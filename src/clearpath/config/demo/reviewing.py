"""What the invented patients say of the hospitals that treated them, and what the hospitals answer."""

from typing import Any

from clearpath.offers import steps

SAID = {
    "en": [
        (5, "They answered within a day and told me what was not included before I asked."),
        (3, "The operation went well. The interpreter was late twice, and nobody told me why."),
    ],
    "tr": [(4, "Doktor her şeyi sabırla anlattı. Taburcu olurken evrak biraz uzun sürdü.")],
    "ar": [(5, "شرح لي الطبيب كل شيء بهدوء، وكانت المترجمة معي كل يوم."), (4, "كل شيء كان جيدًا إلا الطعام.")],
}
ANSWER = "Thank you. We now send a message as soon as the interpreter is delayed."


def review(case: Any) -> None:
    """The patient's own language, one of its reviews; the hospital answers where something went wrong."""
    said = SAID.get(case.language, SAID["en"])
    stars, text = said[case.price_minor // 25_000 % len(said)]
    steps.review(case.journey, stars=stars, text=text, is_public=True, language=case.language, by=case.patient_now())
    if stars < 4:
        steps.answer_review(case.journey, text=ANSWER, by=case.desk())
