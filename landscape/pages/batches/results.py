"""What the race came to: who is first, counted in what, and a table of what each run costs."""

from collections.abc import Callable
from html import escape

import streamlit as st

from landscape.analysis.diagnosis import DiagnosisKind
from landscape.analysis.efficiency import ALIKE, AXES, Efficiency, alike, efficiency, target_loss, winners
from landscape.analysis.epochs import ends_near
from landscape.figures.numeral import apart
from landscape.locale.sentence import filled
from landscape.pages.address import setter
from landscape.pages.batches.computed import SEEDS, Record
from landscape.pages.batches.scene import Scene
from landscape.pages.batches.settings import LARGEST_LOSS
from landscape.pages.markdown import literal
from landscape.pages.number_field import number_field

__all__ = ["axis_names", "results"]

Translate = Callable[[str], str]
LOST = (DiagnosisKind.DIVERGED, DiagnosisKind.UNDEFINED)
ON_THE_WAY = (DiagnosisKind.DESCENDING, DiagnosisKind.CRAWLING, DiagnosisKind.UNBOUNDED)


def results(scene: Scene, names: list[str], _: Translate) -> None:
    """Who is first, what each run costs, and how to choose."""
    shown = [i for i, run in enumerate(scene.settings.runs) if run.visible]
    if not shown:
        return
    runs = [scene.descents[i].trajectory for i in shown]
    chosen = scene.settings.target
    target = target_loss(runs) if chosen is None else chosen
    rows = [efficiency(run, target, scene.seconds[i]) for i, run in zip(shown, runs, strict=True)]
    named = [names[i] for i in shown]
    st.markdown(first(rows, named, target, scene, _))
    if far := far_away(scene, shown, _):
        st.markdown(far)
    heading, field = st.columns([3, 1], vertical_alignment="bottom")
    heading.markdown(f"**{_('How to choose')}**")
    number_field(
        _("Loss to reach"),
        0.0,
        LARGEST_LOSS,
        key="target",
        value=target,
        act=setter("target"),
        place=field,
        help=_("Empty: what is left when 99\u00a0% of the way down is done."),
        _=_,
    )
    st.markdown(table(scene, shown, rows, named, target, _), unsafe_allow_html=True)


def axis_names(_: Translate) -> dict[str, str]:
    """What the runs can be counted in."""
    return {
        "updates": _("updates"),
        "epochs": _("epochs"),
        "samples": _("samples seen"),
        "seconds": _("computing time"),
    }


def first(rows: list[Efficiency], names: list[str], target: float, scene: Scene, _: Translate) -> str:
    """Who reaches the target first on each axis, the chosen one in bold, and whether the winner changes."""
    first_on, chosen, minimum = winners(rows), scene.settings.target is not None, scene.objective.minimum
    if all(row.reached and not row.reached["updates"] for row in rows):
        return filled(
            _("At the start the loss is down to {target:.4g} already: there is nothing to race for."), target=target
        )
    if not any(first_on.values()):
        if minimum and target < (lowest := float(scene.objective(minimum))):
            below = _(
                "The loss {target:.{digits}g} lies below the minimum, {lowest:.{digits}g}, and no run can reach it."
            )
            return filled(below, target=target, lowest=lowest, digits=apart(target, lowest))
        none = _("No run reaches the loss {target:.4g}.")
        none_far = _("No run reaches the loss {target:.4g}, where 99\u00a0% of the way down is done.")
        return filled(none if chosen else none_far, target=target)
    parts = []
    for each in AXES:
        place = first_on[each][0]
        reached = rows[place].reached
        assert reached is not None  # it won
        who = _(" and ").join(literal(names[i]) for i in first_on[each])
        count = counted(each, reached[each])
        if each == "seconds" and len(first_on[each]) > 1:
            count = filled(_("{count}, equal within {percent:.0f}\u00a0%"), count=count, percent=100 * ALIKE)
        text = _("{axis}: {names} ({count})").format(axis=axis_names(_)[each], names=who, count=count)
        parts.append(f"**{text}**" if each == scene.settings.axis else text)
    below = _("**First below the loss {target:.4g}**, counted in")
    below_far = _("**First below the loss {target:.4g}**, 99\u00a0% of the way down, counted in")
    told = filled(below if chosen else below_far, target=target)
    always = set.intersection(*map(set, first_on.values()))
    if len(always) > 1:
        end = _("No run wins: these are equal whatever is counted.")
    else:
        end = _("One run wins whatever is counted.") if always else _("The winner changes with what is counted.")
    if len(rows) > 1 and alike([row.seconds_per_update for row in rows]):
        same = _("{sentence} An update takes the same time in all runs, within {percent:.0f}\u00a0%.")
        end = filled(same, sentence=end, percent=100 * ALIKE)
    return _("{told} {winners}. {end}").format(told=told, winners=" · ".join(parts), end=end)


