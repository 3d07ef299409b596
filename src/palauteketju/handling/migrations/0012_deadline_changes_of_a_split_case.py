import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("handling", "0011_index_of_answered_cases"),
    ]

    operations = [
        migrations.AlterField(
            model_name="deadlinechange",
            name="message",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="handling.message",
            ),
        ),
    ]
