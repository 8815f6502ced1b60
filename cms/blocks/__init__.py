"""The body of an article: StreamField blocks, one family per module, each with its API form beside it.

RAW is what a StreamField stores and an importer writes: `[{"type": …, "id": uuid, "value": …}]`.
API is what the ledger holds and readers get: every block has "type" and "id", then what is listed here.

type        RAW value                                           API
section     {"heading": str, "body": [RAW…]}                    {"number","anchor","heading","level": 1|2|3,"body": [API…]}
            nests to three levels; deeper ones do not exist
paragraph   rich text, str: <p> <b> <i> <sup> <sub> <a> <ol>    {"html"}  cleaned by nh3
            <ul> <li> <br>; page links as Wagtail stores them
steps       [{"title": str, "text": rich text}]                 {"items": [{"number","title","html"}]}
figure      {"key","image": pk|null,"caption","alt",            {"number","label","anchor","caption","alt","source","licence",
             "source","licence": str,"missing": bool}            "image": {"url","srcset":[{"url","width"}],"width","height","hash"}|null,
                                                                 "available": bool}
table       {"key","caption","grid": GRID,"head_rows": int,     {"number","label","anchor","caption","head": [[CELL]],
             "note"}                                             "rows": [[CELL]],"note"}
callout     {"tone": note|warning|tip,"title","text": rich}     {"tone","title","html"}
key_points  [str]                                               {"items": [str]}
references  [{"text","doi","pmid","url"}]                       {"items": [{"number","text","doi","pmid","url"}]}
gate_line   null; only on the top level, at most once           (not sent; what follows it is gated)

GRID is the value of Wagtail's TableBlock; `cms.blocks.tables.grid(rows, merges=…, head_rows=…)` makes one:
    {"data": [[str|null]], "table_header_choice": "row"|"neither", "first_row_is_table_header": bool,
     "first_col_is_header": bool, "mergeCells": [{"row","col","rowspan","colspan"}]}
CELL is {"text","colspan","rowspan"}; a cell that a merge covers is left out.

The items of steps, key_points and references may also be stored as Wagtail stores them itself:
    {"type": "item", "id": uuid, "value": item}.

Keys of figures and tables are letters (any script), digits, "_", "-" and "."; a text refers to them with
[图:key] and [表:key] (or [figure:key], [table:key]). Numbers are never written: cms.numbering gives them.
"""

from cms.blocks.sections import ArticleBody

__all__ = ["ArticleBody"]
