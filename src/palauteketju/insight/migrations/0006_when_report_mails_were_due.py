from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):

    dependencies = [("insight", "0005_claims_of_report_mails")]

    operations = [
        # Those there are have been sent or wait: for them any time before now is true enough.
        migrations.AddField(
            model_name="reportmail",
            name="at",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
    ]
