from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subscriptions', '0005_patron_secret'),
    ]

    operations = [
        migrations.AddField(
            model_name='pseudonymkey',
            name='closed_at',
            field=models.DateTimeField(blank=True, help_text="when the month's accounts were closed", null=True),
        ),
    ]
