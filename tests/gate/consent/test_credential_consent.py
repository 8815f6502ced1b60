"""No credential is taken, kept or shown without the separate consent to its use (PIPL art. 29)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gate.consent.agreements import digest, publish_agreement
from gate.consent.credential_decisions import decide_on_credentials
from gate.consent.decisions import withdraw_consent
from gate.consent.history import consents_of
from gate.consent.receipt_signature import check
from gate.consent.receipts import receipt_of
from gate.consent.sensitive_information import credential_consent
from gate.decision.access import Access
from gate.decision.facts import ConsentDecision, ConsentFact, Reason, StepRule, Subject
from gate.decision.policy import may_send_credentials
from gate.errors import (
    AlreadyDecided,
    ConsentNeeded,
    InvalidConsentDecision,
    NotPublishable,
    NotYourCase,
    StaleVersion,
)
from gate.models import Agreement, AuditEvent, ConsentRecord, Credential, Verification
from gate.models.agreements import STATEMENT_FIELDS
from gate.people.reviewing import reviewable_cases
from gate.verification.decisions import approve
from gate.verification.files import vault
from gate.verification.files.credentials import record_look
from gate.verification.replies import give_information
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    STATEMENT,
    UserFactory,
    admitted_reader,
    agreement_version,
    allow_credentials,
    application,
    credential,
    credential_text,
    gated_zone,
    reviewer,
    submitted,
    verification_in,
)
from tests.factories.steps import decide_agreement

pytestmark = pytest.mark.django_db


def submit(user, **changes):
    return submit_verification(user=user, data=application(**changes), files=[credential()])


def decide(user, decision, version=None):
    version_id = version or credential_text().pk
    return decide_on_credentials(user=user, version_id=version_id, decision=decision, surface="test")


def withdraw(user):
    record = ConsentRecord.objects.filter(user=user, zone=None).latest("pk")
    return withdraw_consent(user=user, consent=record.uuid, surface="test")


def status(user):
    return credential_consent(user, now=timezone.now())


class TestTaking:
    def test_nothing_is_taken_before_the_consent(self):
        credential_text()
        user = UserFactory()
        with pytest.raises(ConsentNeeded):
            submit(user)
        assert not Credential.objects.exists()
        assert not Verification.objects.exists()
        decide(user, "agreed")
        assert submit(user).credentials.count() == 1

    def test_nothing_is_taken_where_no_text_is_published(self):
        user = UserFactory()
        with pytest.raises(ConsentNeeded) as refusal:
            submit(user)
        assert not refusal.value.published
        assert status(user).agreement is None
        with pytest.raises(ConsentNeeded):
            decide_on_credentials(user=user, version_id=1, decision="agreed", surface="test")

    @pytest.mark.parametrize("decision", ["skipped", "withdrawn"])
    def test_declined_or_withdrawn_is_no_consent(self, decision):
        user = UserFactory()
        if decision == "withdrawn":
            decide(user, "agreed")
        decide(user, decision)
        with pytest.raises(ConsentNeeded):
            submit(user)
        decide(user, "agreed")
        submit(user)

    def test_a_version_that_asks_again_is_asked_before_the_next_file(self):
        user = allow_credentials(UserFactory())
        agreement = credential_text().agreement
        agreement.purpose = "核实身份与执业地点。"
        agreement.save()
        newer = publish_agreement(agreement=agreement, by=None)
        assert status(user).agreement.changes is not None
        with pytest.raises(ConsentNeeded):
            submit(user)
        with pytest.raises(StaleVersion):
            decide(user, "agreed", version=newer.pk - 1)
        decide(user, "agreed", version=newer.pk)
        submit(user)

    def test_a_text_that_takes_effect_later_is_none_yet(self, clock):
        user = UserFactory()
        later = {"effective_from": clock.now + timedelta(days=1)}
        version = agreement_version("sensitive", title="敏感信息单独同意", **STATEMENT, **later)
        with pytest.raises(ConsentNeeded):
            decide(user, "agreed", version.pk)
        clock.now += timedelta(days=1)
        decide(user, "agreed", version.pk)
        assert submit(user).state == "submitted"

    def test_files_in_an_answer_need_it_and_words_do_not(self):
        case = verification_in("needs_answer")
        text = credential_text().agreement
        text.purpose = "别的目的。"
        text.save()
        publish_agreement(agreement=text, by=None)
        with pytest.raises(ConsentNeeded):
            give_information(user=case.user, answer="见图", files=[credential()])
        assert case.credentials.count() == 1
        assert give_information(user=case.user, answer="三月一日", files=[]).state == "in_review"

    def test_a_consent_in_a_zone_is_not_this_one(self):
        zone = gated_zone("separate_consent", "verification")
        credential_text()
        reader = UserFactory()
        step = zone.gate.steps.get(kind="separate_consent")
        decide_agreement(
            user=reader,
            step=step,
            version_id=step.agreement.versions.get().pk,
            decision="agreed",
            surface="test",
        )
        with pytest.raises(ConsentNeeded):
            submit(reader)


class TestDeciding:
    def test_it_is_for_the_whole_site_with_a_receipt_that_states_everything(self):
        user = UserFactory()
        record = decide(user, "agreed")
        assert (record.zone_id, record.decision) == (None, "agreed")
        receipt = receipt_of(record)
        assert check(receipt) == "genuine"
        notice = receipt["pii_processing"]["privacy_notice"]
        assert notice["statement"] == STATEMENT
        (purpose,) = receipt["pii_processing"]["purposes"]
        assert (purpose["lawful_basis"], purpose["purpose_type"]) == ("separate_consent", "sensitive")
        assert set(STATEMENT.values()) <= {value for value in purpose.values() if isinstance(value, str)}
        (entry,) = consents_of(user)
        assert (entry.zone_slug, entry.withdrawable, entry.awaits_decision) == ("", True, False)

    @pytest.mark.parametrize("decision", ["refused", "perhaps", ""])
    def test_other_decisions_are_not_offered(self, decision):
        with pytest.raises(InvalidConsentDecision):
            decide(UserFactory(), decision)

    def test_twice_changes_nothing(self):
        user = UserFactory()
        decide(user, "agreed")
        for again in ("agreed", "skipped"):
            with pytest.raises(AlreadyDecided):
                decide(user, again)
        assert ConsentRecord.objects.count() == 1

    @pytest.mark.parametrize("decision", ["agreed", "skipped"])
    def test_what_was_agreed_to_ends_by_withdrawal_only(self, decision):
        """A second window that declines comes too late."""
        user = allow_credentials(UserFactory())
        with pytest.raises(AlreadyDecided):
            decide(user, decision)
        assert status(user).given

    def test_nothing_to_withdraw(self):
        with pytest.raises(AlreadyDecided):
            decide(UserFactory(), "withdrawn")


class TestWithdrawing:
    def test_every_file_goes_and_what_is_undecided_comes_back(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            case = verification_in("in_review")
        boss, row = case.reviewer, case.credentials.get()
        assert vault.vault().exists(row.name)
        with django_capture_on_commit_callbacks(execute=True):
            withdraw(case.user)
        case.refresh_from_db()
        row.refresh_from_db()
        assert (case.state, case.reviewer, case.events.latest("pk").action) == (
            "draft",
            None,
            "consent_withdrawn",
        )
        assert row.deleted_at is not None
        assert not vault.vault().exists(row.name)
        assert AuditEvent.objects.filter(action="credentials_deleted", subject=case.user).exists()
        assert not reviewable_cases(boss).filter(pk=case.pk).exists()
        with pytest.raises(NotYourCase):
            record_look(credential=row, case=case, reviewer=boss, reason="看")
        decide(case.user, "agreed")
        assert submit(case.user).state == "submitted"

    @pytest.mark.parametrize("state", ["submitted", "needs_answer"])
    def test_the_zone_asks_for_a_verification_again(self, state):
        zone = gated_zone("verification")
        case = verification_in(state)
        withdraw(case.user)
        assert Access(case.user).decide(zone.pk, "hcp").reason == Reason.VERIFICATION_REQUIRED

    def test_an_approval_stays_and_its_files_go(self):
        zone = gated_zone("verification")
        reader = admitted_reader(zone)
        before = Access(reader).decide(zone.pk, "hcp")
        withdraw(reader)
        assert Access(reader).decide(zone.pk, "hcp") == before
        assert not Credential.objects.filter(deleted_at=None).exists()
        with pytest.raises(ConsentNeeded):
            submit(reader, institution="第二示例医院")

    def test_the_api_of_the_text_withdraws_too(self):
        case = submitted()
        decide(case.user, "withdrawn")
        case.refresh_from_db()
        assert case.state == "draft"

    def test_other_people_keep_theirs(self):
        other = submitted()
        withdraw(submitted().user)
        other.refresh_from_db()
        assert (other.state, other.credentials.get().deleted_at) == ("submitted", None)


class TestTheText:
    @pytest.mark.parametrize("missing", STATEMENT_FIELDS)
    def test_it_is_published_with_its_whole_statement_only(self, missing):
        with pytest.raises(NotPublishable):
            agreement_version("sensitive", **STATEMENT | {missing: "  "})

    def test_other_texts_need_none(self):
        version = agreement_version("sharing")
        assert version.statement == {}
        shown = {name: getattr(version, name) for name in ("title", "text", "links", "locale")}
        assert version.sha256 == digest(**shown)

    def test_what_it_states_is_part_of_its_digest_and_kept_in_order(self):
        version = credential_text()
        version.refresh_from_db()
        assert list(version.stated) == list(STATEMENT_FIELDS)
        agreement = version.agreement
        agreement.retention = "六十天。"
        agreement.save()
        assert publish_agreement(agreement=agreement, by=None).sha256 != version.sha256

    def test_there_is_one_for_the_site(self):
        credential_text()
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.create(kind="sensitive", title="又一份")


class TestTheRule:
    RULE = StepRule(
        -2, "separate_consent", subject_id=7, version_id=71, valid_version_ids=frozenset({70, 71})
    )

    @pytest.mark.parametrize(
        ("facts", "may"),
        [
            ([], False),
            ([(None, 70, ConsentDecision.AGREED)], True),
            ([(None, 69, ConsentDecision.AGREED)], False),
            ([(1, 71, ConsentDecision.AGREED)], False),
            ([(None, 71, ConsentDecision.SKIPPED)], False),
            ([(None, 71, ConsentDecision.AGREED), (None, 71, ConsentDecision.WITHDRAWN)], False),
            ([(None, 71, ConsentDecision.WITHDRAWN), (None, 71, ConsentDecision.AGREED)], True),
        ],
    )
    def test_the_last_decision_for_the_site_counts(self, facts, may):
        subject = Subject(
            1, tuple(ConsentFact(zone, 7, version, decided) for zone, version, decided in facts)
        )
        assert may_send_credentials(subject, self.RULE) is may
        assert may_send_credentials(subject, None) is False


def test_a_reviewer_finds_no_draft_that_went_back():
    case = submitted()
    boss = reviewer()
    withdraw(case.user)
    with pytest.raises((NotYourCase, AlreadyDecided)):
        approve(case=case, reviewer=boss)
