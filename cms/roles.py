"""The groups that a migration creates. Names are what staff see, so they are Chinese in the database."""

from __future__ import annotations

EDITORS = "编辑"
MEDICAL_REVIEWERS = "医学审核"
HCP_REVIEWERS = "认证审核"
ADMINISTRATORS = "管理员"

WORKFLOW = "医学审核后发布"
MEDICAL_REVIEW = "医学审核"
