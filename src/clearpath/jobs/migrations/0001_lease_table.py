from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=120)),
                ('payload', models.JSONField(default=dict)),
                ('key', models.CharField(max_length=200, null=True, unique=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('run_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('owner', models.UUIDField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True), ('failed_at__isnull', True)), fields=['run_at', 'id'], name='job_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('failed_at__isnull', True), _connector='OR'), name='job_is_not_both_done_and_given_up')],
            },
        ),
    ]
