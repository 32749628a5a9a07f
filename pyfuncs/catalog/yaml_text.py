"""YAML as this project writes it: one key per line, short lists in one line, every scalar a text."""

from __future__ import annotations

import io
import json
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter

from pyfuncs.catalog.marks import MarkedDict

LONGEST_FLOW = 90
# Texts that need no quotes. What another YAML reader would take for a number, a date or a truth value does.
_CONTROL = r"\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff"
_BARE = re.compile(r"(?!-(?:[-\s]|$))(?![?:,\[\]{}#&*!|>'\"%@`~=<])(?!.*(?:: |:$| #))"
                   rf"[^{_CONTROL}\s](?:[^{_CONTROL}]*[^{_CONTROL} ])?")
_ODD = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
_TYPED = re.compile(r"[-+.\d][-+.,:_\deExXoO]*|true|false|yes|no|on|off|null|y|n|\.inf|\.nan", re.IGNORECASE)


class _Representer(RoundTripRepresenter):
    """Texts in double quotes where they need any."""


def _represent_text(representer: RoundTripRepresenter, text: str) -> ScalarNode:
    if text in ("true", "false"):                     # read as texts all the same
        return representer.represent_scalar("tag:yaml.org,2002:bool", text)
    bare = _BARE.fullmatch(text) and not _TYPED.fullmatch(text)
    return representer.represent_scalar("tag:yaml.org,2002:str", text, style=None if bare else '"')


_Representer.add_representer(str, _represent_text)


def block(value: Any) -> str:
    """A file: mappings and lists in blocks, lists of short texts and small leaf mappings in one line."""
    return _dump(_blocks(value))


def flow(value: Any) -> str:
    """A value in one line, as it stands in a cell: numbers without quotes, for all scalars are texts."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(entry)}' for key, entry in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if _BARE.fullmatch(value) and not set(value) & set(",[]{}"):
        return value
    return _ODD.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


def _dump(value: Any) -> str:
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.width = 2**31                                # a line of the file is a value: none is folded
    yaml.indent(mapping=2, sequence=2, offset=0)
    buffer = io.StringIO()
    yaml.dump(value, buffer)
    return buffer.getvalue()


def _blocks(value: Any) -> Any:
    if isinstance(value, (dict, list)) and (not value or _is_leaf(value) and len(flow(value)) < LONGEST_FLOW):
        return _flows(value)
    if isinstance(value, dict):
        return CommentedMap({key: _blocks(entry) for key, entry in value.items()})
    return CommentedSeq([_blocks(entry) for entry in value]) if isinstance(value, list) else value


def _is_leaf(value: Any) -> bool:
    """Lists of texts; mappings that came out of one cell (those of a row know their places)."""
    if isinstance(value, list):
        return all(isinstance(entry, str) for entry in value)
    return not isinstance(value, MarkedDict) and all(
        isinstance(entry, str) or isinstance(entry, list) and _is_leaf(entry) for entry in value.values())


def _flows(value: Any) -> Any:
    if isinstance(value, dict):
        made: Any = CommentedMap({key: _flows(entry) for key, entry in value.items()})
    elif isinstance(value, list):
        made = CommentedSeq([_flows(entry) for entry in value])
    else:
        return value
    made.fa.set_flow_style()
    return made
