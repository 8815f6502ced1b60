"""Models of cms, one concern per module. Pages import contributors and media; publications import no page."""

from cms.models.articles import ArticleAuthor, ArticlePage
from cms.models.background import CacheEntry, Heartbeat, ScheduledJob
from cms.models.draft_pictures import DraftPicture
from cms.models.imports import ImportRecord
from cms.models.media import XinglinImage, XinglinRendition
from cms.models.pages import HomePage, ZonePage
from cms.models.people import Contributor
from cms.models.publications import LedgerHead, Publication, PublicationHead
from cms.models.reviews import MedicalReviewTask
from cms.models.site_profile import SiteProfile

__all__ = [
    "ArticleAuthor",
    "ArticlePage",
    "CacheEntry",
    "Contributor",
    "DraftPicture",
    "Heartbeat",
    "HomePage",
    "ImportRecord",
    "LedgerHead",
    "MedicalReviewTask",
    "Publication",
    "PublicationHead",
    "ScheduledJob",
    "SiteProfile",
    "XinglinImage",
    "XinglinRendition",
    "ZonePage",
]
