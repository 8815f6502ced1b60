"""What the gate allows the groups that cms made. Each zone that exists gets its gate."""

from django.db import migrations

HCP_REVIEWERS, ADMINISTRATORS = "认证审核", "管理员"
ALL = ("view", "add", "change", "delete")

RIGHTS = {
    HCP_REVIEWERS: {
        "verification": ("view", "review_verification", "see_any_credential"),
    },
    ADMINISTRATORS: {
        "agreement": (*ALL, "publish_agreement"),
        "questionnaire": (*ALL, "publish_questionnaire"),
        "zonegate": ("view", "change", "grant_access", "manage_gate"),
        "zoneuserobjectpermission": ALL,
        "zonegroupobjectpermission": ALL,
        "user": ("view", "add", "change"),
        "auditevent": ("view",),
    },
}
NAMES = {
    "review_verification": "Can review the verifications of every zone",
    "see_any_credential": "Can see the credentials of every zone",
    "publish_agreement": "Can publish agreement versions",
    "publish_questionnaire": "Can publish questionnaire versions",
    "grant_access": "Can grant access to a zone",
    "manage_gate": "Can manage the gate of a zone",
}


def create(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for group_name, models in RIGHTS.items():
        group, _ = Group.objects.get_or_create(name=group_name)
        for model, rights in models.items():
            content_type, _ = ContentType.objects.get_or_create(app_label="gate", model=model)
            for right in rights:
                codename = f"{right}_{model}" if right in ALL else right
                name = NAMES.get(right, f"Can {right} {model}")
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type, codename=codename, defaults={"name": name}
                )
                group.permissions.add(permission)
    ZoneGate = apps.get_model("gate", "ZoneGate")
    for zone in apps.get_model("cms", "ZonePage").objects.all():
        ZoneGate.objects.get_or_create(zone=zone)


class Migration(migrations.Migration):
    dependencies = [
        ("gate", "0003_append_only"),
        ("cms", "0004_roles_and_workflow"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
