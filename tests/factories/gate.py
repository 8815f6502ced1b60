"""People, gates and verifications for tests. See each function's docstring for what it leaves behind."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from gate.models import User

PASSWORD = "a long password for tests"


class UserFactory(DjangoModelFactory[User]):
    """An active reader with the password PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"reader{n}@example.org")
    display_name = factory.Sequence(lambda n: f"读者{n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(*args, password=password, **kwargs)
