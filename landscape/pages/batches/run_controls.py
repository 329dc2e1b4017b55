"""The widgets of the Batches page's runs, of their batch size, and of what all of them have in common."""

from collections.abc import Callable

import streamlit as st

from landscape.descent.optimizers import OPTIMIZERS
from landscape.figures.numeral import plain
from landscape.locale.sentence import filled
from landscape.pages.address import bound, setter
from landscape.pages.batches.computed import SEEDS
from landscape.pages.batches.scene import Scene, needs_all
from landscape.pages.batches.settings import MOST_EPOCHS, MOST_SEED, SAMPLING, BatchRun, Settings
from landscape.pages.ladder import ladder
from landscape.pages.number_field import number_field
from landscape.pages.popover import popover
from landscape.pages.run_controls import numbered, option_name, point_fields, run_editor, run_list, set_run
from landscape.pages.run_settings import RATES

__all__ = ["run_controls", "run_names"]

Translate = Callable[[str], str]


def run_names(scene: Scene, _: Translate) -> list[str]:
    """The runs' names: the batch size, and what else tells one from the others, if only a number."""
    descents, sizes = scene.descents, scene.batch_sizes
    optimizers = {each.settings.optimizer for each in descents}
    rates = {each.learning_rate for each in descents}
    schedules = {each.settings.schedule for each in descents}
    kinds = [
        (size, each.settings.optimizer, each.learning_rate, each.settings.schedule)
        for size, each in zip(sizes, descents, strict=True)
    ]
    names = []
    for each, kind in zip(descents, kinds, strict=True):
        run = each.settings
        parts = [size_name(kind[0], scene.data.count, _)]
        if len(optimizers) > 1:
            parts.append(f"{_(OPTIMIZERS[run.optimizer].name)} {plain(each.learning_rate, 4)}")
        elif len(rates) > 1:
            parts.append(f"η {plain(each.learning_rate, 4)}")
        if len(schedules) > 1:
            parts.append(_(RATES[run.schedule].name))
        if kinds.count(kind) > 1:
            alike = [other.settings for other, same in zip(descents, kinds, strict=True) if same == kind]
            common = set.intersection(*(set(other.options) for other in alike))
            parts += [
                f"{option_name(key, _)} {plain(value, 4)}" for key, value in run.options if (key, value) not in common
            ]
        names.append(", ".join(parts))
    return numbered(names)


def size_name(size: int, n: int, _: Translate) -> str:
    """A batch size in words."""
    if size == n:
        return _("Whole batch ({n})").format(n=n)
    return _("Batch size {size}").format(size=size)


def run_controls(scene: Scene, names: list[str], _: Translate) -> None:
    """The runs as chips, the editor of the one in focus, and what all runs share."""
    settings = scene.settings
    run_list(settings, names, lambda now: new_run(now, scene.batch_sizes, scene.data.count), _)
    if settings.runs:
        size_controls(scene, _)
        run_editor(scene.descents[settings.focus], _)
    common_controls(scene, names, _)


def new_run(settings: Settings, used: list[int], n: int) -> BatchRun:
    """The run in focus with a batch size that is not on the page yet."""
    like = settings.runs[settings.focus] if settings.runs else Settings.runs[0]
    sizes = (size for size in (1, 8, None, 32, 4, 16, 2, 64) if (size or n) not in used and (size or 0) < n)
    size = next(sizes, None)
    return BatchRun(like.optimizer, like.learning_rate, like.schedule, like.options, batch_size=size)


def size_controls(scene: Scene, _: Translate) -> None:
    """The batch size of the run in focus, on powers of 2 and the whole."""
    n, run = scene.data.count, scene.settings.runs[scene.settings.focus]
    size = scene.batch_size(run)

    def name(value: int) -> str:
        if value == n:
            return _("{n}: whole batch").format(n=n)
        return _("1: stochastic") if value == 1 else str(value)

    if n > 1:
        ladder(
            _("Batch size"),
            [*(2**power for power in range(n.bit_length()) if 2**power < n), n],
            size,
            key="batch_size",
            act=lambda value: set_run(batch_size=None if value == n else value),
            name=name,
            disabled=needs_all(run),
        )
    free = [i for i, run in enumerate(scene.settings.runs) if not needs_all(run)]
    if len({scene.batch_sizes[i] for i in free}) < len({scene.settings.runs[i].batch_size for i in free}):
        text = _("With so few samples (n = {n}) some batch sizes are the same, and so are their runs.")
        st.caption(filled(text, n=n))
    if needs_all(run):
        st.caption(_("This method compares losses from step to step, so its batch is the whole data."))


def common_controls(scene: Scene, names: list[str], _: Translate) -> None:
    """Epochs, order and start, which all runs share."""
    settings = scene.settings
    epochs, seed = st.columns(2, vertical_alignment="bottom")
    below = st.container(gap="small")
    for place, name, text, value, low, high in (
        (epochs, "epochs", _("Epochs"), scene.epochs, 1, MOST_EPOCHS),
        (seed, "seed", _("Seed of the order"), settings.seed, 0, MOST_SEED),
    ):
        number_field(
            text, low, high, whole=True, key=name, value=value, act=setter(name), place=place, below=below, _=_
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):  # one below the other in a room
        st.toggle(
            _("{seeds} seeds").format(seeds=SEEDS),
            help=_("Every run repeated with other orders of the samples: median, quartiles and end points."),
            **bound("seeds", settings.seeds, setter("seeds")),
        )
        popover(_("Start, order"), lambda: start_and_order(scene, _), key="order", height=320)
    told = [(_("Computed up to update {computed:,} of {planned:,}: {names}."), scene.cut_short)]
    if settings.seeds:
        text = _("With {seeds} seeds computed up to update {computed:,} of {planned:,}: {names}.")
        told.append((text, scene.repeats_cut_short))
    for text, cut_short in told:
        for (computed, planned), places in cut_short.items():
            runs = ", ".join(names[i] for i in places)
            st.caption(filled(text, seeds=SEEDS, computed=computed, planned=planned, names=runs))


def start_and_order(scene: Scene, _: Translate) -> None:
    """Where the runs begin, and which sample comes when."""
    settings = scene.settings
    weight, bias = scene.parameters(_)
    labels = _("Start, {axis}").format(axis=weight), _("Start, {axis}").format(axis=bias)
    columns, below = st.columns(2), st.container(gap="small")
    point_fields(columns, labels, "start", scene.start, setter("start"), below, _)
    names = {
        "reshuffled": _("Shuffled anew in every epoch"),
        "shuffled": _("Shuffled once"),
        "replacement": _("Drawn with replacement"),
    }
    st.radio(
        _("Order of the samples"),
        SAMPLING,
        format_func=names.__getitem__,
        **bound("sampling", settings.sampling, setter("sampling")),
    )
    st.caption(_("All batch sizes see the samples in the same order. The last batch of an epoch may be short."))
    st.toggle(_("−gradient and step at the playhead"), **bound("arrows", settings.arrows, setter("arrows")))
