import django.db.models.deletion
from django.db import migrations, models

# Where a unit was when its groups closed is not known: they stay where they were shown until now.
FILL = """
UPDATE handling_answertimes t SET area_id = a.id
FROM organisation_unit u JOIN organisation_unit a ON a.id = u.parent_id AND a.kind = 'area'
WHERE u.id = t.unit_id
"""


class Migration(migrations.Migration):
    # Filling and the new foreign key's check do not go into one transaction.
    atomic = False

    dependencies = [
        ("handling", "0005_own_theme_words"),
        ("organisation", "0002_second_round"),
    ]

    operations = [
        migrations.AddField(
            model_name="answertimes",
            name="area",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.unit",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
