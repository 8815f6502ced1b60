"""The table of personal data is complete: no model escapes erasure by being forgotten."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from gate.models import User, Verification
from gate.privacy.holdings import Act, holdings

TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


def relations(target):
    """(model label, field name) of every foreign key to `target`, through tables of many-to-many included."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.remote_field is not None and field.remote_field.model is target:
                yield model._meta.label, field.name


def test_every_relation_to_people_is_declared():
    declared = {(holding.model, holding.path) for holding in holdings()}
    assert sorted(set(relations(User)) - declared) == []


def test_every_part_of_a_verification_is_declared():
    declared = {holding.model for holding in holdings()}
    parts = {model for model, _field in relations(Verification)} - {"gate.Verification"}
    assert sorted(parts - declared) == []


def test_nothing_is_declared_twice_or_gone():
    keys = [(holding.model, holding.path) for holding in holdings()]
    assert len(keys) == len(set(keys))
    for holding in holdings():
        holding.rows(0).exists  # noqa: B018 - FieldError or LookupError where it is gone
        assert holding.why


def test_each_text_of_what_is_emptied_is_emptied_or_known_to_identify_nobody():
    for holding in holdings():
        if holding.act != Act.CLEAR:
            continue
        fields = apps.get_model(holding.model)._meta.local_fields
        texts = {field.name for field in fields if isinstance(field, TEXT)}
        unknown = texts - set(holding.clears) - set(holding.keeps)
        assert sorted(unknown) == [], holding.model
