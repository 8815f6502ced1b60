"""One article that uses every block, the same in every run; most of it behind the gate line."""

from __future__ import annotations

import datetime
from uuid import UUID

from cms.models import ArticlePage, XinglinImage, ZonePage
from tests.factories.bodies import (
    callout,
    figure,
    gate_line,
    key_points,
    paragraph,
    references,
    section,
    steps,
    table,
)
from tests.factories.cms import ArticlePageFactory, ContributorFactory, XinglinImageFactory, ZonePageFactory

ZONE_ID = UUID("00000000-0000-4000-8000-000000000001")
ARTICLE_ID = UUID("00000000-0000-4000-8000-000000000002")
OPEN_IMAGE_ID = UUID("00000000-0000-4000-8000-000000000003")
GATED_IMAGE_ID = UUID("00000000-0000-4000-8000-000000000004")
WORD = "金丝雀"  # to search for; it may come back as what somebody typed
CANARY = "云母"  # to look for in answers; nobody ever types it
GATED = WORD + CANARY


def golden_zone(**kwargs: str) -> ZonePage:
    """The HCP zone `cell-therapy`."""
    return ZonePageFactory(**({"uuid": ZONE_ID, "slug": "cell-therapy", "title": "细胞治疗专区"} | kwargs))


def golden_images() -> tuple[XinglinImage, XinglinImage]:
    """(the picture before the gate line, the one behind it)."""
    return (
        XinglinImageFactory(uuid=OPEN_IMAGE_ID, colour="teal"),
        XinglinImageFactory(uuid=GATED_IMAGE_ID, colour="maroon", size=(600, 400)),
    )


def golden_article(zone: ZonePage | None = None, **kwargs: object) -> ArticlePage:
    """Published in `zone` (an HCP zone unless given). GATED stands in each kind of block behind the line."""
    before, behind = golden_images()
    defaults = {
        "parent": zone or golden_zone(),
        "uuid": ARTICLE_ID,
        "slug": "first-week",
        "title": "输注后第一周的监测",
        "summary": "体温、血压与神经系统评估的时间安排。",
        "date": datetime.date(2026, 11, 20),
        "authors": [ContributorFactory(name="林知远")],
        "originality": "translated",
        "source_organisation": "示例学会",
        "source_url": "https://example.org/guideline",
        "source_permission": "书面许可",
        "body": [
            paragraph("引言，见[图:open]。", name="lead"),
            figure("open", image=before.pk, caption="时间轴", name="open figure"),
            gate_line(name="gate"),
            section(
                f"监测{GATED}",
                paragraph(f"每日评估{GATED}，见[图:gated]与[表:doses]。", name="p1"),
                section(f"二级{GATED}", steps((f"体温{GATED}", f"每四小时{GATED}"), name="steps"), name="s2"),
                name="s1",
            ),
            figure(
                "gated", image=behind.pk, caption=f"流程{GATED}", alt=f"流程图{GATED}", name="gated figure"
            ),
            figure("lost", caption=f"缺图{GATED}", name="lost figure"),
            table("doses", rows=(("药物", "剂量"), (f"甲{GATED}", "10 mg")), name="table"),
            callout(f"警惕{GATED}", tone="warning", title=f"注意{GATED}", name="callout"),
            key_points(f"要点{GATED}", name="points"),
            references({"text": f"文献{GATED}", "doi": "10.1000/182", "pmid": "12345"}, name="references"),
        ],
    }
    return ArticlePageFactory(**(defaults | kwargs))
