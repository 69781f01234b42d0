"""The database itself refuses to edit what terms say and what a fee is; what is known of a fee's law may change.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration must end by putting
them up again (`put_up` below).
"""

from django.db import migrations

FEE = (
    "terms_id", "number", "fee_type", "payer_id", "payer_role", "payee_id", "payee_role", "rate_bps", "base",
    "amount_minor", "cap_minor", "currency", "jurisdiction", "region", "institution", "care_paid_by", "bundled",
)  # fmt: skip
TABLES = ("agreements_terms", "agreements_fee")


def put_up(apps, schema_editor, fee=FEE):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION agreements_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION '% is never edited', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
            params=None,
        )
    does = {
        "sqlite": "BEGIN SELECT RAISE(ABORT, '{table} is never edited'); END",
        "postgresql": "FOR EACH STATEMENT EXECUTE FUNCTION agreements_refuse_change()",
    }[vendor]
    for table, columns in zip(TABLES, ("", f" OF {', '.join(fee)}"), strict=True):
        schema_editor.execute(
            f"CREATE TRIGGER {table}_is_never_edited BEFORE UPDATE{columns} ON {table} " + does.format(table=table),
            params=None,
        )


def take_down(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        schema_editor.execute(
            f"DROP TRIGGER {table}_is_never_edited" + ("" if vendor == "sqlite" else f" ON {table}")
        )
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION agreements_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_parts_of_terms")]

    operations = [migrations.RunPython(put_up, take_down)]