def far_away(scene: Scene, shown: list[int], _: Translate) -> str:
    """Why no run ends near the minimum, if none does; of those that are lost the table below tells."""
    runs = [scene.records[i] for i in shown if scene.records[i].diagnosis.kind not in LOST]
    if not runs or scene.objective.minimum is None or any(ends_near(run.trajectory, scene.usual_view) for run in runs):
        return ""
    if scene.ravine:
        return _(
            "**No run ends near the minimum**: along the floor of the ravine every step is short. "
            "Scaled features turn it into a bowl."
        )
    if any(run.diagnosis.kind in ON_THE_WAY for run in runs) and not scene.cut_short:
        return _("**No run ends near the minimum** yet: more epochs bring them nearer.")
    return _("**No run ends near the minimum.**")


def counted(axis: str, position: float) -> str:
    """A position on an axis with its unit."""
    if axis == "seconds":
        return duration(position)
    return filled("{position:.3g}" if axis == "epochs" else "{position:,.0f}", position=position)


def duration(seconds: float) -> str:
    """A time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return filled("{value:.3g} {unit}", value=seconds / size, unit=unit)
    return filled("{value:.3g} ns", value=seconds / 1e-9)


def memory(size: int) -> str:
    """Bytes in the unit that suits them."""
    return filled("{size:.3g} KB", size=size / 1024) if size >= 1024 else f"{size} B"


def table(scene: Scene, shown: list[int], rows: list[Efficiency], names: list[str], target: float, _: Translate) -> str:
    """One row a run, as HTML: on a phone the style sheet makes it no table any more, which its roles still tell."""
    head = [
        _("run"),
        _("updates per epoch"),
        _("time per update"),
        filled(_("epochs to loss {target:.4g}"), target=target),
        _("noise at the end (standard deviation of the loss)"),
        _("memory per update"),
    ]
    repeated = scene.repeated if scene.settings.seeds else None
    if repeated:
        head.append(filled(_("noise floor, {seeds} seeds (mean loss above the minimum)"), seeds=SEEDS))
    head.append(_("take it when"))
    lines = []
    for i, row, name in zip(shown, rows, names, strict=True):
        size = scene.batch_sizes[i]
        exact = size == scene.data.count and not scene.descents[i].trajectory.batches.replacement  # type: ignore[union-attr]
        line = [
            name,
            f"{row.updates_per_epoch:,}",
            duration(row.seconds_per_update),
            filled("{epochs:.3g}", epochs=row.reached["epochs"]) if row.reached else _("not reached"),
            noise(scene.records[i].diagnosis.kind, row, exact, _),
            memory(row.memory),
        ]
        if repeated:
            line.append(noise_floor(repeated[i].floor, scene.records[i], exact, _))
        lines.append([*line, advice(scene.records[i].diagnosis.kind, size, scene.data.count, _)])
    body = "".join(html_row(line, "td", "cell") for line in lines)
    parts = (("thead", html_row(head, "th", "columnheader")), ("tbody", body))
    groups = "".join(f'<{tag} role="rowgroup">{rows}</{tag}>' for tag, rows in parts)
    return f'<table role="table">{groups}</table>'


def html_row(texts: list[str], tag: str, role: str) -> str:
    """A row of a table."""
    cells = "".join(f'<{tag} role="{role}">{escape(text)}</{tag}>' for text in texts)
    return f'<tr role="row">{cells}</tr>'


def noise(kind: DiagnosisKind, row: Efficiency, exact: bool, _: Translate) -> str:
    """How much the loss varies at the end; of a run that is not there, it would tell of the way and not of noise."""
    if kind in LOST:
        return _("diverged")
    if exact:
        return _("none")
    return _("still descending") if kind in ON_THE_WAY else filled("{noise:.2g}", noise=row.noise)


def noise_floor(floor: float | None, record: Record, exact: bool, _: Translate) -> str:
    """How far above the minimum the loss stays with many seeds."""
    if record.diagnosis.kind in LOST or (floor is not None and not floor <= record.trajectory.stopping.divergence):
        return _("diverged")
    if exact:
        return _("none")
    return "–" if floor is None else filled("{floor:.2g}", floor=floor)


def advice(kind: DiagnosisKind, size: int, n: int, _: Translate) -> str:
    """When to take a batch size."""
    if kind in LOST:
        return _("Not at this learning rate, at which it diverged: take a smaller one.")
    if size == n:
        return _("The data are few, or the path must be smooth and end exactly in the minimum.")
    if size == 1:
        return _("Samples arrive one by one, or a rough answer is wanted at once. Let the learning rate decay.")
    return _("Nearly always: some samples at a time cost little more than one, and their mean is less noisy.")
