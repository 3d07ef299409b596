from django.db import migrations

# What waits was announced one by one.
JOBS = """
UPDATE procrastinate_jobs SET args = jsonb_build_object('prompt_ids', jsonb_build_array(args -> 'prompt_id'))
WHERE task_name = 'palauteketju.prompt' AND args ? 'prompt_id'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("handling", "0008_channel_of_a_case"),
        ("procrastinate", "0001_initial"),
    ]

    operations = [migrations.RunSQL(JOBS, migrations.RunSQL.noop)]
