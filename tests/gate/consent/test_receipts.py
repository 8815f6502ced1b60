"""Receipts: the structure of ISO/IEC TS 27560, the same each time, and proof against every change."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gate.consent import receipt_signature
from gate.consent.agreements import publish_agreement
from gate.consent.decisions import withdraw_consent
from gate.consent.receipts import LAWFUL_BASES, receipt_of, record_of, verify_receipt
from gate.errors import UnknownConsent
from gate.models import Agreement, ConsentRecord
from tests.factories.gate import (
    UserFactory,
    add_step,
    admitted_reader,
    agreement_version,
    allow_credentials,
    gated_zone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    zone = gated_zone("agreement", audience="registered", title="消化专区")
    reader = admitted_reader(zone)
    return record_of(reader, ConsentRecord.objects.get().uuid)


def test_it_has_the_parts_of_the_specification(record, settings):
    settings.XINGLIN_CONTROLLER = {"name": "杏林", "email": "privacy@example.org", "url": "", "address": ""}
    receipt = receipt_of(record)
    assert list(receipt) == [
        "schema_version", "record_id", "pii_principal_id", "pii_processing", "party_identification", "events",
        "signature",
    ]  # fmt: skip
    assert receipt["schema_version"] == "ISO/IEC TS 27560:2023"
    assert receipt["record_id"] == str(record.uuid)
    assert receipt["pii_principal_id"] == str(record.user.uuid)
    (purpose,) = receipt["pii_processing"]["purposes"]
    assert (purpose["lawful_basis"], purpose["services"]) == ("consent", ["消化专区"])
    assert receipt["party_identification"] == [
        {
            "party_id": purpose["pii_controllers"][0],
            "party_role": "pii_controller",
            "party_name": "杏林",
            "party_email": "privacy@example.org",
        }
    ]
    (event,) = receipt["events"]
    assert (event["event_state"], event["entity_id"]) == ("consent_given", str(record.user.uuid))


def test_it_holds_no_name_and_no_address_of_the_person(record):
    text = json.dumps(receipt_of(record), ensure_ascii=False)
    assert record.user.email not in text
    assert record.user.display_name not in text


def test_the_text_in_it_is_the_one_that_was_shown(record):
    notice = receipt_of(record)["pii_processing"]["privacy_notice"]
    shown = {"links": notice["links"], "locale": notice["language"], "text": notice["text"]}
    canonical = json.dumps(
        shown | {"title": notice["title"]}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert hashlib.sha256(canonical.encode()).hexdigest() == notice["sha256"] == record.version.sha256


def test_a_new_version_changes_no_receipt(record):
    before = receipt_of(record)
    agreement = record.version.agreement
    agreement.draft_text, agreement.title = "<p>别的。</p>", "别的"
    agreement.save()
    publish_agreement(agreement=agreement, by=None)
    assert receipt_of(record_of(record.user, record.uuid)) == before


def test_a_withdrawal_has_a_receipt_with_both_events_and_the_first_keeps_its_own(record):
    before = receipt_of(record)
    withdrawal = withdraw_consent(user=record.user, consent=record.uuid, surface="test")
    states = [event["event_state"] for event in receipt_of(withdrawal)["events"]]
    assert states == ["consent_given", "consent_withdrawn"]
    assert receipt_of(record) == before


@pytest.mark.parametrize("kind", Agreement.Kind.values)
def test_each_kind_of_text_names_its_lawful_basis(kind):
    separate = kind not in ("identity", "consent")
    steps = {"identity": "agreement", "consent": "consent"}
    zone = gated_zone("verification", audience="registered")
    if kind == "sensitive":  # asked by the verification itself
        reader = allow_credentials(UserFactory())
    else:
        add_step(zone, steps.get(kind, "separate_consent"), agreement=agreement_version(kind).agreement)
        reader = admitted_reader(zone)
    record = ConsentRecord.objects.get(version__agreement__kind=kind)
    receipt = receipt_of(record_of(reader, record.uuid))
    (purpose,) = receipt["pii_processing"]["purposes"]
    assert purpose["lawful_basis"] == ("separate_consent" if separate else "consent")
    assert kind in LAWFUL_BASES


def test_nobody_gets_somebody_elses(record):
    with pytest.raises(UnknownConsent):
        record_of(UserFactory(), record.uuid)


class TestVerification:
    def test_a_receipt_that_went_through_a_file_is_genuine(self, record):
        receipt = json.loads(json.dumps(receipt_of(record), indent=2))
        verdict, facts = verify_receipt(receipt)
        assert verdict == "genuine"
        assert facts["record_id"] == str(record.uuid)
        assert (facts["decision"], facts["number"]) == ("agreed", 1)

    def test_anybody_can_check_it_with_the_key_set_alone(self, record):
        """Without a line of ours: what any JWS library does."""
        receipt = receipt_of(record)
        keys = KeySet.import_key_set(receipt_signature.key_set())
        signature = receipt.pop("signature")
        found = jws.deserialize_json(signature, keys, algorithms=["Ed25519"])
        assert json.loads(found.payload) == receipt
        assert found.headers()["typ"] == "consent-receipt+jws"
        changed = signature | {"payload": signature["payload"][:-4] + "AAAA"}
        with pytest.raises(JoseError):
            jws.deserialize_json(changed, keys, algorithms=["Ed25519"])

    def test_the_key_set_holds_no_secret(self):
        (key,) = receipt_signature.key_set()["keys"]
        assert set(key) == {"kty", "crv", "x", "kid", "alg", "use"}

    @pytest.mark.parametrize("changed", [False, True])
    def test_the_program_of_the_documentation_checks_it(self, record, tmp_path, changed):
        page = Path(settings.BASE_DIR, "docs/howto/check-a-receipt.md").read_text()
        program = page.split("```python\n")[1].split("```")[0]
        receipt = receipt_of(record)
        if changed:
            receipt["events"][0]["decision"] = "refused"
        for name, content in (
            ("check.py", program),
            ("receipt.json", json.dumps(receipt)),
            ("keys.json", json.dumps(receipt_signature.key_set())),
        ):
            (tmp_path / name).write_text(content)
        command = [sys.executable, "-E", "-s", "check.py", "receipt.json", "keys.json"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode != 0) == changed
        assert ("agreed" in done.stdout) != changed

    def test_receipts_given_out_before_stay_valid(self, settings):
        """Made by the code of 2026-11-23, stored as it was given out."""
        settings.XINGLIN_CONSENT_KEY = "a key of the tests, for receipts of 2026-11-23"
        old = json.loads((Path(__file__).parents[2] / "contracts" / "receipt_before_jws.json").read_text())
        verdict, facts = verify_receipt(old)
        assert verdict == "genuine"
        assert (facts["decision"], facts["title"]) == ("agreed", "保密协议")
        old["events"][0]["decision"] = "refused"
        assert verify_receipt(old) == ("altered", None)
        settings.XINGLIN_CONSENT_KEY = "another"
        assert verify_receipt(old) == ("unknown_key", None)

    def test_a_signature_of_another_kind_is_no_receipt(self, record):
        """The same key over the same bytes, but not as a receipt."""
        receipt = receipt_of(record)
        rest = {name: value for name, value in receipt.items() if name != "signature"}
        header = {"protected": {"alg": "Ed25519", "kid": receipt_signature.key_id(), "typ": "JWT"}}
        payload, key = receipt_signature.canonical(rest), receipt_signature._jwk()
        other = jws.serialize_json(header, payload, key, algorithms=["Ed25519"])
        assert verify_receipt({**rest, "signature": other}) == ("altered", None)

    @pytest.mark.parametrize("algorithm", ["none", "HS256"])
    def test_the_file_does_not_choose_the_algorithm(self, record, algorithm):
        receipt = receipt_of(record)
        header = json.dumps({"alg": algorithm, "kid": receipt_signature.key_id()}).encode()
        receipt["signature"]["protected"] = base64.urlsafe_b64encode(header).rstrip(b"=").decode()
        assert verify_receipt(receipt)[0] != "genuine"

    def test_every_single_change_is_found(self, record):
        receipt = receipt_of(record)

        def paths(value, path=()):
            if isinstance(value, dict | list):
                for name in value if isinstance(value, dict) else range(len(value)):
                    yield from paths(value[name], (*path, name))
            else:
                yield path

        found = list(paths(receipt))
        assert len(found) > 25
        for *parents, last in found:
            changed = copy.deepcopy(receipt)
            place = changed
            for name in parents:
                place = place[name]
            place[last] = f"{place[last]}x"
            assert verify_receipt(changed)[0] in ("altered", "unknown_key"), (*parents, last)

    def test_more_or_less_than_was_signed_is_found(self, record):
        receipt = receipt_of(record)
        assert verify_receipt(receipt | {"more": 1})[0] == "altered"
        assert verify_receipt({k: v for k, v in receipt.items() if k != "events"})[0] == "altered"

    def test_the_key_that_a_forgery_brings_along_counts_for_nothing(self, record, monkeypatch):
        own = receipt_of(record)["signature"]
        forger = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
        with monkeypatch.context() as patch:
            patch.setattr(receipt_signature, "_key", lambda: forger)
            forged = receipt_of(record)
        assert verify_receipt(forged) == ("unknown_key", None)
        forged["signature"]["protected"] = own["protected"]
        assert verify_receipt(forged) == ("altered", None)

    def test_another_installations_receipt_is_signed_with_an_unknown_key(self, record, settings):
        receipt = receipt_of(record)
        settings.XINGLIN_CONSENT_KEY = "another key"
        assert verify_receipt(receipt) == ("unknown_key", None)

    @pytest.mark.parametrize(
        "document", [{}, {"signature": None}, {"signature": "x"}, {"signature": []}, {"signature": {}}]
    )
    def test_what_is_no_receipt_is_called_so(self, document):
        assert verify_receipt(document) == ("not_a_receipt", None)

    @pytest.mark.parametrize("value", [None, 7, "ä", "!", ["x"], {"a": 1}, "\ud800", ""])
    def test_strange_signatures_and_strange_texts_are_altered(self, record, value):
        receipt = receipt_of(record)
        for name in receipt["signature"]:
            strange = receipt | {"signature": receipt["signature"] | {name: value}}
            assert verify_receipt(strange)[0] in ("altered", "unknown_key"), name
        assert verify_receipt(receipt | {"record_id": value})[0] == "altered"
        assert verify_receipt(receipt | {"record_id": float("nan")})[0] == "altered"

    def test_it_asks_the_database_nothing(self, record, django_assert_num_queries):
        receipt = receipt_of(record)
        with django_assert_num_queries(0):
            assert verify_receipt(receipt)[0] == "genuine"
