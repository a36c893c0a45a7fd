from django.db import migrations


def tell(apps, _schema_editor):
    """Tell the keys of months that are closed already: four months are counted from there."""
    closed = apps.get_model('royalties', 'Period').objects.exclude(closed_at=None)
    for month, closed_at in closed.values_list('month', 'closed_at'):
        keys = apps.get_model('subscriptions', 'PseudonymKey').objects.filter(month=month, closed_at=None)
        keys.update(closed_at=closed_at)


class Migration(migrations.Migration):

    dependencies = [
        ('royalties', '0004_screening'),
        ('subscriptions', '0006_pseudonym_key_closed'),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
