"""Addresses under `/api/v1/`. No trailing slashes, no format suffixes; every other address is a problem."""

from __future__ import annotations

from django.urls import path, re_path

from api import (
    about,
    account,
    articles,
    consents,
    gate,
    images,
    own_answers,
    own_data,
    search,
    verification,
    verification_replies,
    zones,
)
from api.resource import NotFoundResource

app_name = "api"
urlpatterns = [
    path("zones", zones.ZoneListView.as_view(), name="zones"),
    path("zones/<str:slug>", zones.ZoneView.as_view(), name="zone"),
    path("articles", articles.ArticleListView.as_view(), name="articles"),
    path("articles/<uuid:article_id>", articles.ArticleView.as_view(), name="article"),
    path(
        "articles/<uuid:article_id>/images/<uuid:image_id>/<int:width>",
        images.ArticleImageView.as_view(),
        name="article_image",
    ),
    path("gate/zones/<str:slug>", gate.GateView.as_view(), name="gate"),
    path("gate/zones/<str:slug>/steps/<int:step_id>", gate.StepView.as_view(), name="gate_step"),
    path("gate/verification", verification.VerificationView.as_view(), name="gate_verification"),
    path(
        "gate/verification/consent",
        verification_replies.CredentialConsentView.as_view(),
        name="gate_verification_consent",
    ),
    path(
        "gate/verification/answer",
        verification_replies.InformationView.as_view(),
        name="gate_verification_answer",
    ),
    path(
        "gate/verification/appeal", verification_replies.AppealView.as_view(), name="gate_verification_appeal"
    ),
    path("search", search.SearchView.as_view(), name="search"),
    path("me", account.AccountView.as_view(), name="me"),
    path("me/answers", own_answers.OwnAnswersView.as_view(), name="own_answers"),
    path(
        "me/answers/<uuid:answers_id>/correction",
        own_answers.AnswersCorrectionView.as_view(),
        name="answers_correction",
    ),
    path("me/consents", consents.ConsentListView.as_view(), name="consents"),
    path("me/consents/<uuid:consent_id>/receipt", consents.ReceiptView.as_view(), name="consent_receipt"),
    path(
        "me/consents/<uuid:consent_id>/withdrawal",
        consents.WithdrawalView.as_view(),
        name="consent_withdrawal",
    ),
    path("consent-receipts/verify", consents.ReceiptVerificationView.as_view(), name="receipt_verification"),
    path("me/export", own_data.ExportView.as_view(), name="export"),
    path("me/erasure", own_data.ErasureView.as_view(), name="erasure"),
    path("schema", about.SchemaView.as_view(), name="schema"),
    path("docs", about.docs, name="docs"),
    path("docs/oauth2-redirect", about.docs_redirect, name="docs_redirect"),
    path("problems", about.ProblemKindListView.as_view(), name="problems"),
    path("problems/<str:code>", about.ProblemKindView.as_view(), name="problem"),
    # Also `/api/v1/articles/`: each resource has one address, and a problem reports others. Not `.`, which
    # stops at a newline, nor `(?s:.)`, with which Django can reverse no address at all.
    re_path(r"^[\s\S]*\Z", NotFoundResource.as_view(), name="not_found"),
]
