from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('royalties', '0005_keys_know_their_close'),
    ]

    operations = [
        migrations.AlterField(
            model_name='screeningcase',
            name='state',
            field=models.CharField(choices=[('held', 'to decide'), ('kept', 'kept held'), ('released', 'released'), ('lapsed', 'no longer found')], default='held', max_length=8),
        ),
    ]
