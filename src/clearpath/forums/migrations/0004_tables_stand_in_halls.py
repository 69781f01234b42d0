# The tables of a forum stand in its halls from now on.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forums', '0003_one_session_and_one_hall'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='forum',
            name='tables',
        ),
        migrations.AddConstraint(
            model_name='forum',
            constraint=models.CheckConstraint(condition=models.Q(('slot_minutes__gt', 0)), name='forum_has_slots'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(condition=models.Q(('begins_at__isnull', False)), fields=('forum', 'begins_at', 'hall', 'table'), name='table_holds_one_meeting_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('begins_at', None), ('hall', None), ('table', None)), models.Q(('begins_at__isnull', False), ('hall__isnull', False), ('table__isnull', False)), _connector='OR'), name='meeting_has_a_time_exactly_with_a_table'),
        ),
    ]
