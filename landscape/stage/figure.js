// One figure of Plotly's with handles over it: points that a pointer drags, a click fetches and the arrow keys move.
// Streamlit mounts the component once for each figure of a page and calls `figure` at each new message.

import { area, arrow, arrows, clip, label, line, marker, markers, picture, raster, sheet } from "./ink.js";
import { draw, loadPlotly } from "./plotly.js";

const PATIENCE = 3000; // milliseconds: an answer may never come

const NONE = { text: "", data: [], layout: {}, lines: [] };

const figures = new Map(); // by their element
const grounds = new Map(); // by their key: what lies under a figure and rarely changes

export function figure(component) {
  const home = component.parentElement.querySelector(".figure");
  if (!figures.has(home)) figures.set(home, new Figure(home));
  figures.get(home).take(component);
}

export function ground(component) {
  const { key, id, figure, lines } = component.data;
  if (grounds.get(key)?.id !== id) grounds.set(key, { id, text: figure, ...JSON.parse(figure), lines: JSON.parse(lines).map(unpacked) });
  for (const each of figures.values()) each.draw();
}

// Streamlit also says so to a component that stays where it is: only what has left the page is let go.
export function leave() {
  setTimeout(() => {
    for (const [home, each] of figures) {
      if (home.isConnected) continue;
      each.destroy();
      figures.delete(home);
    }
  });
}

class Figure {
  handles = new Map();
  waiting = new Set(); // handles that have moved and of which the server was not told yet, the first one first

