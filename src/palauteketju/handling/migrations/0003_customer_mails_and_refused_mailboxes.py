import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was told stays told, and what still waits for its e-mail waits in the new table; the jobs name the same message.
_TAKE_OVER = """
INSERT INTO handling_customermail (message_id, at, sent_at, tries, failure)
SELECT m.id, m.at, m.told_at, 0, ''
FROM handling_message m JOIN handling_case c ON c.id = m.case_id
WHERE m.kind IN ('clarification', 'response', 'extension') AND (m.told_at IS NOT NULL OR EXISTS (
    SELECT FROM intake_contactrequest r WHERE r.feedback_id = c.feedback_id AND r.way = 'email'
))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('handling', '0002_second_round'),
        ('intake', '0002_second_round'),
        ('organisation', '0002_second_round'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerMail',
            fields=[
                ('sent_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(db_default=0, default=0)),
                ('failed_at', models.DateTimeField(null=True)),
                ('failure', models.CharField(blank=True, db_default='', default='', max_length=60)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='handling.message')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='customermail',
            index=models.Index(condition=models.Q(('dropped_at__isnull', True), ('sent_at__isnull', True)), fields=['at'], name='customer_mail_waiting'),
        ),
        migrations.RunSQL(
            _TAKE_OVER,
            "UPDATE handling_message m SET told_at = c.sent_at FROM handling_customermail c WHERE c.message_id = m.id",
        ),
        migrations.RemoveField(
            model_name='message',
            name='told_at',
        ),
        migrations.CreateModel(
            name='RefusedMailbox',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='prompt',
            name='prompt_kind_known',
        ),
        migrations.AlterField(
            model_name='prompt',
            name='kind',
            field=models.CharField(choices=[('new', 'New'), ('no_handler', 'New, and the unit has no handler'), ('mailbox', 'The mailbox of a handler refuses e-mail'), ('customer_wrote', 'The customer wrote'), ('moved', 'From another unit'), ('reminder', 'Reminder'), ('overdue', 'Late')], max_length=14),
        ),
        migrations.AddConstraint(
            model_name='prompt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('about__isnull', False), ('kind__in', ['customer_wrote', 'moved'])), models.Q(('about__isnull', True), ('kind__in', ['new', 'no_handler', 'mailbox', 'reminder', 'overdue'])), _connector='OR'), name='prompt_kind_known'),
        ),
    ]
