"""PAGES: every page of the app by its path in the address, in the order of the navigation."""

from landscape.pages.batches.page import BATCHES
from landscape.pages.explore.page import EXPLORE
from landscape.pages.gradients.chain import CHAIN
from landscape.pages.gradients.engine import ENGINE
from landscape.pages.gradients.functions import COMMON_FUNCTIONS
from landscape.pages.gradients.grid import GRID
from landscape.pages.gradients.network import NETWORK
from landscape.pages.gradients.plane import PLANE
from landscape.pages.gradients.slope import SLOPE
from landscape.pages.gradients.step_size import STEP_SIZE
from landscape.pages.page import Page

__all__ = ["PAGES"]

PAGES: dict[str, Page] = {
    page.key: page
    for page in (EXPLORE, BATCHES, SLOPE, STEP_SIZE, PLANE, GRID, CHAIN, ENGINE, COMMON_FUNCTIONS, NETWORK)
}
