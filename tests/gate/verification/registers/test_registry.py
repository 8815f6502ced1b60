"""Registers of licences: the CSV one, the task that asks them, and what the desk shows."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from gate.models import RegisterCheck
from gate.verification.registers.asking import Application, RegistryResult
from gate.verification.registers.checks import check_again, check_registers, latest_checks
from gate.verification.registers.csv_file import CsvRegister, plain
from gate.verification.second_review import Cause, causes
from tests.factories.gate import submitted, verification_in

NUMBER = "110110000000001"
HEAD = "licence_number,name,profession,institution,valid_until\n"
CSV = "gate.verification.registers.csv_file.CsvRegister"


@pytest.fixture
def register(tmp_path, settings):
    """Writes the register's rows; the settings name it."""
    path = tmp_path / "示范登记.csv"
    settings.XINGLIN_REGISTERS = [CSV]
    settings.XINGLIN_REGISTER_CSV = str(path)

    def write(*rows: str, head: str = HEAD) -> None:
        path.write_text("\ufeff" + head + "\n".join(rows) + "\n", encoding="utf-8")

    return write


@pytest.mark.parametrize(("name", "shown"), [("", "示范登记"), ("省级名册", "省级名册")])
def test_the_register_is_called_by_its_name_or_its_files(register, settings, name, shown):
    register()
    settings.XINGLIN_REGISTER_NAME = name
    assert asked().register == shown


def asked(**changes: str) -> RegistryResult:
    facts = {
        "licence_number": NUMBER,
        "full_name": "林一",
        "profession": "physician",
        "institution": "示例医院（东院）",
    }
    return CsvRegister().check(Application(**{**facts, **changes}))


class TestCsv:
    @pytest.mark.parametrize(
        "row",
        [
            f"{NUMBER},林一,physician,示例医院(东院),2099-12-31",
            f"{NUMBER},林 一,医师,示例医院 东院,",
            "１１０１１０００００００００１,林一,,,",
        ],
    )
    def test_ways_of_writing_are_no_difference(self, register, row):
        register(row)
        result = asked()
        assert (result.status, result.register) == ("found", "示范登记")
        assert "differs" not in result.detail.values()

    @pytest.mark.parametrize(
        ("row", "field", "verdict"),
        [
            (f"{NUMBER},林二,physician,示例医院东院,", "full_name", "differs"),
            (f"{NUMBER},林一,nurse,示例医院东院,", "profession", "differs"),
            (f"{NUMBER},林一,巫师,示例医院东院,", "profession", "differs"),
            (f"{NUMBER},林一,physician,别的医院,", "institution", "differs"),
            (f"{NUMBER},林一,physician,示例医院东院,2020-01-01", "licence_number", "ended"),
        ],
    )
    def test_differences_are_named(self, register, row, field, verdict):
        register(row)
        result = asked()
        assert result.status == "differs"
        assert result.detail[field] == verdict

    def test_of_several_rows_the_best_counts(self, register):
        register(f"{NUMBER},林二,nurse,别的医院,", f"{NUMBER},林一,physician,示例医院东院,")
        assert asked().status == "found"

    def test_a_number_that_is_not_there(self, register):
        register(f"{NUMBER}9,林一,physician,示例医院,")
        assert asked().status == "not_found"
        assert asked(licence_number="").status == "not_found"

    def test_plain(self):
        assert plain("ＡＢ－１２ 李·四（示范）") == "ab12李四示范"


