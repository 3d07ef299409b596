from django.db import migrations, models

FILL = "UPDATE handling_case c SET channel = f.channel FROM intake_feedback f WHERE f.id = c.feedback_id"


class Migration(migrations.Migration):
    dependencies = [
        ("handling", "0007_urgent_by_message"),
        ("intake", "0003_answers_told_of_by_text_message"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="channel",
            field=models.CharField(
                choices=[
                    ("web", "Web form"),
                    ("qr", "QR code"),
                    ("kiosk", "Kiosk"),
                    ("sms", "Text message survey"),
                    ("paper", "Paper"),
                    ("phone", "Phone call"),
                    ("spoken", "Spoken on the spot"),
                ],
                default="",
                max_length=6,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
