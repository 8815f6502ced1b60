"""The Elasticsearch form of a search document (`elasticsearch.dsl`).

Imported with that engine only: the embedded profile does not load the client.

Text behind an access key lies in fields of that key (`gated.k7_hcp.text`). The field is the filter: a
search does not ask fields whose key it lacks, so their words change neither its matches and counts nor the
word statistics that rank them. Only built-in analysis: no mapper-extras, no ICU, smartcn or IK.
"""

from __future__ import annotations

from typing import Any

from elasticsearch.dsl import Date, Document, Keyword, Long, MetaField, Object, Text, analyzer

from search.analysis import ANALYSIS_VERSION, codes, fold
from search.documents import SearchDocument

UNIGRAM = analyzer("xinglin_unigram", tokenizer="standard", filter=["cjk_width", "lowercase"])
BIGRAM = analyzer("xinglin_bigram", tokenizer="standard", filter=["cjk_width", "lowercase", "cjk_bigram"])
KEPT = ("id", "sequence", "access_key")
"""The stored fields of the index. Texts are indexed and not stored: excerpts come from the ledger."""

SETTINGS = {
    "number_of_shards": 1,  # one shard has one set of word statistics
    "auto_expand_replicas": "0-1",
    "mapping.total_fields.limit": 10_000,  # five fields for each access key
    "max_result_window": 10_000,
}


def _text() -> Text:
    """Never searched itself: `uni` and `bi` are, as two fields with statistics of their own."""
    return Text(
        index=False,
        norms=False,
        fields={"uni": Text(analyzer=UNIGRAM), "bi": Text(analyzer=BIGRAM)},
    )


class ArticleDocument(Document):
    id = Keyword()
    sequence = Long()
    page_id = Long()
    zone_id = Long()
    zone_slug = Keyword()
    audience = Keyword()
    access_key = Keyword()
    locale = Keyword()
    date = Date()
    title = _text()
    public_text = _text()
    public_codes = Keyword(norms=False)
    gated = Object(dynamic=True)

    class Meta:
        dynamic = MetaField("strict")
        date_detection = MetaField(False)
        source = MetaField(includes=list(KEPT))
        meta = MetaField(analysis=ANALYSIS_VERSION)
        dynamic_templates = MetaField(
            [
                {"text": {"path_match": "gated.*.text", "mapping": _text().to_dict()}},
                {"codes": {"path_match": "gated.*.codes", "mapping": {"type": "keyword", "norms": False}}},
            ]
        )


def gated_field(access_key: str) -> str:
    """`7:hcp` -> `gated.k7_hcp`. Access keys are validated (`SearchRequest`) or built from the ledger."""
    return f"gated.k{access_key.replace(':', '_')}"


def _folded(text: str) -> list[str]:
    return [fold(passage) for passage in text.split("\n")]


def _codes(passages: list[str]) -> list[str]:
    return sorted({code for passage in passages for code in codes(passage)})


def index_body() -> dict[str, Any]:
    """Settings and mappings for `indices.create`."""
    mapping = ArticleDocument._doc_type.mapping
    return {"settings": SETTINGS | {"analysis": mapping._collect_analysis()}, "mappings": mapping.to_dict()}


def source_of(document: SearchDocument) -> dict[str, Any]:
    """What is sent for indexing: texts folded by our own analysis, one value for each passage."""
    public, gated = _folded(document.public_text), _folded(document.gated_text)
    body = ArticleDocument(
        id=document.id,
        sequence=document.sequence,
        page_id=document.page_id,
        zone_id=document.zone_id,
        zone_slug=document.zone_slug,
        audience=document.audience,
        access_key=document.access_key,
        locale=document.locale,
        date=document.date,
        title=fold(document.title),
        public_text=public,
        public_codes=_codes(public),
    ).to_dict()
    if document.gated_text:
        name = gated_field(document.access_key).removeprefix("gated.")
        body["gated"] = {name: {"text": gated, "codes": _codes(gated)}}
    return body
