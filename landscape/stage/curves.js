// Curves: a quantity of every run against the step, with the playhead in them. A click or a drag moves the playhead; a pointer on a curve is told where it is.

import { ticks } from "./axes.js";
import { label, line, marker, sheet } from "./ink.js";
import { number } from "./numbers.js";
import { NEAR, Tip } from "./tip.js";

const DOT = 1.4; // how large the loss of a batch is drawn, in widths of a line
const ROW = 1.2; // of the key, in heights of a letter
const MOST_KEY = 0.25; // of the plot's height
const BAND = "22"; // how opaque the band of the quartiles is, as the end of a colour

export class Curves {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
    this.plot = element.querySelector(".plot");
    this.canvas = element.querySelector("canvas");
    this.quantity = element.querySelector("select");
    this.checkbox = element.querySelector("input");
    this.word = element.querySelector("label span");
    this.wanted = this.logarithmic = false; // are logarithms to be drawn, and are they?
    this.axis = element.querySelector("select[name=axis]");
    for (const control of [this.quantity, this.checkbox, this.axis])
      control.addEventListener("change", () => {
        if (control === this.axis) stage.setAxis(this.axis.value);
        if (control === this.checkbox) this.wanted = this.checkbox.checked;
        this.draw();
        const chosen = { quantity: this.quantity.value, logarithmic: this.wanted, axis: stage.axis };
        stage.unanswered.set("curve", JSON.stringify(chosen));
        stage.send("curve", chosen);
      });
    const seek = (event) => {
      const axis = this.plot._fullLayout?.xaxis;
      const place = axis?.p2l(event.clientX - this.plot.getBoundingClientRect().left - axis._offset);
      if (axis) stage.playback.lead(stage.timeline.stop(place));
    };
    for (const kind of ["pointerdown", "pointermove"])
      this.plot.addEventListener(kind, (event) => {
        if (event.buttons & 1) seek(event);
        this.tell(event);
      });
    this.tip = new Tip(element, stage);
    element.addEventListener("pointerleave", () => this.tip.show());
  }

  show({ curve: { quantity, logarithmic }, axis }) {
    if (!this.stage.heeds("curve", JSON.stringify({ quantity, logarithmic, axis }))) return;
    this.quantity.value = quantity;
    this.wanted = logarithmic;
    if (axis !== this.stage.axis) this.stage.setAxis(axis);
  }

  // What a logarithmic loss is measured from: the lowest known minimum.
  get floor() { return this.stage.scene.lowest; }

  // Is there a logarithm to draw? Where no minimum is known, only of losses none of which is negative.
  get hasLogarithms() {
    const values = this.stage.runs.filter(({ visible }) => visible).flatMap((run) => Array.from(this.values(run, true)));
    if (this.quantity.value === "loss" && this.floor === null && values.some((value) => value < 0)) return false;
    return !values.length || values.some((value) => value > 0);
  }

  values(run, logarithmic = this.logarithmic) {
    switch (this.quantity.value) {
      case "loss": return run.loss.map((value) => this.above(value, logarithmic));
      case "gradient": return Float32Array.from(run.x, (_, k) => run.norm(k));
      case "distance": return run.distance;
      default: return Float32Array.from({ length: run.steps }, (_, k) => run.length(k));
    }
  }

  above(loss, logarithmic = this.logarithmic) { return logarithmic && this.floor !== null ? loss - this.floor : loss; }

  drawn(values) { return Array.from(values, (value) => (this.logarithmic && !(value > 0)) ? null : value); }

  // The losses of the batches themselves, and of the repeats with other seeds: median and quartiles.
  besides(run) {
    const { look, runs, focus } = this.stage, trace = { type: "scatter", mode: "lines", visible: run.visible, hoverinfo: "skip" }, found = [];
    if (this.quantity.value !== "loss") return found;
    if (run.seeds) {
      const { at, lower, median, upper } = run.seeds, x = Array.from(at, (k) => run.places[k]), none = { width: 0 };
      const least = (values) => Array.from(values, (value) => this.logarithmic ? Math.max(this.above(value), 1e-16) : value); // a gap would cut the band
      found.push({ ...trace, x, y: least(lower), line: none }, { ...trace, x, y: least(upper), line: none, fill: "tonexty", fillcolor: run.colour + BAND });
      found.push({ ...trace, x, y: this.drawn(median.map((value) => this.above(value))), line: { color: run.colour, width: look.line, dash: run.dash } });
    }
    if (run.batch_loss && run === runs[focus])
      found.push({ ...trace, mode: "markers", x: Array.from(run.places), y: this.drawn(run.batch_loss.map((value) => this.above(value))), opacity: 0.5, marker: { color: run.colour, size: DOT * look.line } });
    return found;
  }

  async draw() {
    const { runs, scene, axes, texts } = this.stage;
    if (!scene) return;
    const possible = this.hasLogarithms, logarithmic = this.logarithmic = this.wanted && possible;
    this.checkbox.checked = logarithmic;
    this.checkbox.disabled = !possible;
    this.word.textContent = possible ? texts.logarithmic : texts.noLogarithm;
    const gap = this.quantity.value === "loss" && logarithmic && this.floor !== null;
    const data = runs.map((run) => {
      const y = this.drawn(this.values(run)), besides = run.seeds && this.quantity.value === "loss"; // the median is the line then
      return {
        type: "scatter", mode: "lines", name: run.name, visible: run.visible, hoverinfo: "skip",
        x: y.map((_, k) => run.places[k]), y, opacity: besides ? 0.35 : 1, line: { color: run.colour, width: this.stage.look.line * (besides ? 0.4 : 0.8), dash: run.dash },
      };
    });
    const layout = structuredClone(scene.curves.layout);
    const { t, b } = layout.margin, row = ROW * this.stage.look.font;
    this.mostRows = Math.max(1, Math.floor((MOST_KEY * (this.plot.clientHeight - t - b)) / row));
    layout.margin.t += row * Math.max(0, ...runs.map((run) => this.rows(run).length)); // the key is over the plot, not over its data
    layout.yaxis.type = logarithmic ? "log" : "linear";
    layout.yaxis.title = { text: gap ? "f − f*" : this.quantity.selectedOptions[0]?.textContent };
    // One run that blows up would flatten all the others: the axis shows what the others need and the explosion leaves it.
    layout.yaxis.range = this.range(data, logarithmic);
    if (logarithmic) Object.assign(layout.yaxis, powers(layout.yaxis.range ?? [0, 1], Math.max(2, Math.min(5, (this.plot.clientHeight - layout.margin.t - b) / (1.6 * this.stage.look.font)))));
    layout.xaxis.range = [0, this.stage.timeline.extent || 1];
    this.offer(axes);
    layout.xaxis.title.text = axes?.find(({ key }) => key === this.stage.axis)?.title ?? layout.xaxis.title.text;
    await window.Plotly.react(this.plot, [...runs.flatMap((run) => this.besides(run)), ...data], layout, scene.curves.config);
    this.series = data.map(({ y }, i) => ({ y, run: runs[i] }));
    this.paint();
  }

  tell(event) {
    const area = this.plot.getBoundingClientRect(), home = this.element.getBoundingClientRect();
    const found = this.series && this.under([event.clientX - area.left, event.clientY - area.top]);
    const said = found && [this.tip.named(found), `${this.quantity.selectedOptions[0].textContent} ${number(this.values(found.run, false)[found.k])}`];
    this.tip.show([event.clientX - home.left, event.clientY - home.top], said);
  }

  // Of the curves that pass near a pixel the nearest, and there the nearer of the two iterates that it runs between.
  under([px, py]) {
    const { xaxis, yaxis } = this.plot._fullLayout, scaled = (value) => (yaxis.type === "log" ? Math.log10(value) : value);
    let found = null, reach = NEAR;
    for (const { y, run } of this.series) {
      if (!run.visible) continue;
      let before = null;
      y.forEach((value, k) => {
        const hidden = value === null || (this.stage.veiled && k > run.frame);
        const point = hidden ? null : [xaxis._offset + xaxis.l2p(run.places[k]), yaxis._offset + yaxis.l2p(scaled(value))];
        if (point) {
          const [ax, ay] = before ?? point, [dx, dy] = [point[0] - ax, point[1] - ay];
          const part = Math.max(0, Math.min(((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1), 1)), distance = Math.hypot(ax + part * dx - px, ay + part * dy - py);
          if (distance < reach) {
            reach = distance;
            found = { run, k: before && part < 0.5 ? k - 1 : k };
          }
        }
        before = point;
      });
    }
    return found;
  }

  offer(axes) {
    this.axis.hidden = !axes;
    if (!axes) return;
    this.axis.replaceChildren(...axes.map(({ key, name }) => new Option(name, key)));
    this.axis.value = this.stage.axis;
  }

  range(data, logarithmic) {
    const values = data.filter(({ visible }) => visible).flatMap(({ y }) => y).filter(Number.isFinite);
    if (!values.length) return undefined;
    let [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    const first = Math.max(...data.filter(({ visible }) => visible).map(({ y }) => y.find(Number.isFinite) ?? -Infinity));
    if (logarithmic) {
      [low, high] = [Math.max(Math.log10(low), -16), Math.min(Math.log10(high), Math.log10(Math.max(first, low, 1e-12)) + 4)];
      low = Math.min(low, high - 1);
    } else high = Math.min(high, Math.max(low + 3 * (first - low), low + 1e-12));
    const room = 0.05 * (high - low) || 1;
    return [low - room, high + room];
  }

  paint() {
    const layout = this.plot._fullLayout;
    if (!layout?.xaxis?.l2p || !this.series || !this.canvas.clientWidth) return;
    const { place, look, veiled } = this.stage, context = sheet(this.canvas), { xaxis, yaxis } = layout;
    const x = xaxis._offset + xaxis.l2p(Math.min(place, xaxis.range[1]));
    if (veiled) { // the rest of the curves would answer the question
      context.fillStyle = look.casing;
      context.fillRect(x, yaxis._offset - 2, xaxis._offset + xaxis._length - x + 12, yaxis._length + 3);
    }
    context.strokeStyle = look.muted;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x, yaxis._offset);
    context.lineTo(x, yaxis._offset + yaxis._length);
    context.stroke();
    for (const { y, run } of this.series) {
      const at = Math.min(run.frame, y.length - 1), low = Math.floor(at), scaled = (k) => y[k] === null ? NaN : yaxis.type === "log" ? Math.log10(y[k]) : y[k];
      const mix = (of) => (at === low ? of(low) : of(low) + (at - low) * (of(low + 1) - of(low))), value = mix(scaled);
      if (!run.visible || !Number.isFinite(value)) continue;
      const height = yaxis.l2p(value);
      if (height < 0 || height > yaxis._length) continue;
      marker(context, run.marker, [xaxis._offset + xaxis.l2p(mix((k) => run.places[k])), yaxis._offset + height], look.marker * 0.8, run.colour, look.casing);
    }
    this.key(context, [xaxis._offset + xaxis._length, yaxis._offset]);
  }

  // What the lines besides a run's own are, as far as a low plot has room for it.
  rows(run) {
    const { look, texts } = this.stage, rows = [];
    if (this.quantity.value !== "loss" || !run?.visible) return rows;
    if (run.seeds) rows.push([texts.seedsKey.replace("{seeds}", run.seeds.ends[0].length), { width: look.line, dash: run.dash }]);
    if (run.batch_loss) rows.push([texts.batchLoss, null]);
    return rows.slice(0, this.mostRows);
  }

  // Those of the run in focus one below the other, up to the right end of a last line.
  key(context, [right, bottom]) {
    const { runs, focus, look } = this.stage, rows = this.rows(runs[focus]), run = runs[focus], sized = (size) => `${size}px ${look.family}`;
    rows.forEach(([text, ink], i) => {
      const y = bottom - ROW * look.font * (rows.length - i - 0.4);
      context.font = sized(0.9 * look.font);
      const font = sized(0.9 * look.font * Math.min(1, (right - 36) / context.measureText(text).width));
      label(context, text, [right, y], { colour: look.text, casing: look.casing, font, align: "right" });
      context.font = font;
      const end = right - context.measureText(text).width - 6;
      if (ink) line(context, [[end - 26, y], [end, y]], { colour: run.colour, casing: look.casing, ...ink });
      else for (const [left, up] of [[22, 2], [13, -2], [4, 1]]) marker(context, "circle", [end - left, y + up], (DOT * look.line) / 2, run.colour, look.casing);
    });
  }
}

// Ticks of a logarithmic axis between two powers of ten, all of one size: powers alone, or where there are few, 1, 2 and 5
// times each, or where there are hardly any, round numbers.
function powers([low, high], most) {
  if (high - low >= 2) return { tickmode: "linear", tick0: 0, dtick: Math.max(1, Math.ceil((high - low) / most)) };
  const decades = Array.from({ length: Math.floor(high) - Math.floor(low) + 1 }, (_, i) => Math.floor(low) + i);
  const found = decades.flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power)).filter((value) => Math.log10(value) >= low && Math.log10(value) <= high);
  const tickvals = found.length > 2 ? found : ticks([10 ** low, 10 ** high], 4);
  return { tickmode: "array", tickvals, ticktext: tickvals.map((value) => number(value, 3)) };
}
