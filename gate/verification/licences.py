"""Formats of licence numbers. Which profession has which is in gate.verification.professions.

Physicians: the practice certificate (医师执业证书) has 15 digits, older qualification certificates up to 27.
Nurses: 12 digits (older 11), newer electronic ones up to 18. The others are issued by provinces and schools
in many forms.
"""

from __future__ import annotations

import re
import unicodedata

PHYSICIAN_NUMBER = r"[0-9]{15,27}"
NURSE_NUMBER = r"[0-9]{11,18}"
ANY_NUMBER = r"[0-9A-Z\u4e00-\u9fff()第号\-]{4,40}"


def normalise(number: str) -> str:
    """Full-width digits, spaces and lower case are ways of typing, not parts of the number."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", number)).upper()
