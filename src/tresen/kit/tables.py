"""Making the tables of an app in one step of a migration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Several `CreateModel` at once: the models as they then stand are worked out once, not anew after each of them.

    With a hundred tables that know each other this is most of what a first start would wait for.
    """

    reduces_to_sql = True
    serialization_expand_args = ["models"]

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As a migration's file says it."""
        return type(self).__qualname__, [], {"models": list(self.models)}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Notes the models. Where those before them are worked out already, only the new ones are."""
        before = state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)
        if before is not None:
            before.render_multiple([state.models[app_label, model.name_lower] for model in self.models])
            state.apps = before

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Makes the tables."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drops the tables."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Which tables."""
        return "Create the tables of " + ", ".join(model.name for model in self.models)


def is_half_way(connection: BaseDatabaseWrapper) -> bool:
    """Whether some, not all, of the migrations that one now stands for were applied: Django would begin and break."""
    applied = MigrationRecorder(connection).applied_migrations()
    there: dict[str, set[bool]] = {}
    for migration in MigrationLoader(None).disk_migrations.values():
        there.setdefault(migration.app_label, set()).update(one in applied for one in migration.replaces)
    return {True, False} in there.values()
