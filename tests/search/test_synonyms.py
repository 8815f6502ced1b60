"""Synonyms are reviewed records in which no term occurs twice."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from gate.models import User
from search.curated_synonyms import GROUPS
from search.models import SynonymGroup
from search.service import reviewed_groups

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_seed():
    SynonymGroup.objects.all().delete()


def test_the_curated_groups_pass_their_own_review():
    for terms in GROUPS:
        group = SynonymGroup(terms="\n".join(terms), reviewed=True)
        group.full_clean()
        group.save()
    assert len(reviewed_groups()) == len(GROUPS)


@pytest.mark.parametrize(
    "terms",
    ["", "只有一个", "PD-1\nＰＤ－１\npd–1", "\n".join(map(str, range(13))), "a\n" + "长" * 61],
)
def test_a_group_needs_two_to_twelve_short_terms(terms):
    with pytest.raises(ValidationError) as error:
        SynonymGroup(terms=terms).full_clean()
    assert "terms" in error.value.message_dict


def test_a_term_stands_in_one_group_only_whatever_its_case():
    SynonymGroup.objects.create(terms="EGFR\n表皮生长因子受体")
    with pytest.raises(ValidationError, match="egfr"):
        SynonymGroup(terms="eGFR\n估算肾小球滤过率").full_clean()
    group = SynonymGroup.objects.get()
    group.note = "指南"
    group.full_clean()


def test_groups_are_folded_for_searches():
    SynonymGroup.objects.create(terms=" CAR-T \n\n嵌合抗原受體T細胞\ncar‐t", reviewed=True)
    SynonymGroup.objects.create(terms="甲\n乙", reviewed=False)
    assert reviewed_groups() == (("car-t", "嵌合抗原受体t细胞"),)


def test_editors_manage_them_in_the_admin(client):
    client.force_login(User.objects.create_superuser(email="root@example.org", password="a long password"))
    viewset = SynonymGroup.snippet_viewset
    answer = client.post(
        reverse(viewset.get_url_name("add")), {"terms": "心衰\n心力衰竭", "note": "", "reviewed": "on"}
    )
    assert answer.status_code == 302
    assert reviewed_groups() == (("心衰", "心力衰竭"),)
    listing = client.get(reverse(viewset.get_url_name("list")))
    assert "心衰 = 心力衰竭" in listing.content.decode()
