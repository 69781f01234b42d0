import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Head',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.CharField(max_length=64)),
                ('frontier', models.TextField()),
                ('at', models.DateTimeField()),
                ('signature', models.CharField(max_length=128)),
                ('key_id', models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('entry_id', models.BigIntegerField(unique=True)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name_plural': 'leaves',
            },
        ),
        migrations.CreateModel(
            name='Unfolded',
            fields=[
                ('entry_id', models.BigIntegerField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name_plural': 'unfolded',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('chain', models.UUIDField()),
                ('number', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField()),
                ('person_id', models.UUIDField(null=True)),
                ('for_person_id', models.UUIDField(null=True)),
                ('organisation_id', models.UUIDField(null=True)),
                ('role', models.CharField(max_length=60)),
                ('step', models.CharField(max_length=120)),
                ('decision', models.CharField(choices=[('done', 'done'), ('refused', 'refused'), ('read', 'read')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=120)),
                ('charter', models.CharField(max_length=120)),
                ('about_kind', models.CharField(blank=True, max_length=120)),
                ('about_id', models.UUIDField(null=True)),
                ('salt', models.CharField(max_length=32)),
                ('digest', models.CharField(max_length=64)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name_plural': 'entries',
                'indexes': [models.Index(fields=['about_id'], name='entry_about')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='a_chain_has_each_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('about', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField()),
                ('wrapped_by', models.CharField(max_length=16)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', True), models.Q(('wrapped_by', ''), _negated=True)), models.Q(('erased_at__isnull', False), ('wrapped_by', '')), _connector='OR'), name='key_is_kept_or_erased')],
            },
        ),
    ]
