"""The database itself refuses to change evidence."""

from django.db import migrations

from gate.migrations._append_only import guard


class Migration(migrations.Migration):
    dependencies = [("gate", "0002_records")]
    operations = [
        guard(
            "gate_agreementversion",
            "gate_auditevent",
            "gate_consentrecord",
            "gate_questionnaireversion",
            "gate_verificationevent",
        )
    ]
