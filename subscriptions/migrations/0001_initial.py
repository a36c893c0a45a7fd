# The exclusion of overlapping subscriptions needs btree_gist, which catalog 0002 installs.

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import subscriptions.models.billing
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0002_search_extensions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Library',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='address')),
                ('kind', models.CharField(choices=[('public', 'public library'), ('institut', 'Institut français'), ('school', 'school')], default='public', max_length=8, verbose_name='kind')),
                ('siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET')),
                ('town', models.CharField(max_length=150, verbose_name='town')),
                ('population', models.PositiveIntegerField(verbose_name='inhabitants served')),
                ('accent', models.CharField(default='#7a2e1d', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$', 'Write a colour as # and six hexadecimal digits.')], verbose_name='colour')),
                ('welcome', models.TextField(blank=True, verbose_name='welcome text')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'library',
                'verbose_name_plural': 'libraries',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('per_inhabitant_micros', models.PositiveBigIntegerField(verbose_name='price per inhabitant and year')),
                ('minimum_micros', models.PositiveBigIntegerField(default=0, verbose_name='minimum price a year')),
                ('media', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None, verbose_name='media included')),
                ('vat_bp', models.PositiveSmallIntegerField(default=2000, verbose_name='VAT rate')),
                ('is_open', models.BooleanField(default=True, verbose_name='on sale')),
            ],
            options={
                'verbose_name': 'offer',
                'verbose_name_plural': 'offers',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='CodeBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('expires_on', models.DateField(help_text='last day on which a code can be redeemed', verbose_name='valid until')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('library', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='code_batches', to='subscriptions.library')),
            ],
            options={
                'verbose_name': 'batch of access codes',
                'verbose_name_plural': 'batches of access codes',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='LibraryTerritory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_own', models.BooleanField(default=False)),
                ('library', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ladder', to='subscriptions.library')),
                ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.territory')),
            ],
        ),
        migrations.AddField(
            model_name='library',
            name='territories',
            field=models.ManyToManyField(related_name='+', through='subscriptions.LibraryTerritory', to='catalog.territory'),
        ),
        migrations.CreateModel(
            name='Patron',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_seen_on', models.DateField(blank=True, null=True)),
                ('suspended_at', models.DateTimeField(blank=True, null=True)),
                ('library', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='patrons', to='subscriptions.library')),
            ],
            options={
                'verbose_name': 'patron',
                'verbose_name_plural': 'patrons',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AccessCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(max_length=32, unique=True)),
                ('sealed_code', models.BinaryField(help_text='encrypted; emptied when redeemed or withdrawn', null=True)),
                ('last_four', models.CharField(max_length=4)),
                ('redeemed_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='subscriptions.codebatch')),
                ('patron', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='access_codes', to='subscriptions.patron')),
            ],
            options={
                'verbose_name': 'access code',
                'verbose_name_plural': 'access codes',
                'ordering': ['-batch_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('adult', 'adult'), ('youth', 'youth')], default='adult', max_length=6)),
                ('max_age', models.PositiveSmallIntegerField(blank=True, help_text='age band of a youth profile', null=True)),
                ('patron', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='profiles', to='subscriptions.patron')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PseudonymKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(help_text='yyyy-mm', max_length=7, unique=True)),
                ('key', models.BinaryField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('destroyed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['month'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('key', None)), models.Q(('destroyed_at', None), ('key__isnull', False)), _connector='OR'), name='pseudonym_key_there_or_destroyed')],
            },
        ),
        migrations.CreateModel(
            name='StaffMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('admin', 'administrator'), ('manager', 'manager'), ('reader', 'reader')], max_length=8)),
                ('library', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff', to='subscriptions.library')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='library_memberships', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('reference', models.CharField(blank=True, max_length=50, verbose_name='order reference')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('library', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='subscriptions.library')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='subscriptions.offer')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
                'ordering': ['-starts_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SubscriptionLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=200)),
                ('amount_micros', models.BigIntegerField(help_text='excluding VAT')),
                ('vat_bp', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='subscriptions.subscription')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='codebatch',
            constraint=models.UniqueConstraint(fields=('library', 'name'), name='code_batch_name_once'),
        ),
        migrations.AddConstraint(
            model_name='libraryterritory',
            constraint=models.UniqueConstraint(fields=('library', 'territory'), name='library_territory_once'),
        ),
        migrations.AddConstraint(
            model_name='accesscode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('patron', None), ('redeemed_at', None)), models.Q(('patron__isnull', False), ('redeemed_at__isnull', False)), _connector='OR'), name='access_code_redeemed_for_someone'),
        ),
        migrations.AddConstraint(
            model_name='accesscode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('redeemed_at', None), ('revoked_at', None)), ('sealed_code', None), _connector='OR'), name='access_code_readable_only_while_free'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'adult'), ('max_age', None)), models.Q(('kind', 'youth'), ('max_age__in', (3, 6, 10, 13, 16))), _connector='OR'), name='profile_age_band'),
        ),
        migrations.AddConstraint(
            model_name='staffmembership',
            constraint=models.UniqueConstraint(fields=('library', 'user'), name='staff_membership_once'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='subscription_forward'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('library', '='), (subscriptions.models.billing.DateRange('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='subscription_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='subscriptionline',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='subscription_line_forward'),
        ),
    ]
