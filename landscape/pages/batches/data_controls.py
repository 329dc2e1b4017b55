"""The widgets of the data and of the loss over them: which samples, which loss, which penalties, which scale."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from landscape.analysis.curvature import Curvature
from landscape.analysis.quadratic import largest_stable_learning_rate
from landscape.descent.optimizers import GradientDescent
from landscape.figures.numeral import plain
from landscape.locale.sentence import filled
from landscape.objectives.sample_loss import CROSS_ENTROPY, LOSSES
from landscape.objectives.samples import MOST_SAMPLES, SAMPLES, DataSet
from landscape.pages.address import bound, change, current, setter
from landscape.pages.batches.own_controls import own_controls
from landscape.pages.batches.scenarios import minimum_asked
from landscape.pages.batches.scene import Scene, on_stage
from landscape.pages.batches.settings import MOST_SEED, OWN
from landscape.pages.ladder import ladder
from landscape.pages.number_field import number_field
from landscape.pages.popover import popover
from landscape.pages.view_controls import view_controls
from landscape.stage.heard import while_here

__all__ = ["data_controls"]

Translate = Callable[[str], str]
SIZES = (2, 5, 10, 20, 30, 50, 60, 64, 80, 100, 200, 300, 500, 1000, 2000, MOST_SAMPLES)
PENALTIES = (0.0, *(float(f"{digit}e{power}") for power in range(-4, 2) for digit in (1, 2, 5)), 100.0)


def data_controls(scene: Scene, _: Translate) -> None:
    """The data's widgets, those of the loss and of the view folded away."""
    settings = scene.settings
    own = _("Your own data …")
    # While the person's own data are still to come, the scene shows others; the menu says what was chosen.
    chosen = current().data
    st.selectbox(
        _("Data"),
        [*SAMPLES, OWN],
        format_func=lambda key: own if key == OWN else _(SAMPLES[key].name),
        **bound("data", chosen, lambda key: change(current().with_data(key))),
    )
    with st.container(key="own_data", gap="small"):  # empty or not, so that what follows keeps its place
        if chosen == OWN:
            own_controls(scene, _)
    with st.container(key="folded", horizontal=True, gap="small"):
        (left, right), (bottom, top) = scene.view
        ends = left, right, bottom, top
        popover(_("Samples"), lambda: sample_controls(scene, _), key="samples", height=380)
        popover(_("Loss"), lambda: loss_controls(scene, _), key="loss", height=400)
        popover(
            _("View"),
            lambda: view_controls(settings, ends, scene.lines, scene.parameters(_), _),
            key="view",
            height=480,
        )
    st.toggle(
        _("Scale the features"),
        help=_("One feature: mean 0, standard deviation 1. Two features: each divided by its root mean square."),
        **bound("scaled", scene.scaled, scale),
    )
    st.caption(scaling(scene, _))
    if scene.objective.many_minima and not minimum_asked(settings):
        st.caption(_("The minimum is one of many: along the floor of this valley the loss stays the same."))


def scale(scaled: bool) -> None:
    """Scale the features or not; what would be done by itself is not told in the address."""
    now = current()
    change(now.with_landscape(scaled=None if scaled == on_stage(now).scaled_by_itself else scaled))


def scaling(scene: Scene, _: Translate) -> str:
    """What scaling the features does to the landscape, in numbers."""
    before, after = (scene.curvature(scaled=scaled) for scaled in (False, True))
    if not (before.eigenvalues[-1] > 0 and after.eigenvalues[-1] > 0):
        return _("The curvature is 0 almost everywhere: there is no 2/λmax, and every learning rate ends in a zigzag.")
    digits = 3 if scene.settings.projector else 4
    values = {
        "before": condition(before, digits),
        "after": condition(after, digits),
        "stable": stable(before),
        "stable_after": stable(after),
    }
    if scene.settings.projector:  # in a room the height is for the controls
        told = [_("Condition {before} (scaled {after})"), _("2/λmax {stable:.3g} (scaled {stable_after:.3g})")]
    else:
        text = _(
            "Condition number {before}; with scaled features {after}."
            " Learning rates are stable below 2/λmax = {stable:.3g}; with scaled features {stable_after:.3g}."
        )
        told = [text]
    if scene.objective.minimum is None:
        told.append(_("Measured at the start, for there is no minimum."))
    if scene.settings.scaled is None and scene.scaled:
        told.append(_("Scaled at first: unscaled, hardly anything would be learnt in so few epochs."))
    return "  \n".join(filled(each, **values) for each in told)


