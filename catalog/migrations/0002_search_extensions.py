"""Extensions for search and for date ranges."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [TrigramExtension(), UnaccentExtension(), BtreeGistExtension()]
