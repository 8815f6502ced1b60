"""Nothing personal and no secret gets through to a log line."""

from __future__ import annotations

import pytest

from config.redaction import redact, redacted


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mail to li.na+1@example.cn failed", "li.na+1@example.cn"),
        ("用户李娜@医院.中国不存在", "李娜@医院.中国"),
        ("call 13812345678 now", "13812345678"),
        ("call +86 138-1234-5678 now", "138-1234-5678"),
        ("id 11010519491231002X", "11010519491231002X"),
        ("Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
        ("redirect to /search/?q=%E8%82%BF%E7%98%A4&page=2", "%E8%82%BF%E7%98%A4"),
        ("connecting to postgres://app:hunter2@db/xinglin", "hunter2"),
        ("DETAIL: Key (email)=(who ever) already exists.", "who ever"),
        ("DETAIL: Failing row contains (7, 李娜, 13812345678).", "李娜"),
    ],
)
def test_what_must_not_be_logged_is_taken_out(text, secret):
    assert secret not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "article 3f2b0c9e-7a51-4d1e-9c64-13812345678a published as 184",
        "request took 13812 ms",
        '  File "/app/gate/policy.py", line 138, in decide',
        "ratio 1.5 ? yes : no",
    ],
)
def test_what_explains_a_line_stays(text):
    assert redacted(text) == text


def test_a_quoted_value_is_taken_out_however_long_it_is():
    """PostgreSQL quotes keys of up to 2,700 bytes."""
    line = redacted(f"DETAIL: Key (title)=(李娜 {'x' * 9_000}\n王芳) already exists.")
    assert "李娜" not in line
    assert "王芳" not in line
    assert line.endswith("already exists.")


def test_djangos_own_lines_lose_their_path():
    line = {"logger": "django.request", "event": "Internal Server Error: /accounts/password/reset/key/3-abc/"}
    assert redact(None, "error", line)["event"] == "Internal Server Error"


def test_values_are_cleaned_however_deep_and_numbers_stay_numbers():
    line = {"logger": "x", "event": "e", "count": 13812345678, "who": [{"mail": "a@b.cn"}], "none": None}
    cleaned = redact(None, "info", line)
    assert cleaned["who"] == [{"mail": "[mail]"}]
    assert cleaned["count"] == 13812345678
    assert cleaned["none"] is None


def test_a_long_line_is_cleaned_in_linear_time():
    assert redacted("a" * 200_000 + " b@c.cn").endswith("[mail]")
