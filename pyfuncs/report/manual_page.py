"""The manual as a page that any browser shows: few computers have a program for its own format."""

from __future__ import annotations

import html
from pathlib import Path

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{max-width:56em;margin:2em auto;padding:0 1em;font:16px/1.7 "Microsoft YaHei","Noto Sans CJK SC",sans-serif}}
pre{{white-space:pre-wrap;font:inherit}}</style></head><body><pre>{text}</pre></body></html>
"""


def manual_page(manual: Path) -> bytes:
    """The manual's text in one HTML file. Raises OSError when it is not there."""
    text = manual.read_text(encoding="utf-8")
    title = text.partition("\n")[0].lstrip("# ")
    return _PAGE.format(title=html.escape(title), text=html.escape(text)).encode()
