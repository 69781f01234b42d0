"""Invented people and words for the style page, in English and Arabic."""

# ruff: noqa: E501 - a sentence beside its translation reads better than four broken lines

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from clearpath.web.parts import Cell, Column, Event, Message, Persona, Row, Seat, Stage, Turn


def _either(english: str, arabic: str) -> str:
    return arabic if get_language() == "ar" else english


both = lazy(_either, str)


def days(n: int) -> timedelta:
    return timedelta(days=n)


def hours(n: int) -> timedelta:
    return timedelta(hours=n)


def people() -> dict[str, str]:
    return {
        "patient": str(both("Leyla Haddad", "ليلى حداد")),
        "facilitator": str(both("Mert Aydın", "مرت آيدن")),
        "doctor": str(both("Dr. Selin Kaya", "د. سيلين كايا")),
        "provider": str(both("Marmara Heart Hospital", "مستشفى مرمرة للقلب")),
    }


def parts(_language: str) -> dict[str, Any]:
    now, who = timezone.now(), people()
    seats = [
        Seat("patient", who["patient"], you=True),
        Seat("facilitator", who["facilitator"], str(both("Bosphorus Care Guides", "مرشدو البوسفور"))),
        Seat("provider", "", who["provider"]),
        Seat("doctor", who["doctor"], who["provider"]),
    ]
    return {
        "stages": [
            Stage(both("Inquiry", "الاستفسار"), "done", "facilitator", at=now - days(12)),
            Stage(both("Your story", "قصتك"), "done", "patient", at=now - days(9)),
            Stage(both("Medical review", "المراجعة الطبية"), "done", "doctor", at=now - days(2)),
            Stage(both("Your decision", "قرارك"), "now", "patient"),
            Stage(both("Preparation", "التحضير"), "next", "facilitator"),
            Stage(both("Treatment", "العلاج"), "next", "doctor"),
            Stage(both("Return", "العودة"), "next", "facilitator"),
            Stage(both("Aftercare", "المتابعة"), "next", "doctor"),
        ],
        "mine": Turn(
            both("Compare two offers and choose one", "قارن بين عرضين واختر أحدهما"), "patient", mine=True,
            sentence=both("Both doctors think the treatment suits you. Take your time: nobody is paid for hurrying you.",
                          "يرى الطبيبان أن العلاج مناسب لك. خذ وقتك: لا أحد يكسب من استعجالك."),
            due_at=now + days(4), url="#offers", action=both("Compare offers", "قارن العروض"),
        ),
        "waiting": Turn(
            both("Give a medical opinion", "إبداء الرأي الطبي"), "doctor", who["doctor"],
            sentence=both("The doctor has your records and has until tomorrow. You need do nothing now.",
                          "سجلاتك لدى الطبيبة وأمامها حتى الغد. لا شيء مطلوب منك الآن."),
            due_at=now + hours(20), url="#messages", action=both("Ask a question", "اطرح سؤالًا"),
        ),
        "turns": [
            Turn(both("Choose an offer", "اختيار عرض"), "patient", due_at=now + days(4), mine=True, url="#"),
            Turn(both("Plan the flight and the stay", "ترتيب الرحلة والإقامة"), "facilitator", who["facilitator"], due_at=now + hours(6)),
            Turn(both("Answer the question about medication", "الإجابة عن سؤال الأدوية"), "doctor", who["doctor"], due_at=now - hours(3)),
            Turn(both("Keep a bed for 12 May", "حجز سرير ليوم 12 مايو"), "provider", who["provider"]),
        ],
        "seats": seats,
        "events": [
            Event(now - hours(3), both("Two offers were presented to you", "عُرض عليك عرضان"), seats[1], "clipboard-list", tone="good"),
            Event(now - days(1), both("Your records were read", "قُرئت سجلاتك"), seats[3], "eye",
                  both("Heart summary and two laboratory reports, because of your consent of 3 May.", "ملخص القلب وتقريران مخبريان، بموجب موافقتك في 3 مايو.")),
            Event(now - days(2), both("A tie was found and told to you", "اكتُشفت صلة وأُبلغت بها"), Seat("network"), "alert-triangle",
                  both("The hospital owns 30 % of the facilitator's hotel.", "يملك المستشفى 30٪ من فندق الميسّر."), tone="warn"),
            Event(now - days(9), both("You gave your consent", "أعطيت موافقتك"), seats[0], "shield-check"),
        ],
        "thread": [
            Message(now - hours(5), seats[0], str(both("May I take my blood thinner until the flight?", "هل أتناول مميّع الدم حتى موعد الرحلة؟")), True, both("Medicine", "الأدوية")),
            Message(now - hours(4), seats[3], str(both("Yes, but stop it two days before admission. I have written it into your plan.",
                                                       "نعم، لكن أوقفيه قبل الدخول بيومين. كتبت ذلك في خطتك."))),
            Message(now - hours(1), seats[1], "Uçuşunuz 12 Mayıs 09:40, TK 867. Sizi karşılayacağız."),
        ],
        "columns": [
            Column(both("Hospital", "المستشفى")), Column(both("Doctor's view", "رأي الطبيب")), Column(both("Stay", "الإقامة")),
            Column(both("Full price", "السعر الكامل"), "number"), Column(both("Valid", "الصلاحية")), Column(both("More", "المزيد"), "actions"),
        ],
        "rows": [
            Row((Cell(who["provider"], "link", url="#"), Cell(both("Suitable", "مناسب"), "badge", "good"), both("6 nights", "6 ليالٍ"),
                 Cell(1_245_000, "money", "EUR"), Cell(now + days(4), "due"), Cell(both("Open", "افتح"), "link", url="#"))),
            Row((Cell(str(both("Levant Clinic", "عيادة المشرق")), "link", url="#"), Cell(both("With a condition", "بشرط"), "badge", "warn"), both("4 nights", "4 ليالٍ"),
                 Cell(3_890_500, "money", "KWD"), Cell(now + hours(9), "due"), Cell(both("Open", "افتح"), "link", url="#"))),
        ],
        "now": now,
        "refusal": {
            "message": both("Only a doctor may say whether a treatment suits.", "الطبيب وحده يقرر إن كان العلاج مناسبًا."),
            "missing": ("consent", "records_present"), "rightful": "doctor",
        },
    }  # fmt: skip


def personas() -> list[Persona]:
    who = people()
    return [
        Persona(
            "#",
            who["patient"],
            "patient",
            "",
            both("Has two offers to compare", "لديها عرضان للمقارنة"),
            "leyla",
        ),
        Persona(
            "#",
            who["facilitator"],
            "facilitator",
            str(both("Bosphorus Care Guides", "مرشدو البوسفور")),
            both("Guides 14 journeys", "يرشد 14 رحلة"),
        ),
        Persona(
            "#",
            "Ayşe Demir",
            "provider",
            who["provider"],
            both("Makes offers and admits", "تقدم العروض وتستقبل"),
        ),
        Persona(
            "#",
            who["doctor"],
            "doctor",
            who["provider"],
            both("Has three questions waiting", "لديها ثلاثة أسئلة"),
        ),
        Persona("#", "Jonas Weber", "agency", "Brightway Media", both("Sees no patient, ever", "لا يرى أي مريض")),
        Persona("#", "Ana Ruiz", "steward", "", both("Keeps the charter", "تحفظ الميثاق")),
    ]
