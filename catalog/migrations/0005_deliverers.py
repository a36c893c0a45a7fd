from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_deliverers(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Make a deliverer of each name that releases and deliveries already bear."""
    names: set[str] = set()
    for model in ("Release", "Delivery"):
        names |= set(apps.get_model("catalog", model).objects.values_list("deliverer", flat=True).distinct())
    deliverer = apps.get_model("catalog", "Deliverer")
    deliverer.objects.bulk_create(deliverer(name=name) for name in sorted(names))


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_film_tracks_and_package_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deliverer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True,
                        help_text="who may deliver under this name",
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "deliverer",
                "verbose_name_plural": "deliverers",
                "ordering": ["name"],
            },
        ),
        migrations.RunPython(name_deliverers, migrations.RunPython.noop),
    ]
