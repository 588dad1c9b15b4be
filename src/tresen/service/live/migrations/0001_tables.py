import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models

# PostgreSQL wakes whoever follows the log at each commit that wrote into it; equal words of one transaction are one.
SPEAK = """
CREATE FUNCTION tresen_live_speak() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('tresen_live', ''); RETURN NULL; END $$;
CREATE TRIGGER live_speak AFTER INSERT ON events_event FOR EACH STATEMENT EXECUTE FUNCTION tresen_live_speak();
CREATE TRIGGER live_speak AFTER INSERT ON live_notice FOR EACH STATEMENT EXECUTE FUNCTION tresen_live_speak();
"""
SILENCE = """
DROP TRIGGER live_speak ON events_event;
DROP TRIGGER live_speak ON live_notice;
DROP FUNCTION tresen_live_speak();
"""


def speak(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(SPEAK)


def silence(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(SILENCE)


class Migration(migrations.Migration):

    replaces = [('live', '0001_live')]

    initial = True

    dependencies = [
        ('events', '0001_tables'),
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Presence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.ticket')),
                        ('tab', models.CharField(max_length=40)),
                        ('state', models.CharField(choices=[('looking', 'Looking'), ('replying', 'Replying'), ('noting', 'Noting'), ('away', 'Away')], max_length=10)),
                        ('since', models.DateTimeField()),
                        ('seen_at', models.DateTimeField(db_index=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agent', 'tab'), name='one_presence_a_tab')],
                    },
                ),
                migrations.CreateModel(
                    name='Notice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.ticket')),
                        ('topic', models.CharField(max_length=20)),
                        ('at', models.DateTimeField(db_index=True)),
                    ],
                ),
            ],
        ),
        migrations.RunPython(speak, silence),
    ]
