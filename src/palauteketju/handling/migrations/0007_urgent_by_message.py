from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handling', '0006_area_of_answer_times'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deadlinechange',
            name='deadline_change_has_its_reason',
        ),
        migrations.AlterField(
            model_name='deadlinechange',
            name='why',
            field=models.CharField(choices=[('extended', 'Extended'), ('rules', "The county's calendar or terms changed"), ('urgency', 'A handler judged the urgency'), ('message', 'What the customer wrote counts as urgent')], max_length=8),
        ),
        migrations.AddConstraint(
            model_name='deadlinechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', True), ('message__isnull', True), ('reason', ''), ('why__in', ['rules', 'message'])), models.Q(('by__isnull', False), ('message__isnull', True), ('reason', ''), ('why', 'urgency')), models.Q(('by__isnull', False), ('message__isnull', False), ('why', 'extended'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='deadline_change_has_its_reason'),
        ),
    ]
