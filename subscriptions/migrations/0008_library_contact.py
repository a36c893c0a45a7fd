from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("subscriptions", "0007_game_saves"),
    ]

    operations = [
        migrations.AddField(
            model_name="library",
            name="contact",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="where patrons ask: an e-mail address or a page",
                max_length=300,
                verbose_name="contact",
            ),
        ),
    ]
