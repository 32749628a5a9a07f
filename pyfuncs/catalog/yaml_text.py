"""YAML as this project writes it: one key per line, short lists in one line, every scalar a text."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from yaml import Node, SafeDumper, ScalarNode

from pyfuncs.catalog.marks import MarkedDict, MarkedList

LONGEST_FLOW = 90
# Texts that need no quotes. What another YAML reader would take for a number, a date or a truth value does.
_CONTROL = r"\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff"
_BARE = re.compile(r"(?!-(?:[-\s]|$))(?![?:,\[\]{}#&*!|>'\"%@`~=<])(?!.*(?:: |:$| #))"
                   rf"[^{_CONTROL}\s](?:[^{_CONTROL}]*[^{_CONTROL} ])?")
_ODD = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
_TYPED = re.compile(r"[-+.\d][-+.,:_\deExXoO]*|true|false|yes|no|on|off|null|y|n|\.inf|\.nan", re.IGNORECASE)


def block(value: Any) -> str:
    """A file: mappings and lists in blocks, lists of short texts and small leaf mappings in one line."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, width=float("inf"), sort_keys=False)


def flow(value: Any) -> str:
    """A value in one line, as it stands in a cell: numbers without quotes, for all scalars are texts."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(entry)}' for key, entry in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if _BARE.fullmatch(value) and not set(value) & set(",[]{}"):
        return value
    return _ODD.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


class _Dumper(SafeDumper):
    """Texts in double quotes where they need any, short lists and small leaf mappings in one line."""

    def ignore_aliases(self, _: Any) -> bool:
        return True                                   # what stands in two places is written twice

    def represent_text(self, text: str) -> ScalarNode:
        if text in ("true", "false"):                 # read as texts all the same
            return self.represent_scalar("tag:yaml.org,2002:bool", text)
        bare = _BARE.fullmatch(text) and not _TYPED.fullmatch(text)
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if bare else '"')

    def represent_entries(self, value: dict | list) -> Node:
        in_line = not value or _is_leaf(value) and len(flow(value)) < LONGEST_FLOW
        if isinstance(value, list):
            return self.represent_sequence("tag:yaml.org,2002:seq", value, in_line)
        return self.represent_mapping("tag:yaml.org,2002:map", value.items(), in_line)


_Dumper.add_representer(str, _Dumper.represent_text)
for _sort in (dict, list, MarkedDict, MarkedList):
    _Dumper.add_representer(_sort, _Dumper.represent_entries)


def _is_leaf(value: Any) -> bool:
    """Lists of texts; mappings that came out of one cell (those of a row know their places)."""
    if isinstance(value, list):
        return all(isinstance(entry, str) for entry in value)
    return not isinstance(value, MarkedDict) and all(
        isinstance(entry, str) or isinstance(entry, list) and _is_leaf(entry) for entry in value.values())
