"""How what an agency brought is divided; the guards against editing terms are put up again."""

from importlib import import_module

from django.db import migrations, models

occasions = import_module("clearpath.agreements.migrations.0006_fees_by_occasion")


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_fees_by_occasion")]

    operations = [
        migrations.RunPython(occasions.guards.take_down, occasions.put_up),
        migrations.AddField(
            model_name='terms',
            name='attribution',
            field=models.CharField(blank=True, choices=[('first', 'First touch'), ('last', 'Last touch'), ('linear', 'All touches alike'), ('time_decay', 'The later, the more'), ('position', 'First and last 40 %, between them 20 %'), ('markov', 'What would be lost without the channel (Markov)'), ('shapley', 'Fair share among the channels (Shapley)')], max_length=10),
        ),
        migrations.AddField(
            model_name='terms',
            name='attribution_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(occasions.put_up, occasions.guards.take_down),
    ]
