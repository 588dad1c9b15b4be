"""The word index over `SearchDocument.tokens`: FTS5 on SQLite, a tsvector with GIN on PostgreSQL. The SQL is here.

Whatever a person typed arrives here as words of a-z and 0-9 alone (analyser.py) and is quoted word by word, so no
operator of either query syntax can be smuggled in; the expression itself is a query parameter.
"""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from tresen.service.search.analyser import Sequence, Term

# An external-content table: it holds the words' places alone and is kept by triggers. (`contentless_delete` would need
# SQLite 3.43.) A migration that rebuilds the documents' table drops the triggers: it must make the index anew.
_SQLITE_CREATE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
        tokens, content='search_searchdocument', content_rowid='id', tokenize='ascii', prefix='2 3')""",
    """CREATE TRIGGER search_index_insert AFTER INSERT ON search_searchdocument BEGIN
        INSERT INTO search_index(rowid, tokens) VALUES (new.id, new.tokens); END""",
    """CREATE TRIGGER search_index_delete AFTER DELETE ON search_searchdocument BEGIN
        INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', old.id, old.tokens); END""",
    """CREATE TRIGGER search_index_update AFTER UPDATE OF id, tokens ON search_searchdocument BEGIN
        INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO search_index(rowid, tokens) VALUES (new.id, new.tokens); END""",
)
_SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS search_index_insert",
    "DROP TRIGGER IF EXISTS search_index_delete",
    "DROP TRIGGER IF EXISTS search_index_update",
    "DROP TABLE IF EXISTS search_index",
)
# The vector is put together word by word, since `to_tsvector` would take `12e5ab` for a number and a word.
# PostgreSQL alters no table on whose rows foreign keys are still to be checked in this transaction.
_POSTGRES_CHECK = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
_POSTGRES_CREATE = (
    *_POSTGRES_CHECK,
    """CREATE FUNCTION search_vector(tokens text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(string_agg(word || ':' || least(place, 16383), ' '), '')::tsvector
        FROM unnest(string_to_array(tokens, ' ')) WITH ORDINALITY AS listed(word, place) WHERE word <> '' $$""",
    """ALTER TABLE search_searchdocument ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (search_vector(tokens)) STORED""",
    "CREATE INDEX search_index ON search_searchdocument USING gin (vector)",
)
_POSTGRES_DROP = (
    *_POSTGRES_CHECK,
    "DROP INDEX IF EXISTS search_index",
    "ALTER TABLE search_searchdocument DROP COLUMN IF EXISTS vector",
    "DROP FUNCTION IF EXISTS search_vector(text)",
)

# The table and its three triggers; the index, its function and (counted twice) its column.
_PARTS = 4
_SQLITE_THERE = """SELECT count(*) FROM sqlite_master WHERE name IN
    ('search_index', 'search_index_insert', 'search_index_delete', 'search_index_update')"""
_POSTGRES_THERE = """SELECT (SELECT count(*) FROM pg_class WHERE relname = 'search_index' AND relkind = 'i')
    + (SELECT count(*) FROM pg_proc WHERE proname = 'search_vector')
    + 2 * (SELECT count(*) FROM information_schema.columns
        WHERE table_name = 'search_searchdocument' AND column_name = 'vector')"""

_SQLITE_DOCUMENTS = "SELECT rowid FROM search_index WHERE search_index MATCH %s"
_SQLITE_TICKETS = "SELECT rowid >> 20 FROM search_index WHERE search_index MATCH %s"
_SQLITE_SUBJECTS = f"{_SQLITE_TICKETS} AND rowid & 1048575 = 0"
_POSTGRES_DOCUMENTS = "SELECT id FROM search_searchdocument WHERE vector @@ %s::tsquery"
_POSTGRES_TICKETS = "SELECT ticket_id FROM search_searchdocument WHERE vector @@ %s::tsquery"
_POSTGRES_SUBJECTS = f"{_POSTGRES_TICKETS} AND id & 1048575 = 0"


