"""How much of the resource was delivered, beside what the player says was heard."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_deliverers")]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="delivered_s",
            field=models.PositiveIntegerField(
                help_text="seconds of the resource delivered to the session by then; empty if unknown", null=True
            ),
        ),
    ]
