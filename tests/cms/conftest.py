"""Staff for the tests of cms, as the migration's groups make them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from cms import roles
from tests.factories.gate import UserFactory


@pytest.fixture
def staff():
    """staff(*group names) -> a user in these groups."""

    def make(*groups: str, **facts):
        user = UserFactory(**facts)
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make


@pytest.fixture
def editor(staff):
    return staff(roles.EDITORS)


@pytest.fixture
def reviewer(staff):
    return staff(roles.MEDICAL_REVIEWERS)


@pytest.fixture
def administrator(staff):
    return staff(roles.ADMINISTRATORS)