  constructor(home) {
    this.home = home;
    this.plot = home.querySelector(".plot");
    this.area = home.querySelector(".area");
    this.canvas = home.querySelector(".lines");
    this.legend = home.querySelector(".legend");
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.plot);
    this.listen();
  }

  destroy() {
    this.resize.disconnect();
    clearTimeout(this.later);
    this.gone = true;
    if (!this.drawing) window.Plotly?.purge(this.plot);
  }

  take(component) {
    this.send = component.setTriggerValue;
    this.pending = { text: component.data.figure, ...JSON.parse(component.data.over) };
    this.home.style.setProperty("--tall", this.pending.tall); // it has its height before Plotly is there
    this.draw();
  }

  // One drawing at a time, and always the last message: what came meanwhile is skipped.
  async draw() {
    if (this.drawing) return;
    this.drawing = true;
    await loadPlotly();
    while (this.pending && !this.gone && (!this.pending.ground || this.under(this.pending).id === this.pending.ground.id)) {
      const message = this.pending;
      this.pending = null;
      const text = this.under(message).text + message.text;
      if (this.text !== text) await this.react(message);
      this.text = text;
      this.message = message;
      if (message.answered === this.asked) this.asked = null;
      this.furnish();
      this.home.dataset.drawn = message.serial;
      if (!this.asked && this.waiting.size) this.askNext();
    }
    this.drawing = false;
    if (this.gone) window.Plotly.purge(this.plot); // not before: Plotly goes on with what it has begun
  }

  under(message) { return grounds.get(message.ground?.key) ?? NONE; }

  async react(message) {
    const { data, layout } = JSON.parse(message.text), under = this.under(message);
    const whole = { autosize: true, ...under.layout, ...layout };
    const config = { displaylogo: false, modeBarButtons: [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]] };
    await draw(this.plot, { data: [...under.data, ...data], layout: whole, config }, () => this.place());
    this.drawn = true;
  }

  furnish() {
    const { message, handles } = this, named = new Map(message.handles.map((each) => [each.id, each]));
    this.plot.setAttribute("aria-label", message.summary);
    this.home.classList.toggle("clickable", Boolean(message.click));
    for (const [id, handle] of handles) {
      if (named.has(id) || handle.held) continue; // nobody takes it out of a hand
      handle.element.remove();
      handles.delete(id);
      this.waiting.delete(handle);
    }
    this.lines = [...this.under(message).lines, ...message.lines.map(unpacked)];
    this.cells = message.cells && picture({ ...message.cells, shares: unpack(message.cells.shares) });
    this.explain();
    for (const [id, told] of named) {
      if (!handles.has(id)) handles.set(id, new Handle(this, id));
      handles.get(id).tell(told, message.look);
    }
    this.place();
  }

  // A hand that moves a handle changes no line, but for the stem of one that stands off.
  place(byHand = false) {
    const stems = () => [...this.handles.values()].some(({ apart }) => apart), before = stems(), placed = [];
    for (const handle of this.handles.values()) {
      handle.place(placed);
      placed.push(handle);
    }
    if (!byHand || before || stems()) this.paint();
  }

  paint() {
    if (!this.axes || !this.lines || !this.canvas.clientWidth) return;
    const context = sheet(this.canvas);
    this.legend.style.paddingLeft = `${this.axes[0]._offset}px`;
    const within = ([left, top, right, bottom], paint) => {
      context.save();
      context.beginPath();
      context.rect(left, top, right - left, bottom - top);
      context.clip();
      paint();
      context.restore();
    };
    if (this.cells) {
      const { x, y, gap } = this.message.cells, corners = [this.toPixel(x[0], y[0]), this.toPixel(x[1], y[1])];
      within(this.box(this.axes), () => raster(context, this.cells, corners, gap, this.message.look.casing));
    }
    for (const each of this.lines) {
      each.box = this.box(this.axesOf(each));
      within(each.box, () => this.ink(context, each));
    }
    for (const { mark, centre, told, apart } of this.handles.values())
      if (apart) line(context, [mark, centre], { colour: told.colour, width: 1.5 });
  }

  ink(context, each) {
    const { colour, width, dash } = each, { casing } = this.message.look, pixels = () => each.x.map((x, i) => this.toPixel(x, each.y[i], this.axesOf(each)));
    if (each.fill) area(context, this.project(each), each.fill, each.hatch, casing);
    if (each.marker === "arrows") arrows(context, pieces(pixels()), each.size, { colour, width, alpha: each.opacity });
    else if (each.marker === "arrow") arrow(context, ...pixels().slice(-2), { colour, width, dash, casing });
    else if (width) line(context, this.project(each), { colour, width, dash, alpha: each.opacity });
    if (each.marker && !each.marker.startsWith("arrow")) {
      context.globalAlpha = each.opacity;
      markers(context, each.marker, pixels().filter((pixel) => pixel.every(Number.isFinite)), each.size, colour, casing);
      context.globalAlpha = 1;
    }
    if (each.text) this.write(context, each, ...pixels().slice(-2));
  }

  // Beyond the end of a line, where that is in view, and inside the figure. A point has it in its middle.
  write(context, { text, colour, box: [left, top, right, bottom] }, [x0, y0], end) {
    const [x1, y1] = end ?? [x0, y0];
    if (!(x1 >= left && x1 <= right && y1 >= top && y1 <= bottom)) return;
    const { look } = this.message, font = `${look.font}px ${getComputedStyle(this.home).fontFamily}`, away = end ? look.font / Math.hypot(x1 - x0, y1 - y0) : 0;
    context.font = font;
    const half = context.measureText(text).width / 2, within = (value, low, high) => Math.max(low, Math.min(value, high));
    const x = within(x1 + (x1 - x0) * away * 0.4 + Math.sign(x1 - x0) * half, left + half + 3, right - half - 3);
    const y = within(y1 + (y1 - y0) * away * 0.7, top + 0.7 * look.font, bottom - 0.7 * look.font);
    label(context, text, [x, y], { colour, casing: end && look.casing, font, align: "center" });
  }

  // The pixels of a line. What lies far outside is cut: a canvas goes astray with numbers as large as a slope may be.
  project(each) {
    const { x, y, box: [left, top, right, bottom] } = each, axes = this.axesOf(each), near = [left - 300, top - 300, right + 300, bottom + 300], points = [];
    let last = null;
    for (let i = 0; i < x.length; i++) {
      const pixel = this.toPixel(x[i], y[i], axes), there = pixel.every(Number.isFinite), part = there && last && clip(last, pixel, near);
      if (part) {
        if (part.entered || !points.at(-1)) points.push(null, part.from);
        points.push(part.to);
      }
      if (!part || part.left) points.push(null);
      last = there ? pixel : null;
    }
    return points;
  }

  box([x, y]) { // the drawing area in pixels: left, top, right, bottom
    return [x._offset, y._offset, x._offset + x._length, y._offset + y._length];
  }

  explain() {
    const { lines } = this, { look } = this.message, told = JSON.stringify([look, lines.map(({ name, colour, dash, marker, hatch }) => [name, colour, dash, marker, hatch])]);
    if (told === this.explained) return;
    this.explained = told;
    this.legend.style.fontSize = `${look.font - 1}px`;
    this.legend.replaceChildren(...this.lines.filter(({ name }) => name).map((each) => {
      const item = document.createElement("li"), swatch = document.createElement("canvas");
      // The canvas is not in the page yet, so its size is given here.
      Object.defineProperties(swatch, { clientWidth: { value: 34 }, clientHeight: { value: 14 } });
      const context = sheet(swatch);
      if (each.fill) area(context, [[3, 1], [31, 1], [31, 13], [3, 13]], each.fill, each.hatch, look.casing);
      else if (each.width) line(context, [[3, 7], [31, 7]], { colour: each.colour, width: Math.min(each.width, 8), dash: each.dash, alpha: each.opacity });
      if (each.marker) marker(context, each.marker, [17, 7], 4, each.colour, look.casing);
      item.append(swatch, each.name);
      return item;
    }));
  }

  fit() {
    clearTimeout(this.fitting);
    this.fitting = setTimeout(() => {
      if (this.drawn && this.plot.clientWidth) window.Plotly.Plots.resize(this.plot).then(() => this.place());
    }, 60);
  }

  get axes() {
    const layout = this.plot._fullLayout;
    return layout?.xaxis?.d2p && [layout.xaxis, layout.yaxis];
  }

  axesOf({ yaxis }) { return [this.axes[0], this.plot._fullLayout[yaxis.replace("y", "yaxis")]]; }

  toPixel(x, y, [horizontal, vertical] = this.axes) {
    return [horizontal._offset + horizontal.d2p(x), vertical._offset + vertical.d2p(y)];
  }

  toPoint([left, top]) {
    const [horizontal, vertical] = this.axes;
    return [horizontal.p2d(left - horizontal._offset), vertical.p2d(top - vertical._offset)];
  }

  // The server is asked again as soon as it has answered, and never twice at once; meanwhile the handle goes ahead.
  // What is told while a hand holds the handle is not final: once the hand is off, it is told again.
  ask(handle) {
    this.waiting.add(handle);
    if (!this.asked || Date.now() - this.since > PATIENCE) this.askNext();
  }

  askNext() {
    const [handle] = this.waiting;
    if (!handle) return;
    this.waiting.delete(handle);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.askNext(), PATIENCE);
    this.asking = handle;
    this.since = Date.now();
    this.asked = `${this.since} ${handle.id}`;
    handle.final = !handle.held;
    this.send("moved", { id: handle.id, x: handle.x, y: handle.y, final: handle.final, asked: this.asked });
  }

  // Of handles that overlap, the one under the pointer is the nearest.
  nearest(event) {
    const away = ({ element }) => {
      const box = element.getBoundingClientRect();
      return Math.hypot(event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
    };
    return [...this.handles.values()].reduce((a, b) => (away(b) < away(a) ? b : a));
  }

  pixel(event) {
    const box = this.plot.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  listen() {
    let press = null;
    this.plot.addEventListener("pointerdown", (event) => { press = this.pixel(event); }, true);
    this.plot.addEventListener("click", (event) => {
      const handle = this.handles.get(this.message?.click);
      if (!handle || !press || !this.axes || event.detail > 1 || event.target.closest(".modebar")) return;
      const here = this.pixel(event), inside = this.axes.every((axis, i) => here[i] >= axis._offset && here[i] <= axis._offset + axis._length);
      if (!inside || Math.hypot(here[0] - press[0], here[1] - press[1]) > 4) return;
      handle.moveTo(here);
    }, true);
  }
}

class Handle {
  final = true; // was it at rest when the server was last asked?

  constructor(figure, id) {
    this.figure = figure;
    this.id = id;
    this.element = document.createElement("div");
    this.element.className = "handle";
    this.element.tabIndex = 0;
    this.element.dataset.id = id;
    this.element.setAttribute("role", "slider");
    this.canvas = document.createElement("canvas");
    this.name = document.createElement("span");
    this.name.setAttribute("aria-hidden", "true");
    this.element.append(this.canvas, this.name);
    figure.area.append(this.element);
    this.listen();
  }

  tell(told, look) {
    this.told = told;
    this.look = look;
    const { asked, asking, waiting } = this.figure;
    // An answer to where it was does not move it from where it is.
    if (!this.held && !waiting.has(this) && !(asked && asking === this)) [this.x, this.y] = [told.x, told.y];
    this.element.dataset.moves = told.moves;
    this.element.setAttribute("aria-label", told.label);
    this.element.setAttribute("aria-valuetext", told.text);
    this.element.setAttribute("aria-orientation", told.moves === "y" ? "vertical" : "horizontal");
    this.name.textContent = told.label;
    this.name.style.fontSize = `${look.font}px`;
    this.element.style.setProperty("--ring", `${look.marker}px`);
    this.element.style.setProperty("--ink", told.colour);
    this.paint();
  }

  paint() {
    const { canvas, told, look } = this, ratio = window.devicePixelRatio || 1, size = 44;
    canvas.width = canvas.height = size * ratio;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    marker(context, told.marker, [size / 2, size / 2], look.marker, told.colour, look.casing);
  }

  place(others) {
    const { figure, element, told, look } = this, [horizontal, vertical] = figure.axes ?? [];
    if (!horizontal || !told) return;
    const [across, down] = figure.toPixel(this.x, this.y ?? NaN);
    // Outside the view it stands at the edge, and without a height at the foot, where a hand still finds it.
    const within = (value, axis) => Math.max(axis._offset, Math.min(value, axis._offset + axis._length));
    const left = within(across, horizontal), height = within(Number.isFinite(down) ? down : Infinity, vertical);
    // Where it would lie over another one its grip stands off, a ring on a stem; its mark stays where it is.
    const room = 2 * look.marker + 18, near = told.moves === "x" && others.find(({ centre: [x, y] }) => Math.hypot(left - x, height - y) < room);
    const top = near ? this.standOff(near, [left, height], room, vertical) : height;
    this.mark = [left, height];
    this.centre = [left, top];
    this.apart = Boolean(near);
    this.canvas.style.top = `${height - top}px`;
    element.classList.toggle("apart", this.apart);
    element.style.transform = `translate(${left}px, ${top}px)`;
    element.classList.toggle("left", left + 24 + this.name.offsetWidth > figure.plot.clientWidth);
    element.classList.toggle("below", top > height || top - 28 < vertical._offset);
    const axis = told.moves === "y" ? vertical : horizontal, ends = axis.range.map((end) => (axis.type === "log" ? 10 ** end : end));
    element.setAttribute("aria-valuemin", told.least ?? Math.min(...ends));
    element.setAttribute("aria-valuemax", told.most ?? Math.max(...ends));
    element.setAttribute("aria-valuenow", told.moves === "y" ? this.y : this.x);
  }

  standOff({ element, centre: [x, y] }, [left, height], room, axis) {
    const away = Math.sqrt(room ** 2 - (left - x) ** 2), above = y - away > axis._offset, below = y + away < axis._offset + axis._length;
    const up = above && (height <= y || !below);
    if (up) element.classList.add("below"); // its name makes way
    return up ? y - away : y + away;
  }

  // To a pixel, as far as the handle may go there, on round numbers.
  moveTo(pixel) {
    const { figure, told } = this, axes = figure.axes;
    if (!axes) return;
    const inside = pixel.map((value, i) => Math.max(axes[i]._offset, Math.min(value, axes[i]._offset + axes[i]._length)));
    const point = figure.toPoint(inside).map((value, i) => round(value, axes[i]));
    this.setTo(told.moves.includes("x") ? point[0] : this.x, told.moves.includes("y") ? point[1] : this.y);
  }

  setTo(x, y) {
    const { least, most, along } = this.told;
    this.x = Math.max(least ?? -Infinity, Math.min(x, most ?? Infinity));
    this.y = along === null ? y : this.onLine(this.x) ?? y;
    this.figure.place(true);
    this.figure.ask(this);
  }

  // The height of the line along which the handle slides.
  onLine(x) {
    const { along } = this.told, { lines, plot } = this.figure;
    const trace = lines.find(({ key }) => key === along) ?? plot._fullData?.find(({ name }) => name === along);
    if (!trace) return null;
    const i = Array.prototype.findIndex.call(trace.x, (each, i) => each <= x && x <= trace.x[i + 1]);
    if (i < 0) return null;
    const y = trace.y[i] + ((trace.y[i + 1] - trace.y[i]) * (x - trace.x[i])) / (trace.x[i + 1] - trace.x[i] || 1);
    return Number.isFinite(y) ? y : null;
  }

  // One step is what a pixel can show, as a round number; where the figure says so, its own.
  step(by) {
    const { figure, told } = this, axes = figure.axes;
    if (!axes) return;
    const place = [this.x, this.y], moved = place.map((value, i) => {
      if (!by[i] || !told.moves.includes("xy"[i])) return value;
      const axis = axes[i];
      if (axis.type === "log") return significant(value * 10 ** (by[i] * 0.1), 3);
      const size = unit(axis), next = Math.round(value / size + by[i]) * size;
      const [low, high] = [...axis.range].sort((a, b) => a - b);
      return Math.max(low, Math.min(tidy(next, size), high));
    });
    this.setTo(...moved);
  }

  grab(event) {
    const { element } = this, box = element.getBoundingClientRect();
    // Taken beside its middle it does not jump.
    this.held = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
    element.classList.add("held");
    element.setPointerCapture(event.pointerId);
    element.focus({ focusVisible: false });
  }

  listen() {
    const { element, figure } = this;
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      figure.nearest(event).grab(event);
      event.preventDefault();
      event.stopPropagation();
    });
    element.addEventListener("pointermove", (event) => {
      if (this.held) this.moveTo(figure.pixel(event).map((value, i) => value - this.held[i]));
    });
    for (const kind of ["pointerup", "pointercancel"])
      element.addEventListener(kind, () => {
        this.held = null;
        element.classList.remove("held");
        if (!this.final) figure.ask(this);
        figure.furnish();
      });
    element.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1], PageDown: [-10, -10], PageUp: [10, 10] }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      // A handle of one direction takes both pairs of arrows, as every slider does.
      const along = this.told.moves.length === 1 ? [by[0] || by[1], by[0] || by[1]] : by;
      this.step(along.map((each) => each * (event.shiftKey ? 10 : 1)));
      event.preventDefault();
      event.stopPropagation();
    });
  }
}

