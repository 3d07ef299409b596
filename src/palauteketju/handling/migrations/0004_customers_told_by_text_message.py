from django.db import migrations, models

_WAYS = [('email', 'E-mail'), ('sms', 'Text message')]


class Migration(migrations.Migration):

    dependencies = [
        ('handling', '0003_customer_mails_and_refused_mailboxes'),
        ('intake', '0003_answers_told_of_by_text_message'),
    ]

    operations = [
        migrations.RenameModel('CustomerMail', 'CustomerNotice'),
        migrations.RenameIndex(
            model_name='customernotice',
            old_name='customer_mail_waiting',
            new_name='customer_notice_waiting',
        ),
        # All that were made until now are e-mails.
        migrations.AddField(
            model_name='customernotice',
            name='way',
            field=models.CharField(choices=_WAYS, default='email', max_length=5),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='followup',
            name='way',
            field=models.CharField(blank=True, choices=_WAYS, default='', max_length=5),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE handling_followup SET way = 'email' WHERE by_email",
            "UPDATE handling_followup SET by_email = way = 'email'",
        ),
        migrations.RemoveIndex(model_name='followup', name='follow_up_waiting'),
        # Reversed, the column comes back before it is filled.
        migrations.AlterField(
            model_name='followup', name='by_email', field=models.BooleanField(db_default=False)
        ),
        migrations.RemoveField(model_name='followup', name='by_email'),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(
                condition=models.Q(
                    models.Q(('way', ''), _negated=True),
                    ('dropped_at__isnull', True),
                    ('sent_at__isnull', True),
                ),
                fields=['at'],
                name='follow_up_waiting',
            ),
        ),
    ]
