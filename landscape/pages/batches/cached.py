"""cached: a cache for all visitors, which keeps what is made of somebody's own samples for their visit alone."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

import streamlit as st

__all__ = ["cached"]

Result = TypeVar("Result")
OF_A_VISIT = 16
"""Results of each function, at most: two for each of the runs that a page can have, and some more."""


def cached(maxsize: int) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """As lru_cache, for a function of what has `own` first; where that is true, the cache leaves with the session."""

    def decorated(function: Callable[..., Result]) -> Callable[..., Result]:
        for_all = lru_cache(maxsize)(function)

        @wraps(function)
        def remembered(first: Any, *rest: Any) -> Result:
            if not first.own:
                return for_all(first, *rest)
            of_this_visit = st.session_state.setdefault("caches", {})
            if function.__name__ not in of_this_visit:
                of_this_visit[function.__name__] = lru_cache(min(maxsize, OF_A_VISIT))(function)
            found: Result = of_this_visit[function.__name__](first, *rest)
            return found

        return remembered

    return decorated
