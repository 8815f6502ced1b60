"""Addresses below /admin/review/. Whatever changes or reveals something is a POST."""

from __future__ import annotations

from django.urls import path

from gate.admin.desk import bulk, case, casework, credentials, dashboard, decisions, queue, revocations

app_name = "gate_desk"
urlpatterns = [
    path("", queue.QueueView.as_view(), name="queue"),
    path("results/", queue.QueueView.as_view(results_only=True), name="queue_results"),
    path("dashboard/", dashboard.DashboardView.as_view(), name="dashboard"),
    path("next/", decisions.NextCaseView.as_view(), name="next"),
    path("claim/", bulk.BulkClaimView.as_view(), name="claim_several"),
    path("<uuid:case>/", case.CaseView.as_view(), name="case"),
    path("<uuid:case>/claim/", decisions.ClaimView.as_view(), name="claim"),
    path("<uuid:case>/release/", decisions.ReleaseView.as_view(), name="release"),
    path("<uuid:case>/approve/", decisions.ApproveView.as_view(), name="approve"),
    path("<uuid:case>/reject/", decisions.RejectView.as_view(), name="reject"),
    path("<uuid:case>/confirm/", decisions.ConfirmView.as_view(), name="confirm"),
    path("<uuid:case>/ask/", casework.AskView.as_view(), name="ask"),
    path("<uuid:case>/hand-over/", casework.HandOverView.as_view(), name="hand_over"),
    path("<uuid:case>/note/", casework.NoteView.as_view(), name="note"),
    path("<uuid:case>/revoke/", revocations.ProposeRevocationView.as_view(), name="revoke"),
    path(
        "<uuid:case>/revoke/confirm/",
        revocations.ConfirmRevocationView.as_view(),
        name="confirm_revocation",
    ),
    path(
        "<uuid:case>/revoke/decline/",
        revocations.DeclineRevocationView.as_view(),
        name="decline_revocation",
    ),
    path(
        "<uuid:case>/credentials/<uuid:credential>/reveal/", credentials.RevealView.as_view(), name="reveal"
    ),
    path(
        "<uuid:case>/credentials/<uuid:credential>/looks/<int:look>/",
        credentials.LookView.as_view(),
        name="look",
    ),
]