const unpacked = (line) => ({ ...line, x: unpack(line.x), y: unpack(line.y) });

function unpack({ dtype, bdata }) {
  const { buffer } = Uint8Array.from(atob(bdata), (character) => character.charCodeAt(0));
  return Array.from(dtype === "f4" ? new Float32Array(buffer) : new Float64Array(buffer));
}

// Runs of points, of which each is somewhere.
function pieces(points) {
  const found = [[]];
  for (const point of points) {
    if (point.every(Number.isFinite)) found.at(-1).push(point);
    else if (found.at(-1).length) found.push([]);
  }
  return found.filter((piece) => piece.length > 1);
}

// The round number nearest to two pixels of an axis: 1, 2 or 5 times a power of ten.
function unit(axis) {
  const pixels = (2 * Math.abs(axis.range[1] - axis.range[0])) / axis._length, power = 10 ** Math.floor(Math.log10(pixels));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= pixels) ?? power;
}

const tidy = (value, size) => Number(value.toFixed(Math.max(0, Math.min(20, 1 - Math.floor(Math.log10(size))))));

const significant = (value, digits) => Number(value.toPrecision(digits));

function round(value, axis) {
  if (axis.type === "log") return significant(value, 3);
  const size = unit(axis) / 2;
  return tidy(Math.round(value / size) * size, size);
}
