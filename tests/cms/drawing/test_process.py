"""The drawing process: what it may not do, and that it is dead when its answer is used."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zlib

import pytest
from django.db import transaction
from PIL import Image

from cms.drawing import process
from cms.drawing.process import DrawingRefused, run
from gate.errors import UploadRefused
from gate.verification.files import uploads


def nested_forms(levels: int = 7, uses: int = 8) -> bytes:
    """A PDF whose page uses a form eight times, which uses another one eight times, and so on."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R"
        b" /Resources << /XObject << /A 5 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        page,
        stream(b"", b"/A Do " * uses),
    ]
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 300 300]"
    for number in range(6, 5 + levels):
        objects.append(
            stream(form + b" /Resources << /XObject << /A %d 0 R >> >>" % number, b"/A Do " * uses)
        )
    objects.append(stream(form, b"0 0 m 300 300 l S "))
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    return data + b"xref\n0 %d\n" % size + table + trailer


def stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def picture(size: tuple[int, int] = (300, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("L", size, 200).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def started(monkeypatch):
    """Every process that was started."""
    made: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):
        def __init__(self, *args, **kwargs) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setattr(process.subprocess, "Popen", Recorded)
    return made


def instead(monkeypatch, code: str) -> None:
    """The process runs `code` after it limited itself, in place of drawing."""
    begin = "import sys; sys.stdin.buffer.readline(); from cms.drawing import child; child._limit(3)\n"
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-B", "-E", "-s", "-c", begin + code))


def code_of(data: bytes = b"", **limits: float) -> str:
    with pytest.raises(DrawingRefused) as refusal:
        run("check", data, forms=("PNG",), max_pixels=10**6, **limits)
    return refusal.value.code


def test_a_small_pdf_of_nested_forms_is_answered_within_five_seconds(started):
    data = nested_forms()
    assert len(data) < 2000
    begin = time.monotonic()
    with pytest.raises(UploadRefused) as refusal:
        uploads.draw_pdf(data)
    assert time.monotonic() - begin < 5
    assert refusal.value.code == "too_complex"
    (drawing,) = started
    assert drawing.returncode < 0  # ended by us, or by the limit of memory that it met first


def test_few_nested_forms_are_drawn():
    """What is refused above is the work, not the form."""
    drawn = run("pages", nested_forms(levels=2), **uploads.PAGES)
    with Image.open(io.BytesIO(drawn)) as sheet:
        assert sheet.size == (1400, 1400)


def test_the_process_is_dead_after_its_answer(started):
    run("check", picture(), forms=("PNG",), max_pixels=10**6)
    assert len(started) == 1
    with pytest.raises(ProcessLookupError):
        os.killpg(started[0].pid, 0)


def test_what_it_started_dies_with_it(started, monkeypatch):
    code = "import os, time\nif os.fork() == 0: time.sleep(60)\nprint('{}', flush=True); time.sleep(60)"
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", code))
    begin = time.monotonic()
    assert code_of(deadline=2) == "too_complex"
    assert time.monotonic() - begin < 10
    for _ in range(50):  # the kernel takes a moment for the one that is not ours to wait for
        try:
            os.killpg(started[0].pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    # A zombie without a parent that reaps it still counts as a member of its group.
    states = subprocess.run(
        ["ps", "-o", "stat=", "-g", str(started[0].pid)], capture_output=True, check=False, text=True
    ).stdout.split()
    assert all(state.startswith("Z") for state in states)


@pytest.mark.parametrize(
    "code",
    [
        "bytearray(3 * 1024 ** 3)",
        "import tempfile; tempfile.TemporaryFile(buffering=0).write(b'x')",
        "import zlib; [open('/dev/null') for _ in range(200)]",
        "while True: pass",
        "import time; time.sleep(60)",
        "while True: sys.stdout.buffer.write(b'x' * 65536)",
        "import os; os.kill(os.getpid(), 11)",
        "print('no json')",
        "print('[1]')",
    ],
    ids=["memory", "files", "descriptors", "time", "sleep", "output", "crash", "words", "list"],
)
def test_what_goes_beyond_the_limits_is_refused(code, started, monkeypatch):
    instead(monkeypatch, code)
    begin = time.monotonic()
    assert code_of(deadline=2) == "too_complex"
    assert time.monotonic() - begin < 10
    assert started[0].returncode != 0 or code.startswith("print")


def test_nothing_of_the_servers_environment_is_in_it(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary")
    code = "import json, os; print(json.dumps({'code': ' '.join(os.environ)}))"
    instead(monkeypatch, code)
    assert "SECRET_KEY" not in code_of()


def test_django_is_not_loaded_in_it(monkeypatch):
    code = "from cms.drawing import pages, pixels; print('{\"code\": \"%s\"}' % ('django' in sys.modules))"
    instead(monkeypatch, code)
    assert code_of() == "False"


@pytest.mark.parametrize("size", [(1001, 1000), (60_000, 60_000)])
def test_pixels_are_counted_before_they_are_decoded(size):
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    assert code_of(bytes(data)) == "too_many_pixels"


def test_a_photo_of_64_megapixels_is_taken():
    out = io.BytesIO()
    Image.new("L", (9248, 6936), 220).save(out, "JPEG", quality=30)
    clean = uploads.clean_upload(io.BytesIO(out.getvalue()))
    with Image.open(io.BytesIO(clean.data)) as kept:
        assert kept.size == (2400, 1800)


@pytest.mark.django_db
def test_decoding_inside_a_transaction_is_a_mistake():
    run("check", picture(), forms=("PNG",), max_pixels=10**6)
    with transaction.atomic(), pytest.raises(RuntimeError):
        run("check", picture(), forms=("PNG",), max_pixels=10**6)
