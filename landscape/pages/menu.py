"""PAGES: every page of the app by its path in the address, in the order of the navigation."""

from landscape.pages.batches.page import BATCHES
from landscape.pages.explore.page import EXPLORE
from landscape.pages.gradients.chain import CHAIN
from landscape.pages.page import Page

__all__ = ["PAGES"]

PAGES: dict[str, Page] = {page.key: page for page in (EXPLORE, BATCHES, CHAIN)}
