// Data: the samples, what the run in focus makes of them at the playhead, and the batch that it takes next, or took last.
// Samples are added, moved and removed by pointer and keys: drawn at once, and asked of the server one change at a time.

import { arrow, clip, label, line, marker, sheet } from "./ink.js";
import { Axes, ticks } from "./axes.js";
import { number, swatch } from "./numbers.js";
import { decode } from "./packed.js";

const REACH = 14; // pixels around a sample that count as on it
const FEW = 60; // so many samples can show their residuals
const NUDGE = 1 / 50; // of an axis: what an arrow key moves a sample by

export class Data {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
    this.field = element.querySelector(".field");
    [this.ground, this.canvas, this.top] = element.querySelectorAll("canvas");
    this.said = element.querySelector(".said");
    this.words = document.createElement("span");
    this.status = element.querySelector("[role=status]");
    this.newClass = element.querySelector("select");
    this.buttons = Object.fromEntries([...element.querySelectorAll("button")].map((button) => [button.dataset.act, button]));
    this.buttons.add.onclick = () => this.addInTheMiddle();
    this.buttons.remove.onclick = () => this.remove(this.chosen);
    this.chosen = null;
    this.changes = [];
    this.listen();
  }

  // The server's samples. While changes of this page are on their way, its own are newer.
  take(message) {
    const other = message.key !== this.message?.key;
    this.message = message;
    this.asked = 0;
    this.stage.home.dataset.data = message.id;
    if (other) {
      this.changes = [];
      this.chosen = this.range = null;
      this.status.textContent = "";
    }
    if (this.changes.length) this.ask();
    else if (!this.dragged) this.samples = unpacked(message);
    const { kind, classes, texts } = message;
    this.newClass.hidden = kind !== "boundary";
    this.stage.switches.features.parentElement.hidden = kind !== "prediction";
    [...this.newClass.options].forEach((option, i) => { option.textContent = `${"○◆"[i]} ${classes[i]}`; });
    this.field.setAttribute("aria-label", `${texts.samples.replace("{n}", this.samples.x.length)} ${texts.sampleKeys}`);
    this.draw();
  }

  // What is drawn. A regression over two features has two plots: what was measured and predicted, and the features.
  get kind() {
    const { kind } = this.message;
    return kind === "prediction" && this.stage.on("features") ? "features" : kind;
  }

  // Range of the axes: it holds while the samples stay in it, so that nothing moves but what a person moves.
  fit() {
    if (this.dragged) return;
    const { kind } = this, { x, y, target } = this.samples;
    if (this.fittedTo !== kind) this.range = null;
    this.fittedTo = kind;
    let [across, up] = kind === "prediction" ? [extent(target), extent(target)] : [extent(x), kind === "probability" ? [0, 1] : extent(y)];
    if (kind === "boundary") [across, up] = [extent([...across, 0]), extent([...up, 0])]; // every boundary passes through the origin
    const held = (range, [low, high]) => range && low >= range[0] && high <= range[1] && high - low > 0.35 * (range[1] - range[0]);
    if (this.range && held(this.range[0], across) && held(this.range[1], up)) return;
    this.range = [roomy(across, 0.12), roomy(up, kind === "probability" ? 0.15 : 0.16)];
  }

  // The axes and the samples, which stay while the run moves over them.
  draw() {
    if (!this.message || !this.stage.look.family || !this.field.clientWidth) return;
    this.fit();
    const { kind } = this, { look } = this.stage, { axes: titles, names, texts } = this.message, context = sheet(this.ground);
    this.field.classList.toggle("addable", kind !== "prediction");
    this.element.querySelector(".hint").textContent = { prediction: texts.measuredHint, features: texts.featuresHint }[kind] ?? texts.dataHint;
    const named = kind === "prediction" ? [[texts.actual.replace("{target}", titles[2]), texts.actualAlone], [texts.predicted.replace("{target}", titles[2]), texts.predictedAlone]] : titles;
    this.axes = new Axes(context, [this.ground.clientWidth, this.ground.clientHeight], this.range, { look, titles: named });
    this.axes.paint({ zero: kind === "boundary" });
    const top = (this.axes.context = sheet(this.top)); // over the lines, which would cover them where the fit is perfect
    if (kind !== "prediction") this.axes.within(() => this.mark(top, this.all, look.mark));
    if (kind === "features") label(context, texts.larger.replace("{target}", names[2]), [this.axes.box[0] + 8, this.axes.box[1] + look.font], { colour: look.text, casing: look.casing, font: `${0.9 * look.font}px ${look.family}` });
    this.buttons.remove.disabled = this.chosen === null;
    this.paint();
  }

  get all() { return this.samples.x.map((_, i) => i); }

  get radius() {
    const { look } = this.stage, n = this.samples.x.length;
    return (look.marker / 7) * (n <= 40 ? 5 : n <= 200 ? 3.8 : n <= 800 ? 2.6 : 1.8);
  }

  // Samples in one colour: a circle, or a diamond for class 1; among two features the larger, the more was measured.
  mark(context, indices, colour) {
    const { look } = this.stage, { radius } = this, { classes, target } = this.samples, [low, high] = this.kind === "features" ? extent(target) : [0, 0];
    const grow = (i) => (high > low ? 0.5 + (target[i] - low) / (high - low) : 1);
    for (const i of indices) marker(context, classes?.[i] ? "diamond" : "circle", this.pixel(i), radius * grow(i), classes && !classes[i] ? look.panel : colour, classes && !classes[i] ? colour : look.casing);
  }

  pixel(i) {
    const { x, y, target } = this.samples;
    if (this.kind === "prediction") return this.axes.toPixel([target[i], this.predicted?.[i]]);
    return this.axes.toPixel([x[i], y[i]]);
  }

  // Weights over the original features, and the bias (0 where there is none), of a run at the playhead.
  model(run) {
    const { mean, scale, kind } = this.message, [p, q] = run.here;
    if (kind === "boundary" || kind === "prediction") return { weights: [p / scale[0], q / scale[1]], bias: 0 };
    return { weights: [p / scale[0]], bias: q - (p * mean[0]) / scale[0] };
  }

  paint() {
    if (!this.axes || !this.field.clientWidth) return;
    const { kind } = this, { runs, seen: run, look } = this.stage, { texts } = this.message, context = sheet(this.canvas);
    const model = run && this.model(run), several = kind === "prediction" || kind === "features";
    this.predict = model && several ? (x, y) => model.weights[0] * x + model.weights[1] * y : null;
    this.predicted = this.predict && this.samples.x.map((x, i) => this.predict(x, this.samples.y[i]));
    this.axes.context = context;
    this.axes.within(() => {
      const rest = several ? [] : runs.filter((other) => other.visible && other !== run);
      for (const other of rest) line(context, this.fitted(this.model(other)), { colour: other.colour, width: look.line * 0.6, dash: other.dash, alpha: 0.45 });
      if (model) {
        if (kind === "boundary") this.shade(context, model, run.colour);
        if ((kind === "line" || kind === "prediction") && this.samples.x.length <= FEW) this.residuals(context, model, run.colour);
        if (kind === "features") this.levels(context, model, run);
        else line(context, this.fitted(model), { colour: run.colour, width: look.line, dash: run.dash, casing: look.casing });
      }
      if (kind === "prediction") this.mark(context, this.predicted ? this.all : [], look.mark);
      const { samples, exact } = this.stage.glimpses.shown ?? {};
      if (samples && exact) this.ring(context, samples, run.colour);
      if (this.chosen !== null) this.choice(context);
    });
    this.say(run, model, texts);
  }

  // Lines of equal prediction among two features.
  levels(context, { weights: [u, v] }, run) {
    const { axes } = this, { look } = this.stage, [[x0, x1], [y0, y1]] = axes.range, font = `${0.9 * look.font}px ${look.family}`;
    const size = Math.hypot(u * (x1 - x0), v * (y1 - y0));
    if (!(size > 0 && Number.isFinite(size))) return;
    const along = [(-v * (y1 - y0) * (x1 - x0)) / size, (u * (x1 - x0) * (y1 - y0)) / size];
    for (const level of ticks(extent([x0, x1].flatMap((x) => [y0, y1].map((y) => this.predict(x, y)))), 6)) {
      const off = (level - this.predict((x0 + x1) / 2, (y0 + y1) / 2)) / size ** 2;
      const middle = [(x0 + x1) / 2 + off * u * (x1 - x0) ** 2, (y0 + y1) / 2 + off * v * (y1 - y0) ** 2];
      const part = clip(...[-2, 2].map((way) => axes.toPixel([middle[0] + way * along[0], middle[1] + way * along[1]])), axes.box);
      if (!part) continue;
      line(context, [part.from, part.to], { colour: run.colour, width: look.line * 0.6, dash: run.dash, alpha: 0.7 });
      label(context, number(level, 4), [(part.from[0] + part.to[0]) / 2, (part.from[1] + part.to[1]) / 2], { colour: look.text, casing: look.casing, font, align: "center" });
    }
  }

  // The fitted line or curve, or the boundary, in pixels.
  fitted({ weights: [u, v], bias }) {
    const { axes, kind } = this, [[x0, x1], [y0, y1]] = axes.range;
    const curve = (f, parts = 1) => Array.from({ length: parts + 1 }, (_, i) => x0 + ((x1 - x0) * i) / parts).map((x) => within(axes.toPixel([x, f(x)])));
    if (kind === "prediction") return curve((x) => x);
    if (kind === "line") return curve((x) => u * x + bias);
    if (kind === "probability") return curve((x) => 1 / (1 + Math.exp(-u * x - bias)), 120);
    const length = Math.hypot(v / (x1 - x0), u / (y1 - y0)), step = 4 / length; // along (−v, u), beyond the frame
    if (!Number.isFinite(step)) return [];
    const end = (sign) => within(axes.toPixel([-sign * v * step, sign * u * step]));
    return [end(-1), end(1)];
  }

  // The side of the boundary where class 1 is the likelier one.
  shade(context, model, colour) {
    const ends = this.fitted(model), { texts, classes } = this.message, { look } = this.stage;
    if (!ends.length) return;
    const [[ax, ay], [bx, by]] = ends, length = Math.hypot(bx - ax, by - ay), side = this.axes.toPixel(model.weights), origin = this.axes.toPixel([0, 0]);
    let [nx, ny] = [(by - ay) / length, (ax - bx) / length];
    if (nx * (side[0] - origin[0]) + ny * (side[1] - origin[1]) < 0) [nx, ny] = [-nx, -ny];
    context.save();
    context.globalAlpha = 0.1;
    context.fillStyle = colour;
    context.beginPath();
    for (const [x, y] of [[ax, ay], [bx, by], [bx + nx * length, by + ny * length], [ax + nx * length, ay + ny * length]]) context.lineTo(x, y);
    context.fill();
    context.restore();
    const tip = [origin[0] + nx * 46, origin[1] + ny * 46];
    arrow(context, origin, tip, { colour: look.text, casing: look.casing, width: look.line * 0.8 });
    label(context, texts.side.replace("{class}", classes[1]), [tip[0] + nx * 8 + (nx < 0 ? -4 : 4), tip[1] + ny * look.font * 0.9], { colour: look.text, casing: look.casing, font: `600 ${look.font}px ${look.family}`, align: nx < -0.3 ? "right" : "left" });
  }

  residuals(context, { weights: [u], bias }, colour) {
    const { kind } = this, { x, y } = this.samples;
    const sticks = this.all.flatMap((i) => {
      const [left, place] = this.pixel(i), foot = kind === "prediction" ? this.axes.toPixel([0, this.samples.target[i]])[1] : this.axes.toPixel([0, u * x[i] + bias])[1];
      return [within([left, place]), within([left, foot]), null];
    });
    line(context, sticks, { colour, width: 1.4, alpha: 0.45 });
  }

  // The batch: rings around its samples, as one path, for there may be thousands.
  ring(context, batch, colour) {
    const radius = this.radius * 1.3 + 2, path = new Path2D();
    for (const i of batch) {
      if (!(i < this.samples.x.length)) continue;
      const [x, y] = this.pixel(i);
      path.moveTo(x + radius, y);
      path.arc(x, y, radius, 0, 2 * Math.PI);
    }
    const { look } = this.stage;
    for (const [strokeStyle, lineWidth] of [[look.casing, 5], [colour, 2.4]]) {
      Object.assign(context, { strokeStyle, lineWidth });
      context.stroke(path);
    }
  }

  choice(context) {
    const { look } = this.stage, [x, y] = this.pixel(this.chosen), size = this.radius + 6;
    line(context, [[x - size, y - size], [x + size, y - size], [x + size, y + size], [x - size, y + size], [x - size, y - size]], { colour: look.text, casing: look.casing, width: 2, dash: "dash" });
    const flip = x > this.axes.box[2] - 120;
    label(context, this.place(this.chosen), [x + (flip ? -size - 6 : size + 6), Math.max(y - size, this.axes.box[1] + look.font)], { colour: look.text, casing: look.casing, font: `600 ${look.font}px ${look.family}`, align: flip ? "right" : "left" });
  }

  place(i) {
    const { x, y, target } = this.samples;
    return `(${number(x[i], 4)}, ${number(y[i], 4)})${target ? ` → ${number(target[i], 4)}` : ""}`;
  }

  // What the run in focus has found, in a line of text.
  say(run, model, texts) {
    const { kind, classes } = this.message, { projector } = this.stage.look;
    let { names } = this.message, text = "";
    if (projector && new TextEncoder().encode(names.join("")).length > 30) names = names.length > 2 ? ["x₁", "x₂", "y"] : ["x", "y"]; // no more has room
    if (model) {
      const term = (weight, name) => `${number(weight, 4)} · ${name}`, more = (value, rest = "") => ` ${value < 0 ? "−" : "+"} ${number(Math.abs(value), 4)}${rest}`;
      const { weights: [u, v], bias } = model, target = names.at(-1);
      if (kind === "line") text = `${target} = ${term(u, names[0])}${more(bias)}`;
      else if (kind === "prediction") text = `${target} = ${term(u, names[0])}${more(v, ` · ${names[1]}`)}`;
      else if (kind === "boundary") text = `${texts.boundary} ${term(u, names[0])}${more(v, ` · ${names[1]}`)} = 0`;
      else text = u ? texts.half.replace("{class}", classes[1]).replace("{feature}", names[0]).replace("{place}", number(-bias / u, 4)) : texts.flat;
    }
    if (this.said.run !== run) {
      this.said.run = run;
      const name = Object.assign(document.createElement("span"), { className: "unseen", textContent: run ? `${run.name}: ` : "" });
      this.said.replaceChildren(...(run ? [swatch(run), name, this.words] : []));
    }
    if (this.words.textContent !== text) this.words.textContent = text;
  }

  // Changes: drawn at once; the server is asked again as soon as it has answered, and never twice at once.
  change(change) {
    const { samples, changes, message: { kind } } = this, { act, index } = change, columns = [samples.x, samples.y, samples.target, samples.classes].filter(Boolean);
    if (act === "remove") columns.forEach((column) => column.splice(index, 1));
    else {
      const i = act === "add" ? samples.x.length : index;
      samples.x[i] = change.x;
      samples.y[i] = change.y;
      if (kind === "probability") samples.classes[i] = change.y;
      else for (const column of [samples.target, samples.classes]) if (column) column[i] = change.target;
    }
    const last = changes.at(-1);
    if (act === "move" && last?.act === "move" && last.index === index) changes.pop();
    changes.push(change);
    this.ask();
    this.draw();
  }

  ask() {
    clearTimeout(this.again);
    if (!this.changes.length) return;
    // An answer that never comes, because nothing changed or the question was lost, must not keep the others waiting.
    const patience = this.asked ? this.asked + 3000 - Date.now() : 0;
    if (patience > 0) {
      this.again = setTimeout(() => this.ask(), patience);
      return;
    }
    this.asked = Date.now();
    this.stage.commands?.("points", this.changes.shift());
  }

  // Of two features and a new sample's target no plot shows all three: it is what the run in focus predicts, and is moved
  // where measured and predicted are.
  add(point) {
    const [x, y] = this.snapped(point), { samples } = this;
    const target = samples.target ? short(this.predict?.(x, y) ?? middle(samples.target)) : samples.classes ? Number(this.newClass.value) : null;
    this.chosen = samples.x.length;
    this.change({ act: "add", x, y, target });
    this.announce();
  }

  addInTheMiddle() {
    const { x, y } = this.samples;
    this.add(this.kind === "prediction" ? [x, y].map(middle) : this.range.map(middle));
    this.field.focus();
  }

  // To a place in the plot. What is predicted follows from the features: there, only what was measured can be moved.
  move(index, point, final) {
    const { samples: { x, y, target, classes }, kind } = this, [across, up] = this.snapped(point);
    if (kind === "prediction") this.change({ act: "move", index, x: x[index], y: y[index], target: across, final });
    else this.change({ act: "move", index, x: across, y: up, target: (target ?? classes)?.[index] ?? null, final });
  }

  // The next sample is chosen then, or the last, so that several can be removed one after another.
  remove(index) {
    const rest = this.samples.x.length - 1;
    if (index === null || !rest) return;
    this.chosen = Math.min(index, rest - 1);
    this.change({ act: "remove", index });
    this.announce();
  }

  // A class is 0 or 1.
  snapped([x, y]) {
    return [short(x), this.kind === "probability" ? Number(y >= 0.5) : short(y)];
  }

  choose(index) {
    this.chosen = index;
    this.draw();
    this.announce();
  }

  announce() {
    const { texts } = this.message, n = this.samples.x.length;
    this.status.textContent = this.chosen === null ? texts.samples.replace("{n}", n) : texts.sample.replace("{i}", this.chosen + 1).replace("{n}", n).replace("{place}", this.place(this.chosen));
  }

  listen() {
    const { field } = this;
    const pixel = (event) => {
      const area = field.getBoundingClientRect(), touch = event.touches?.[0] ?? event;
      return [touch.clientX - area.left, touch.clientY - area.top];
    };
    let press = null, before = null;
    field.addEventListener("pointerdown", (event) => {
      if (event.button || !this.axes) return;
      press = pixel(event);
      const index = this.nearest(press);
      if (index === null) return;
      this.choose(index);
      this.dragged = { index, moved: false };
      before = this.axes.toPoint(press).map((value, axis) => this.axisValues(index)[axis] - value); // where in the sample it was taken
      field.setPointerCapture(event.pointerId);
    });
    for (const kind of ["touchstart", "touchmove"])
      field.addEventListener(kind, (event) => { if (this.dragged || (this.axes && this.nearest(pixel(event)) !== null)) event.preventDefault(); }, { passive: false });
    field.addEventListener("pointermove", (event) => {
      if (!this.axes) return;
      const at = pixel(event);
      if (!this.dragged) return field.classList.toggle("on-sample", this.nearest(at) !== null);
      if (!this.dragged.moved && Math.hypot(at[0] - press[0], at[1] - press[1]) < 3) return;
      this.dragged.moved = true;
      this.move(this.dragged.index, this.axes.toPoint(at).map((value, axis) => value + before[axis]), false);
    });
    const drop = () => {
      const { dragged } = this;
      this.dragged = null;
      if (dragged?.moved) this.move(dragged.index, this.axisValues(dragged.index), true);
    };
    field.addEventListener("pointerup", drop);
    field.addEventListener("pointercancel", () => { press = null; drop(); });
    field.addEventListener("click", (event) => {
      if (!press || !this.axes || this.kind === "prediction") return;
      const at = pixel(event), onSample = this.nearest(press) !== null;
      if (Math.hypot(at[0] - press[0], at[1] - press[1]) > 4 || !this.axes.holds(at) || onSample) return;
      this.add(this.axes.toPoint(at));
    });
    field.addEventListener("dblclick", (event) => {
      const index = this.axes && this.nearest(pixel(event));
      if (index === null) return;
      this.remove(index);
      this.choose(null); // a pointer chooses what it meets
    });
    field.addEventListener("pointerleave", () => field.classList.remove("on-sample"));
    field.addEventListener("keydown", (event) => this.key(event));
  }

  axisValues(i) { return this.kind === "prediction" ? [this.samples.target[i], this.predicted?.[i]] : [this.samples.x[i], this.samples.y[i]]; }

  nearest([x, y]) {
    let best = null, reach = REACH;
    this.samples.x.forEach((_, i) => {
      const [a, b] = this.pixel(i), distance = Math.hypot(a - x, b - y);
      if (distance < reach) [best, reach] = [i, distance];
    });
    return best;
  }

  // Arrows choose a sample in the order of an axis, with Shift they move it; + adds one, Delete removes it.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.axes) return;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (arrows && event.shiftKey && this.chosen !== null) {
      const [x, y] = this.axisValues(this.chosen), [[x0, x1], [y0, y1]] = this.range, whole = this.kind === "probability";
      this.move(this.chosen, [x + arrows[0] * (x1 - x0) * NUDGE, y + arrows[1] * (whole ? 1 : (y1 - y0) * NUDGE)], true);
      this.announce();
    } else if (arrows && !event.shiftKey) {
      const axis = arrows[0] ? 0 : 1, order = this.all.sort((a, b) => this.axisValues(a)[axis] - this.axisValues(b)[axis] || a - b);
      const place = order.indexOf(this.chosen), step = arrows[axis], next = place < 0 ? (step > 0 ? 0 : order.length - 1) : (place + step + order.length) % order.length;
      this.choose(order[next]);
    } else if (event.key === "+") this.addInTheMiddle();
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(this.chosen);
    else if (event.key === "Escape" && this.chosen !== null) this.choose(null);
    else return;
    event.preventDefault();
  }
}

function unpacked({ x, y, target, labels }) {
  const list = (values) => values && Array.from(decode(values));
  return { x: list(x), y: list(y), target: list(target), classes: list(labels) };
}

function extent(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

const short = (value) => Number(value.toPrecision(6)); // as exact as the screen

function middle(values) {
  const [low, high] = extent([...values]);
  return (low + high) / 2;
}

function roomy([low, high], part) {
  const room = part * (high - low) || 0.5 * Math.abs(high) || 1;
  return [low - room, high + room];
}

// A canvas draws no line to a place millions of pixels away.
const within = ([x, y]) => [Math.max(-1e5, Math.min(x, 1e5)), Math.max(-1e5, Math.min(y, 1e5))];