def create_index(connection: BaseDatabaseWrapper) -> None:
    """Make the empty word index; the documents' table must be empty. Works inside a transaction."""
    _run(connection, _SQLITE_CREATE if connection.vendor == "sqlite" else _POSTGRES_CREATE)


def drop_index(connection: BaseDatabaseWrapper) -> None:
    """Remove the word index, whole or damaged. The documents stay."""
    _run(connection, _SQLITE_DROP if connection.vendor == "sqlite" else _POSTGRES_DROP)


def index_is_there(connection: BaseDatabaseWrapper) -> bool:
    """Say whether the word index exists and is kept up. In a transaction that a fault has ended PostgreSQL answers
    nothing more: then it is taken to exist."""
    statement = _SQLITE_THERE if connection.vendor == "sqlite" else _POSTGRES_THERE
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return bool(cursor.fetchone()[0] == _PARTS)
    except DatabaseError:
        return True


def create_in_migration(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the word index in a migration, by the kind of the database."""
    create_index(schema_editor.connection)


def drop_in_migration(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the word index in a migration that is taken back."""
    drop_index(schema_editor.connection)


def documents_matching(term: Term, alias: str = DEFAULT_DB_ALIAS) -> RawSQL:
    """Return a subquery of the keys of the documents that contain the term."""
    if connections[alias].vendor == "sqlite":
        return RawSQL(_SQLITE_DOCUMENTS, [_fts5(term)], output_field=BigIntegerField())
    return RawSQL(_POSTGRES_DOCUMENTS, [_tsquery(term)], output_field=BigIntegerField())


def tickets_matching(*terms: Term, alias: str = DEFAULT_DB_ALIAS) -> RawSQL:
    """Return a subquery of the keys of the tickets on which any text, internal ones too, contains each of the terms.

    One within the other: so only the keys of the first are all put aside, and those of the others looked up there. Side
    by side three common words took SQLite half as long again."""
    is_sqlite = connections[alias].vendor == "sqlite"
    statement, key = (_SQLITE_TICKETS, "rowid >> 20") if is_sqlite else (_POSTGRES_TICKETS, "ticket_id")
    found = statement
    for _term in terms[1:]:
        found = f"{statement} AND ({key}) IN ({found})"
    wanted = [_fts5(term) if is_sqlite else _tsquery(term) for term in reversed(terms)]
    return RawSQL(found, wanted, output_field=BigIntegerField())


def subjects_matching(term: Term, alias: str = DEFAULT_DB_ALIAS) -> RawSQL:
    """Return a subquery of the keys of the tickets whose subject, or number, contains the term."""
    if connections[alias].vendor == "sqlite":
        return RawSQL(_SQLITE_SUBJECTS, [_fts5(term)], output_field=BigIntegerField())
    return RawSQL(_POSTGRES_SUBJECTS, [_tsquery(term)], output_field=BigIntegerField())


def some_tickets(term: Term, *, most: int, alias: str = DEFAULT_DB_ALIAS) -> list[int]:
    """Return keys of tickets on which any text contains the term, at most so many and each once: the newest where the
    index is read in that order (SQLite). It costs no more however often the term stands."""
    if connections[alias].vendor == "sqlite":
        statement, wanted = f"{_SQLITE_TICKETS} ORDER BY rowid DESC LIMIT %s", _fts5(term)
    else:
        statement, wanted = f"{_POSTGRES_TICKETS} LIMIT %s", _tsquery(term)
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, [wanted, most])
        return list(dict.fromkeys(int(row[0]) for row in cursor.fetchall()))


def _fts5(term: Term) -> str:
    def phrase(sequence: Sequence) -> str:
        return f'"{" ".join(sequence.tokens)}"{" *" if sequence.prefix else ""}'

    return " OR ".join(map(phrase, term.alternatives))


def _tsquery(term: Term) -> str:
    def phrase(sequence: Sequence) -> str:
        words = " <-> ".join(f"'{token}'" for token in sequence.tokens)
        return f"({words}{':*' if sequence.prefix else ''})"

    return " | ".join(map(phrase, term.alternatives))


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