def condition(bend: Curvature, digits: int) -> str:
    """The condition number; that of a valley with a level floor is infinite."""
    return plain(float(bend.condition_number), digits)


def stable(bend: Curvature) -> float:
    return float(largest_stable_learning_rate(GradientDescent(), bend.eigenvalues[-1]))


def sample_controls(scene: Scene, _: Translate) -> None:
    """Size, noise and seed of a made data set; where the data come from; what was changed by hand."""
    settings, data_set = scene.settings, SAMPLES.get(scene.settings.data)
    if data_set:
        st.markdown(_(data_set.about))
        st.caption(origin(data_set, _))
        st.caption(licence(data_set, _))
    else:
        st.markdown(_("Your own data"))
        st.caption(_("It stays in this server's memory, for this visit only."))
    made = settings.made
    if made:

        def renew(name: str) -> Callable[[float | None], None]:
            # Edits tell which of the old samples were changed.
            return lambda value: change(current().with_landscape(**{name: value, "edits": ()}))

        size = made.size if settings.size is None else settings.size
        noise = made.noise if settings.noise is None else settings.noise
        seed = made.seed if settings.data_seed is None else settings.data_seed
        ladder(_("Number of samples"), SIZES, size, key="size", act=renew("size"), name=str)
        st.slider(
            _("Noise, as a standard deviation"),
            0.0,
            max(4 * made.noise, noise),
            step=made.noise / 20,
            **bound("noise", noise, renew("noise")),
        )
        number_field(
            _("Seed of the data"),
            0,
            MOST_SEED,
            whole=True,
            key="data_seed",
            value=seed,
            act=renew("data_seed"),
            _=_,
        )
    if settings.edits:
        st.markdown(filled(_("Samples changed by hand: {count}."), count=len(settings.edits)))
        st.button(_("Undo these changes"), icon=":material/undo:", on_click=while_here(setter("edits")), args=((),))


def penalise(name: str, strength: float) -> None:
    change(current().with_landscape(**{name: strength}))


def origin(data_set: DataSet, _: Translate) -> str:
    """Where a data set is from; a title as it is printed, in every language."""
    if not data_set.source:
        return _("Source: made for this program")
    if data_set.r_name:
        return _("Source: {title}; in R as {name}").format(title=data_set.source, name=data_set.r_name)
    return _("Source: {title}").format(title=data_set.source)


def licence(data_set: DataSet, _: Translate) -> str:
    """Who may use a data set."""
    if not data_set.source:
        return _("Licence: MIT, as this program")
    facts = _(
        "Licence: measured facts, which U.S. copyright does not protect "
        "(Compendium of U.S. Copyright Office Practices, § 313.3 C)"
    )
    return _("{facts}; R is under the GPL, version 2 or 3").format(facts=facts) if data_set.r_name else facts


def loss_controls(scene: Scene, _: Translate) -> None:
    """Which loss, which penalties, and what is said of kinks."""
    settings, classes = scene.settings, scene.data.classes
    loss = CROSS_ENTROPY if classes else LOSSES[settings.loss]
    if classes:
        st.markdown(f"**{_('Logistic regression')}**: {_(loss.name)}")
    else:
        st.selectbox(
            _("Loss of a sample"),
            list(LOSSES),
            format_func=lambda key: _(LOSSES[key].name),
            **bound("loss", settings.loss, lambda key: change(current().with_landscape(loss=key))),
        )
    st.caption(_(loss.about))
    for name, text in (("l2", _("L2 penalty λ₂")), ("l1", _("L1 penalty λ₁"))):
        ladder(text, PENALTIES, getattr(settings, name), key=name, act=partial(penalise, name))
    st.latex(scene.latex)
    if loss.kinked or settings.l1:
        st.caption(_("At a kink there is no gradient; 0 of the subgradients is taken there, as in PyTorch."))
    if settings.l1 and not minimum_asked(settings):
        st.markdown(sparse(scene, _))


def sparse(scene: Scene, _: Translate) -> str:
    """Which weight the L1 penalty makes zero."""
    minimum = scene.objective.minimum
    if minimum is None:
        return ""
    weights = minimum[: 2 if scene.data.two_features else 1]
    zero = [name for name, weight in zip(scene.parameters(_), weights, strict=False) if np.abs(weight) < 1e-12]
    if zero:
        return filled(_("At the minimum {names} is exactly 0."), names=", ".join(zero))
    return _("At the minimum no weight is 0 yet: a stronger L1 penalty makes one so.")
