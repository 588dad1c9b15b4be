"""What the schemas are made of: strict inputs without unknown fields, text that is text, words of a fixed list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetPydanticSchema, StringConstraints
from pydantic_core import PydanticCustomError, core_schema

MAX_TEXT = 1_000_000


class Input(BaseModel):
    """A body, or a part of one. A field that is not named here is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, by name; those left out are not in it."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def optional(description: str = "") -> Any:
    """A field that may be left out, which is not the same as null."""
    return Field(default_factory=lambda: None, description=description)


def one_of(values: Iterable[str]) -> GetPydanticSchema:
    """A text that is one of these words, for `Annotated[str, …]`; the schema lists them."""
    words = list(values)
    return GetPydanticSchema(lambda _source, _handler: core_schema.literal_schema(words))


def _plain(text: str) -> str:
    """Neither database takes NUL; lone surrogates are no characters."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise PydanticCustomError("control", "not text")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "empty")
    return text


Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(_plain)]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_plain)]
FilledLine = Annotated[Line, AfterValidator(_filled)]
Filled = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_plain), AfterValidator(_filled)]
Address = Annotated[str, StringConstraints(max_length=254), AfterValidator(_plain)]
# JSON has no type for ids, so text is all there can be.
Id = Annotated[UUID, Field(strict=False)]


class ById(Input):
    """Names an object by its id."""

    id: int
