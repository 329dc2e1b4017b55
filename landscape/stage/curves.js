// Curves: a quantity of every run against the step, with the playhead in them. A click or a drag moves the playhead.

import { marker, sheet } from "./ink.js";

export class Curves {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
    this.plot = element.querySelector(".plot");
    this.canvas = element.querySelector("canvas");
    this.quantity = element.querySelector("select");
    this.logarithmic = element.querySelector("input");
    for (const control of [this.quantity, this.logarithmic])
      control.addEventListener("change", () => {
        this.draw();
        stage.send("curve", { quantity: this.quantity.value, logarithmic: this.logarithmic.checked });
      });
    let dragging = false;
    const seek = (event) => {
      const axis = this.plot._fullLayout?.xaxis;
      if (axis) stage.playback.seek(Math.round(axis.p2l(event.clientX - this.plot.getBoundingClientRect().left - axis._offset)));
    };
    this.plot.addEventListener("pointerdown", (event) => { dragging = true; seek(event); });
    this.plot.addEventListener("pointermove", (event) => { if (dragging) seek(event); });
    window.addEventListener("pointerup", () => { dragging = false; });
  }

  // What a logarithmic loss is measured from: the lowest known minimum, or the lowest loss of all runs if some are not positive.
  get floor() {
    const { runs, scene } = this.stage;
    if (scene.lowest !== null) return scene.lowest;
    const low = Math.min(...runs.filter(({ visible }) => visible).flatMap(({ loss }) => Array.from(loss).filter(Number.isFinite)));
    return low <= 0 ? low : null;
  }

  values(run) {
    const lowest = this.floor;
    switch (this.quantity.value) {
      case "loss": return this.logarithmic.checked && lowest !== null ? run.loss.map((value) => value - lowest) : run.loss;
      case "gradient": return Float32Array.from(run.x, (_, k) => run.norm(k));
      case "distance": return run.distance ?? new Float32Array();
      default: return Float32Array.from({ length: run.steps }, (_, k) => run.length(k));
    }
  }

  async draw() {
    const { runs, scene, texts } = this.stage;
    if (!scene) return;
    const gap = this.quantity.value === "loss" && this.logarithmic.checked && this.floor !== null;
    const logarithmic = this.logarithmic.checked;
    const data = runs.map((run) => ({
      type: "scatter", mode: "lines", name: run.name, visible: run.visible, hoverinfo: "skip",
      y: Array.from(this.values(run), (value) => (logarithmic && !(value > 0)) ? null : value),
      line: { color: run.colour, width: this.stage.look.line * 0.8, dash: run.dash },
    }));
    const layout = structuredClone(scene.curves.layout);
    layout.yaxis.type = logarithmic ? "log" : "linear";
    layout.yaxis.title = { text: gap ? "f − f*" : this.quantity.selectedOptions[0]?.textContent };
    // One run that blows up would flatten all the others: the axis shows what the others need and the explosion leaves it.
    layout.yaxis.range = this.range(data, logarithmic);
    layout.xaxis.range = [0, Math.max(1, this.stage.playback.last)];
    await window.Plotly.react(this.plot, data, layout, scene.curves.config);
    this.series = data.map(({ y }, i) => ({ y, run: runs[i] }));
    this.paint();
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
    const { playhead, look, veiled } = this.stage, context = sheet(this.canvas), { xaxis, yaxis } = layout;
    const x = xaxis._offset + xaxis.l2p(Math.min(playhead, xaxis.range[1]));
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
      const k = Math.min(Math.round(playhead), y.length - 1), value = y[k];
      if (!run.visible || !Number.isFinite(value)) continue;
      const height = yaxis.l2p(yaxis.type === "log" ? Math.log10(value) : value);
      if (height < 0 || height > yaxis._length) continue;
      marker(context, run.marker, [xaxis._offset + xaxis.l2p(k), yaxis._offset + height], look.marker * 0.8, run.colour, look.casing);
    }
  }
}
