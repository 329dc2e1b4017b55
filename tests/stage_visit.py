"""What visits to Explore and to Batches without a browser have in common."""


class StageVisit:
    """A visit to a page with runs on the stage. Who derives from it has `app`, `run`, `paths`, and `page`, the Page."""

    def click(self, name):
        """Press a button, known by its key or its label."""
        (button,) = [each for each in self.app.button if name in (each.key, each.label)]
        assert not button.disabled
        self.run(button.click())

    @property
    def settings(self):
        """What the address says."""
        address = self.app.query_params
        base = self.page.scenarios[address["scenario"]].settings if "scenario" in address else None
        read, refused = self.page.settings.read(address, base)
        assert refused == []
        return read

    @property
    def runs(self):
        return self.paths["runs"]

    @property
    def text(self):
        """All sentences of the page."""
        kinds = ("markdown", "info", "warning", "error", "success", "caption")
        return "\n".join(each.value for kind in kinds for each in getattr(self.app, kind))