@pytest.mark.django_db
class TestTask:
    def test_a_submission_is_checked_once_it_is_kept(self, register, django_capture_on_commit_callbacks):
        register(f"{NUMBER},林一,physician,示例医院,")
        with django_capture_on_commit_callbacks(execute=True):
            case = submitted(licence_number=NUMBER)
            assert not RegisterCheck.objects.exists()
        (check,) = case.register_checks.all()
        assert (check.status, check.register) == ("found", "示范登记")
        assert set(check.detail.values()) == {"same"}

    @pytest.mark.parametrize(
        ("path", "head"),
        [(CSV, "number,name\n"), ("gate.no_such_module.Register", HEAD), (f"{__name__}.Broken", HEAD)],
    )
    def test_unavailable_is_a_result_and_stops_nobody(
        self, register, settings, path, head, caplog, django_capture_on_commit_callbacks
    ):
        register(head=head)
        settings.XINGLIN_REGISTERS = [path, CSV] if head == HEAD else [path]
        with django_capture_on_commit_callbacks(execute=True):
            case = submitted(licence_number=NUMBER)
        statuses = [check.status for check in latest_checks(case)]
        assert statuses == (["unavailable", "not_found"] if head == HEAD else ["unavailable"])
        assert "canary" not in caplog.text

    def test_an_unavailable_register_is_asked_again(self, register, settings):
        case = submitted(licence_number=NUMBER)
        register(head="nothing\n")
        check_registers.call(case.pk)
        register(f"{NUMBER},林一,physician,示例医院,")
        assert check_again() == 1
        assert [check.status for check in latest_checks(case)] == ["found"]
        assert RegisterCheck.objects.count() == 2
        assert check_again() == 0

    def test_a_request_whose_task_was_lost_is_asked_about(self, register):
        register(f"{NUMBER},林一,physician,示例医院,")
        case = submitted(licence_number=NUMBER)  # its task never ran
        assert check_again() == 1
        assert [check.status for check in latest_checks(case)] == ["found"]

    def test_a_decided_case_is_not_checked(self, register):
        case = verification_in("rejected")
        register()
        assert check_registers.call(case.pk) == 0

    def test_without_registers_nothing_is_asked(self, settings, django_capture_on_commit_callbacks):
        settings.XINGLIN_REGISTERS = []
        with django_capture_on_commit_callbacks(execute=True):
            submitted()
        assert not RegisterCheck.objects.exists()

    def test_a_result_cannot_be_changed(self, register):
        register()
        case = submitted(licence_number=NUMBER)
        check_registers.call(case.pk)
        with pytest.raises(TypeError):
            case.register_checks.update(status="found")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE gate_registercheck SET status = 'found'")

    def test_the_desk_shows_it(self, register):
        register(f"{NUMBER},林二,physician,示例医院,2020-01-01")
        case = submitted(licence_number=NUMBER)
        check_registers.call(case.pk)
        with translation.override("en"):
            page = render_to_string("gate/desk/case/registry.html", {"case": case})
        assert "differs from the register" in page
        assert "no longer valid" in page
        assert "desk-check--bad" in page
        assert "林二" not in page  # the register's own values are not kept
        assert not render_to_string(
            "gate/desk/case/registry.html", {"case": verification_in("draft")}
        ).strip()


@pytest.mark.django_db
class TestNotAskedYet:
    """Registers are asked by the worker: a fast reviewer may decide before they answered."""

    def test_an_approval_takes_a_second_reviewer(self, register):
        case = submitted(licence_number=NUMBER)
        assert causes(case, "approved") == [Cause.NOT_ASKED]
        assert causes(case, "rejected") == []
        register(f"{NUMBER},林一,physician,示例医院,")
        check_registers.call(case.pk)
        assert causes(case, "approved") == []

    def test_the_desk_shows_it_until_the_answer(self, register):
        case = submitted(licence_number=NUMBER)
        with translation.override("en"):
            assert "Not asked yet" in render_to_string("gate/desk/case/registry.html", {"case": case})
        register()
        check_registers.call(case.pk)
        with translation.override("en"):
            assert "Not asked yet" not in render_to_string("gate/desk/case/registry.html", {"case": case})

    def test_an_unavailable_register_is_an_answer(self, register):
        case = submitted(licence_number=NUMBER)
        register(head="nothing\n")
        check_registers.call(case.pk)
        assert causes(case, "approved") == []


class Broken:
    """A register that fails with personal data in its message."""

    name = "broken"

    def check(self, application: Application) -> RegistryResult:
        raise ConnectionError(f"canary {application.full_name} {timezone.now()}")
