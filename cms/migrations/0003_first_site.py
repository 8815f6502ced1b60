"""A home page in place of Wagtail's welcome page, the default site on it, and the end of the ledger."""

from django.db import migrations


def create(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("cms", "HomePage")
    apps.get_model("cms", "LedgerHead").objects.get_or_create(pk=1)

    locale, _ = Locale.objects.get_or_create(language_code="zh-hans")
    home_type, _ = ContentType.objects.get_or_create(app_label="cms", model="homepage")
    root = Page.objects.get(depth=1)
    page_type = ContentType.objects.get(app_label="wagtailcore", model="page")
    # Plain pages below the root are Wagtail's own welcome page: no editor can create one.
    Site.objects.all().delete()
    Page.objects.filter(depth=2, content_type=page_type).delete()

    home = HomePage.objects.create(
        title="杏林",
        draft_title="杏林",
        slug="home",
        path=f"{root.path}0001",
        depth=2,
        numchild=0,
        url_path="/home/",
        content_type=home_type,
        locale=locale,
        live=True,
    )
    root.numchild = Page.objects.filter(depth=2).count()
    root.save(update_fields=["numchild"])
    Site.objects.create(
        hostname="localhost", port=80, site_name="杏林", root_page_id=home.pk, is_default_site=True
    )


class Migration(migrations.Migration):
    dependencies = [("cms", "0002_append_only"), ("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
