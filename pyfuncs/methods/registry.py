"""The closed list of methods."""
from __future__ import annotations

from .method import Method
from .rates import RATES
from .scores import SCORES

METHODS: dict[str, Method] = {method.name: method for method in (*RATES, *SCORES)}
