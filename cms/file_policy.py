"""Which staff users may open original pictures and documents: it follows from the texts that use them.

Open to those who may edit an article that uses the file (or the zone around it), and to the uploader while
no text uses it, in both cases within what Wagtail's collections allow. Readers get pictures from the API,
which asks the gate. Used by Wagtail's screens, choosers and admin API, and by config/media.py.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.db.models.signals import post_save
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from cms.models import DraftPicture, XinglinImage
from cms.models.draft_pictures import note_pictures

ANY = ["choose", "change", "delete"]


class FilePolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's policy of the collection, and the rule of this module. A constant number of queries."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        if user.is_superuser or instance.pk is None:
            return True
        return self.model._default_manager.filter(self._allowed(user), pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        files: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        return files if user.is_superuser or not user.is_authenticated else files.filter(self._allowed(user))

    def may_open(self, user: Any, file: Any) -> bool:
        """True when the user may open the file. An editor of its text needs no right to the collection."""
        if not (user.is_active and user.is_authenticated):
            return False
        if user.is_superuser or self.user_has_any_permission_for_instance(user, ANY, file):
            return True
        return self.model._default_manager.filter(self._of_texts(user), pk=file.pk).exists()

    def _allowed(self, user: Any) -> Q:
        on_pages, anywhere = self._on_pages(), self._anywhere()
        own = Q(**{self.owner_field_name: user}) & ~anywhere
        # A logo or portrait belongs to no article; the collection alone decides.
        return self._of_texts(user) | own | (anywhere & ~on_pages)

    def _of_texts(self, user: Any) -> Q:
        """Used on a page that the user may edit, as published or in its newest draft."""
        pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change").order_by()
        keys = pages.annotate(key=Cast("pk", CharField())).values("key")
        used = self._referenced(ReferenceIndex.objects.filter(of_pages(), object_id__in=keys))
        if self.model is XinglinImage:
            used |= Q(pk__in=DraftPicture.objects.filter(page__in=pages.values("pk")).values("image"))
        return used

    def _on_pages(self) -> Q:
        used = self._referenced(ReferenceIndex.objects.filter(of_pages()))
        return used | self._in_drafts()

    def _anywhere(self) -> Q:
        return self._referenced(ReferenceIndex.objects.all()) | self._in_drafts()

    def _in_drafts(self) -> Q:
        drafts = DraftPicture.objects.all() if self.model is XinglinImage else DraftPicture.objects.none()
        return Q(pk__in=drafts.values("image"))

    def _referenced(self, rows: QuerySet[ReferenceIndex]) -> Q:
        to_files = rows.filter(to_content_type=ContentType.objects.get_for_model(self.model))
        return Q(pk__in=to_files.annotate(key=Cast("to_object_id", BigIntegerField())).values("key"))


def of_pages() -> Q:
    return Q(base_content_type=ContentType.objects.get_for_model(Page))


def connect() -> None:
    """Replace Wagtail's policies of images and documents, and record which pictures drafts show."""
    for model, auth_model in ((XinglinImage, "wagtailimages.Image"), (Document, "wagtaildocs.Document")):
        policy = FilePolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy, exact_class=True)
    post_save.connect(note_pictures, sender=Revision, dispatch_uid="cms.draft_pictures")
