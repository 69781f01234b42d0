"""The database itself refuses to change, remove or replace what was logged, and queues each entry for the tree.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration must end by putting
them up again. `clearpath audit verify` says when they are missing.
"""

from django.db import migrations

TABLES = ("trust_entry", "trust_leaf", "trust_head")


def put_up(apps, schema_editor):
    for statement in {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


def take_down(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        for act in ("update", "delete") if vendor == "sqlite" else ("update", "delete", "truncate"):
            of_table = "" if vendor == "sqlite" else f" ON {table}"
            schema_editor.execute(f"DROP TRIGGER {table}_refuses_{act}{of_table}")
    schema_editor.execute("DROP TRIGGER trust_entry_is_queued" + ("" if vendor == "sqlite" else " ON trust_entry"))
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION trust_refuse_change(); DROP FUNCTION trust_queue_entry();")


def on_sqlite():
    for table in TABLES:
        for act in ("update", "delete"):
            yield (
                f"CREATE TRIGGER {table}_refuses_{act} BEFORE {act.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    yield (
        "CREATE TRIGGER trust_entry_is_queued AFTER INSERT ON trust_entry"
        " BEGIN INSERT INTO trust_unfolded (entry_id) VALUES (NEW.id); END"
    )


def on_postgresql():
    yield """
        CREATE FUNCTION trust_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """
    for table in TABLES:
        for act in ("update", "delete", "truncate"):
            yield (
                f"CREATE TRIGGER {table}_refuses_{act} BEFORE {act.upper()} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change()"
            )
    yield """
        CREATE FUNCTION trust_queue_entry() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO trust_unfolded (entry_id) VALUES (NEW.id);
            RETURN NULL;
        END $$
    """
    yield (
        "CREATE TRIGGER trust_entry_is_queued AFTER INSERT ON trust_entry"
        " FOR EACH ROW EXECUTE FUNCTION trust_queue_entry()"
    )


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_entries_leaves_heads_and_keys")]

    operations = [migrations.RunPython(put_up, take_down)]
