from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('intake', '0002_second_round')]

    operations = [
        migrations.AlterField(
            model_name='contactrequest',
            name='way',
            field=models.CharField(
                choices=[
                    ('receipt', 'On this site, with the receipt code'),
                    ('email', 'E-mail'),
                    ('sms', 'Text message'),
                    ('phone', 'Phone call'),
                    ('letter', 'Letter'),
                ],
                max_length=7,
            ),
        ),
    ]
