"""Addresses below /admin/review/. Whatever changes or reveals something is a POST."""

from __future__ import annotations

from django.urls import path

from gate.desk import case, credentials, decisions, queue

app_name = "gate_desk"
urlpatterns = [
    path("", queue.QueueView.as_view(), name="queue"),
    path("results/", queue.QueueView.as_view(results_only=True), name="queue_results"),
    path("next/", decisions.NextCaseView.as_view(), name="next"),
    path("<uuid:case>/", case.CaseView.as_view(), name="case"),
    path("<uuid:case>/claim/", decisions.ClaimView.as_view(), name="claim"),
    path("<uuid:case>/release/", decisions.ReleaseView.as_view(), name="release"),
    path("<uuid:case>/approve/", decisions.ApproveView.as_view(), name="approve"),
    path("<uuid:case>/reject/", decisions.RejectView.as_view(), name="reject"),
    path(
        "<uuid:case>/credentials/<uuid:credential>/reveal/", credentials.RevealView.as_view(), name="reveal"
    ),
    path(
        "<uuid:case>/credentials/<uuid:credential>/looks/<int:look>/",
        credentials.LookView.as_view(),
        name="look",
    ),
]
