"""What the experts of a level want to know is a text by language; what is there is one in the language of the desk."""

from typing import Any

from django.db import migrations


def by_language(apps: Any, editor: Any) -> None:
    """`"Which version?"` becomes `{"en": "Which version?"}`."""
    language = _language(apps)
    for level in apps.get_model("tickets", "Level").objects.exclude(questions=[]):
        level.questions = [{language: said} if isinstance(said, str) else said for said in level.questions]
        level.save(update_fields=["questions"])


def in_one_language(apps: Any, editor: Any) -> None:
    """The way back: that of the desk, else whatever there is."""
    language = _language(apps)
    for level in apps.get_model("tickets", "Level").objects.exclude(questions=[]):
        texts = [said.get(language) or next(filter(None, said.values()), "") for said in level.questions]
        level.questions = [text for text in texts if text]
        level.save(update_fields=["questions"])


def _language(apps: Any) -> str:
    brand = apps.get_model("people", "Brand").objects.filter(is_default=True).first()
    return str(brand.language) if brand else "en"


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0005_preview_tries'),
    ]

    operations = [migrations.RunPython(by_language, in_one_language)]
