"""The body of an article: StreamField blocks, one family per module, each with its API form beside it.

RAW is what a StreamField stores and an importer writes: `[{"type": …, "id": uuid, "value": …}]`.
API is what the ledger holds and readers get: every block has "type" and "id", then what is listed here.

section     RAW {"heading": str, "body": [RAW…]}; nests to three levels, deeper ones do not exist
            API {"number","anchor","heading","level": 1|2|3,"body": [API…]}
paragraph   RAW rich text, str: <p> <b> <i> <sup> <sub> <a> <ol> <ul> <li> <br>; page links too
            API {"html"}, cleaned by nh3
steps       RAW [{"title": str, "text": rich text}]
            API {"items": [{"number","title","html"}]}
figure      RAW {"key","image": pk|null,"caption","alt","source","licence": str,"missing": bool}
            API {"number","label","anchor","caption","alt","source","licence","image": IMAGE|null,
                 "available": bool}
table       RAW {"key","caption","grid": GRID,"head_rows": int,"note"}
            API {"number","label","anchor","caption","head": [[CELL]],"rows": [[CELL]],"note"}
callout     RAW {"tone": note|warning|tip,"title","text": rich text}
            API {"tone","title","html"}
key_points  RAW [str]
            API {"items": [str]}
references  RAW [{"text","doi","pmid","url"}]
            API {"items": [{"number","text","doi","pmid","url"}]}
gate_line   RAW null; only on the top level, at most once
            API not sent; what follows it is gated

IMAGE is {"url","srcset": [{"url","width"}],"width","height","hash"}; hash changes with the file, URLs never.
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
