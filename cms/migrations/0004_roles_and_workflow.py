"""The groups of the editorial work and the workflow that publishes what was reviewed.

Names are copied from cms.roles, because a migration stays what it was. What the gate allows its reviewers,
the gate's own migrations add to the same groups.
"""

from django.db import migrations

EDITORS, MEDICAL_REVIEWERS, HCP_REVIEWERS, ADMINISTRATORS = "编辑", "医学审核", "认证审核", "管理员"
WORKFLOW, MEDICAL_REVIEW = "医学审核后发布", "医学审核"

PAGE_RIGHTS = {
    EDITORS: ("add", "change"),
    MEDICAL_REVIEWERS: ("change",),
    ADMINISTRATORS: ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
}
IMAGE_RIGHTS = {
    EDITORS: ("add", "change", "choose"),
    MEDICAL_REVIEWERS: ("choose",),
    ADMINISTRATORS: ("add", "change", "delete", "choose"),
}
MODEL_RIGHTS = {
    EDITORS: {("cms", "contributor"): ("view", "add", "change")},
    MEDICAL_REVIEWERS: {("cms", "contributor"): ("view",)},
    ADMINISTRATORS: {
        ("cms", "contributor"): ("view", "add", "change", "delete"),
        ("cms", "medicalreviewtask"): ("view", "add", "change", "delete"),
        ("wagtailcore", "workflow"): ("view", "add", "change", "delete"),
        ("wagtailcore", "task"): ("view", "add", "change", "delete"),
        ("wagtailcore", "collection"): ("view", "add", "change", "delete"),
        ("wagtailcore", "site"): ("view", "add", "change", "delete"),
        ("wagtailcore", "locale"): ("view", "add", "change", "delete"),
        ("auth", "group"): ("view", "add", "change", "delete"),
    },
}


def create(apps, schema_editor):
    get = apps.get_model
    ContentType, Permission = get("contenttypes", "ContentType"), get("auth", "Permission")
    Group, Page = get("auth", "Group"), get("wagtailcore", "Page")
    root = Page.objects.get(depth=1)
    collection = get("wagtailcore", "Collection").objects.get(depth=1)

    def permission(app_label, model, action):
        # Django creates permissions after all migrations; those that are needed now are created by name.
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        return Permission.objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_{model}",
            defaults={"name": f"Can {action} {model}"},
        )[0]

    remove_wagtails_own(apps)
    groups = {
        name: Group.objects.get_or_create(name=name)[0]
        for name in (EDITORS, MEDICAL_REVIEWERS, HCP_REVIEWERS, ADMINISTRATORS)
    }
    admin_type, _ = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    access = Permission.objects.get_or_create(
        content_type=admin_type, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )[0]
    for name, group in groups.items():
        group.permissions.add(access)
        for action in PAGE_RIGHTS.get(name, ()):
            get("wagtailcore", "GroupPagePermission").objects.get_or_create(
                group=group, page=root, permission=permission("wagtailcore", "page", action)
            )
        for action in IMAGE_RIGHTS.get(name, ()):
            get("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
                group=group, collection=collection, permission=permission("wagtailimages", "image", action)
            )
        for (app_label, model), actions in MODEL_RIGHTS.get(name, {}).items():
            group.permissions.add(*(permission(app_label, model, action) for action in actions))
    create_workflow(apps, root, groups[MEDICAL_REVIEWERS])


def remove_wagtails_own(apps):
    """Its two groups and its workflow, which would let a moderator approve their own text."""
    get = apps.get_model
    get("wagtailcore", "Workflow").objects.filter(name="Moderators approval").delete()
    get("wagtailcore", "GroupApprovalTask").objects.filter(name="Moderators approval").delete()
    get("auth", "Group").objects.filter(name__in=("Moderators", "Editors")).delete()


def create_workflow(apps, root, reviewers):
    get = apps.get_model
    task_type, _ = get("contenttypes", "ContentType").objects.get_or_create(
        app_label="cms", model="medicalreviewtask"
    )
    task = get("cms", "MedicalReviewTask").objects.create(
        name=MEDICAL_REVIEW, content_type=task_type, active=True
    )
    task.groups.add(reviewers)
    workflow = get("wagtailcore", "Workflow").objects.create(name=WORKFLOW, active=True)
    get("wagtailcore", "WorkflowTask").objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
    get("wagtailcore", "WorkflowPage").objects.update_or_create(page=root, defaults={"workflow": workflow})


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_first_site"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailimages", "0027_image_description"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
