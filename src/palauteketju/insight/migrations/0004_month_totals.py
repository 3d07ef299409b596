from django.db import migrations, models

# What the closings would have added up, had they done so from the first one.
FILL = """
WITH found AS (
    SELECT scope, is_public, date_trunc('month', closed)::date AS month, stream, opened, closed, counts
    FROM (
        SELECT scope, false AS is_public, stream, opened, closed, counts FROM insight_block WHERE unit_id IS NOT NULL
        UNION ALL
        SELECT scope, true, stream, opened, closed, counts FROM insight_publicblock WHERE unit_id IS NOT NULL
        UNION ALL
        SELECT scope, is_public, stream, opened, closed, counts FROM insight_daytotal
    ) AS released
),
days AS (
    SELECT scope, is_public, month, stream, min(opened) AS opened, max(closed) AS closed
    FROM found GROUP BY 1, 2, 3, 4
),
cells AS (
    SELECT scope, is_public, month, stream, key, sum(value::bigint) AS n
    FROM found, jsonb_each_text(counts) GROUP BY 1, 2, 3, 4, 5
),
histograms AS (
    SELECT scope, is_public, month, stream, jsonb_object_agg(key, n) AS counts FROM cells GROUP BY 1, 2, 3, 4
)
INSERT INTO insight_monthtotal (scope, is_public, month, stream, opened, closed, counts)
SELECT scope, is_public, month, stream, opened, closed, counts
FROM days JOIN histograms USING (scope, is_public, month, stream)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('insight', '0003_block_of_scope_and_stream'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=40)),
                ('is_public', models.BooleanField()),
                ('month', models.DateField()),
                ('stream', models.CharField(max_length=60)),
                ('opened', models.DateField()),
                ('closed', models.DateField()),
                ('counts', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scope', 'is_public', 'month', 'stream'), name='one_total_a_month')],
            },
        ),
        # Millions of blocks take longer than a statement of the program may (a minute); only in this transaction.
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
