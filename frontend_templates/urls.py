"""Addresses of the reader site."""

from __future__ import annotations

from django.urls import path

from frontend_templates.views import (
    account,
    brand,
    consents,
    gate,
    own_answers,
    own_data,
    reading,
    search,
    second_factor,
    verification,
)

app_name = "site"
urlpatterns = [
    path("", reading.home, name="home"),
    path("zones/<str:slug>/", reading.zone, name="zone"),
    path("articles/<uuid:article_id>/", reading.article, name="article"),
    path("search/", search.search, name="search"),
    path("accounts/second-factor/", second_factor.second_factor, name="second_factor"),
    path("brand/colours.css", brand.colours, name="colours"),
    path("brand/mark/", brand.logo, name="logo"),
    path("me/", account.me, name="me"),
    path("me/mails/", account.mails, name="mails"),
    path("me/data/", own_data.own_data, name="own_data"),
    path("me/data/answers/<uuid:answers_id>/", own_answers.correct, name="correct_answers"),
    path("me/data/export/", own_data.export, name="export"),
    path("me/data/erasure/", own_data.erasure, name="erasure"),
    path("me/data/erasure/confirm/", own_data.erase, name="erase"),
    path("me/consents/<uuid:consent_id>/", consents.receipt, name="receipt"),
    path("me/consents/<uuid:consent_id>/withdraw/", consents.withdraw, name="withdraw"),
    path("consent-receipts/verify/", consents.verify, name="verify_receipt"),
    path("gate/verification/", verification.verification, name="verification"),
    path("gate/verification/consent/", verification.decide_on_consent, name="credential_consent"),
    path("gate/verification/answer/", verification.answer, name="verification_answer"),
    path("gate/verification/appeal/", verification.ask_again, name="verification_appeal"),
    path("gate/<str:slug>/", gate.gate, name="gate"),
    path("gate/<str:slug>/steps/<int:step_id>/", gate.take_step, name="gate_step"),
]
