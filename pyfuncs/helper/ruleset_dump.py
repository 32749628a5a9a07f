"""A rule set as bytes, so that what was judged by it can be told without its files; and back."""

from __future__ import annotations

import hashlib

from pydantic import ValidationError

from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import RuleSet
from pyfuncs.helper.record_columns import RecordError, packed, unpacked


@kept
def dumped(ruleset: RuleSet) -> tuple[str, bytes]:
    """A digest of all it says (two rule sets of one id may differ: arithmetic alone, another edition), and the dump."""
    dump = packed(ruleset.model_dump(mode="json"))    # in its own order: that of forms and rates matters
    return hashlib.sha256(dump).hexdigest(), dump


def loaded(dump: bytes) -> RuleSet:
    """The rule set of a dump. Raises RecordError: its bytes may have been written by others."""
    try:
        return RuleSet.model_validate(unpacked(dump))
    except ValidationError as error:
        raise RecordError(f"not a rule set: {error.error_count()} faults") from None
