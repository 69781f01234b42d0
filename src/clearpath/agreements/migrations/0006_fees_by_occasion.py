"""For what each time an amount is paid; the guards against editing a fee know it too."""

from importlib import import_module

from django.db import migrations, models

guards = import_module("clearpath.agreements.migrations.0004_never_edited")
OCCASIONS = [
    ("treated", "Each treated patient"),
    ("lead", "Each person who asked and was taken on"),
    ("good_outcome", "Each treated patient who recovered as planned"),
    ("month", "Each month in which a campaign runs"),
]


def put_up(apps, schema_editor):
    guards.put_up(apps, schema_editor, fee=(*guards.FEE, "per"))


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_reopened_fees")]

    operations = [
        migrations.RunPython(guards.take_down, guards.put_up),
        migrations.AddField(
            "fee", "per", models.CharField(choices=OCCASIONS, default="treated", max_length=20)
        ),
        migrations.AddConstraint(
            "fee",
            models.CheckConstraint(
                condition=models.Q(("rate_bps", None), ("per", "treated"), _connector="OR"),
                name="fee_rate_is_of_a_treatment",
            ),
        ),
        migrations.RunPython(put_up, guards.take_down),
    ]
