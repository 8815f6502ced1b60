"""The body of an article: StreamField blocks, one family of kinds per module (`cms.blocks.kinds`).

What a StreamField stores and an importer writes is a list of blocks:
    [{"type": kind, "id": uuid, "value": …}]
The docstring of a kind describes its value, its `schema` what readers get of it.

Keys of numbered blocks are letters (any script), digits, "_", "-" and "."; a text refers to them with
[图:key] and [表:key] (or [figure:key], [table:key]). Numbers are never written: cms.numbering gives them.
"""

from cms.blocks.body import ArticleBody

__all__ = ["ArticleBody"]
