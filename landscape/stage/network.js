// A network by hand: its picture, one step of the pass in formulas and numbers, and every array so far, over one
// playhead. The server sends the steps; nothing is shown before its step.

import { number } from "./numbers.js";
import { Playback } from "./playback.js";
import { StepInAddress } from "./step_in_address.js";

const SVG = "http://www.w3.org/2000/svg";
let shown = null;

// Streamlit calls these with {parentElement, data, setTriggerValue, …} at each new message.
export function network(component) {
  const home = component.parentElement.querySelector(".network");
  if (shown?.home !== home) {
    shown?.destroy();
    shown = new Network(home);
  }
  shown.send = component.setTriggerValue;
  shown.take(JSON.parse(component.data.network));
  shown.address.follow();
}

export function leave(element) {
  if (shown && element.contains(shown.home)) {
    shown.destroy();
    shown = null;
  }
}

class Network {
  texts = {};
  sample = 1; // the first is often all zeros
  pace = 0.7; // a step has to be read

  constructor(home) {
    this.home = home;
    this.part = (name) => home.querySelector(`.${name}`);
    this.playback = new Playback(this.part("playback"), this);
    this.address = new StepInAddress(this.playback);
    // On a phone they would stand between the pass and the controls.
    this.part("arrays").open = !matchMedia("(max-width: 640px)").matches;
    this.select = home.querySelector(".bar select");
    this.select.onchange = () => { this.sample = Number(this.select.value); this.paint(true); };
    this.svg = home.querySelector(".picture > svg");
    this.resize = new ResizeObserver(() => { if (this.message) this.draw(); });
    this.resize.observe(this.svg);
  }

  destroy() {
    this.playback.destroy();
    this.address.destroy();
    this.resize.disconnect();
  }

  command(key) { this.send("key", key); }

  get step() { return this.message.steps[this.k]; }

  take(message) {
    if (message.serial === this.message?.serial) return;
    const opened = !this.message || message.scenario !== this.message.scenario;
    this.message = message;
    this.texts = message.texts;
    this.arrays = Object.fromEntries(Object.keys(message.arrays).map((name) => [name, new Matrix(name, message.arrays)]));
    this.label();
    const samples = this.arrays.X.rows;
    this.sample = Math.min(this.sample, samples - 1);
    this.select.replaceChildren(...Array.from({ length: samples }, (_, i) => new Option(String(i + 1), String(i), false, i === this.sample)));
    this.k = null;
    this.playback.measure(message.steps.length - 1);
    if (opened) this.playback.first();
    this.home.dataset.serial = message.serial;
  }

  label() {
    const { home, texts, message } = this;
    home.classList.toggle("projector", message.look.projector);
    home.setAttribute("lang", texts.language);
    home.style.setProperty("--muted", message.look.muted);
    for (const element of home.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
    for (const element of home.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", texts[element.dataset.label]);
      if (element.tagName === "BUTTON") element.title = texts[element.dataset.label];
    }
  }

  paint(again = false) {
    if (!this.message) return;
    const k = Math.floor(this.playback.position);
    if (k === this.k && !again) return;
    const moved = k !== this.k;
    this.k = k;
    this.draw();
    this.tell(moved);
    this.showNorms();
    this.showCheck();
    this.showArrays();
    this.home.dataset.step = k;
    this.address.moved();
  }

  // The picture.

  draw() {
    if (this.k === null) return;
    const { svg, step, arrays, sample, message: { look, dead }, texts } = this, { clientWidth: wide, clientHeight: high } = svg;
    if (!wide || !high) return;
    const columns = step.columns.map((name, c) => ({ name, units: c ? arrays[`W${c}`].rows : arrays.X.columns }));
    const most = Math.max(...columns.map(({ units }) => units)), large = look.projector ? 1.4 : 1;
    const top = 26 * large, gap = (high - top) / most, radius = Math.max(9, Math.min(25 * large, gap / 2 - 3, wide / columns.length / 3.4));
    const x = (c) => radius + 4 + (c * (wide - 2 * radius - 8)) / (columns.length - 1);
    const y = (c, i) => top + (high - top) / 2 + (i - (columns[c].units - 1) / 2) * Math.min(gap, 90);
    const highest = Math.min(...columns.map((_, c) => y(c, 0))), heading = Math.max(15 * large, highest - radius - 12 * large);
    const ink = (value) => (value < 0 ? look.negative : look.positive);
    const parts = [];
    const gradients = step.edges.some((name) => name.startsWith("d"));
    const largest = (kind) => Math.max(...step.edges.filter((name) => name.startsWith("d") === kind).flatMap((name) => arrays[name].values).map(Math.abs).filter(Number.isFinite), 1e-300);
    const scale = { true: largest(true), false: largest(false) };
    step.edges.forEach((name, l) => {
      const matrix = arrays[name], active = step.layer === undefined || step.layer === l + 1;
      for (let i = 0; i < matrix.rows; i++) for (let j = 0; j < matrix.columns; j++) {
        const value = matrix.at(i, j);
        if (!value) continue;
        const share = Math.min(1, Math.abs(value) / scale[name.startsWith("d")]);
        parts.push(element("line", {
          x1: x(l), y1: y(l, j), x2: x(l + 1), y2: y(l + 1, i), stroke: ink(value), "stroke-width": ((0.6 + 4.4 * (share || 0)) * large).toFixed(2),
          "stroke-dasharray": value < 0 ? "5 4" : "none", opacity: active ? 0.95 : 0.28,
        }));
      }
    });
    columns.forEach(({ name, units }, c) => {
      const matrix = arrays[name], active = step.active === c, known = dead[c] && this.k >= dead[c].from;
      const numbers = matrix && Array.from({ length: units }, (_, i) => matrix.at(sample, i));
      const size = numbers && Math.max(...numbers.map(Math.abs).filter(Number.isFinite), 1e-300);
      if (matrix) parts.push(element("text", { x: Math.max(22, Math.min(x(c), wide - 26)), y: heading, "text-anchor": "middle", fill: look.text, "font-size": 15 * large, "font-style": "italic" }, matrix.plain));
      for (let i = 0; i < units; i++) {
        const value = numbers?.[i], isDead = known && dead[c].units[i];
        parts.push(element("circle", { cx: x(c), cy: y(c, i), r: radius, fill: look.page, stroke: active ? look.accent : look.muted, "stroke-width": (active ? 3 : 1.3) * large, "stroke-dasharray": isDead ? "3 3" : "none" }));
        if (value) parts.push(element("circle", { cx: x(c), cy: y(c, i), r: radius - 1, fill: ink(value), opacity: 0.24 * Math.min(1, Math.abs(value) / size) }));
        if (isDead) parts.push(element("path", { d: `M${x(c) - radius} ${y(c, i) - radius}L${x(c) + radius} ${y(c, i) + radius}M${x(c) - radius} ${y(c, i) + radius}L${x(c) + radius} ${y(c, i) - radius}`, stroke: look.negative, "stroke-width": 1.6 * large, opacity: 0.7 }));
        if (value !== undefined) parts.push(element("text", { x: x(c), y: y(c, i), "text-anchor": "middle", "dominant-baseline": "central", fill: look.text, "font-size": look.projector ? 18 : Math.min(14, radius * 0.68), stroke: look.page, "stroke-width": 3, "paint-order": "stroke" }, short(value)));
      }
    });
    svg.replaceChildren(...parts);
    const shownNow = step.columns.filter(Boolean).map((name) => arrays[name]);
    svg.setAttribute("aria-label", `${texts.sample} ${sample + 1}: ${shownNow.map((matrix) => `${matrix.plain} = (${matrix.row(sample).map((value) => number(value, 3)).join(", ")})`).join("; ")}`);
    this.part("values").textContent = ["X", "Y"].map((name) => `${arrays[name].plain} = ${tuple(arrays[name].row(sample))}`).join(",  ");
    const kinds = [[look.positive, "none", texts.positive], [look.negative, "5 4", texts.negative]];
    const names = Object.values(dead).some(({ from }) => this.k >= from) ? [`⊗ ${texts.dead}`] : [];
    this.part("legend").replaceChildren(...kinds.map(([colour, dash, text]) => {
      const line = element("svg", {}), entry = document.createElement("span");
      line.append(element("line", { x1: 1, x2: 29, y1: 5, y2: 5, stroke: colour, "stroke-width": 3, "stroke-dasharray": dash }));
      entry.append(line, text);
      return entry;
    }), ...[texts.lines.replace("{names}", this.lines(gradients)), ...names].map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  }

  // What the lines stand for: weights, and gradients where they have been found.
  lines(gradients) {
    const names = [gradients && "∂L/∂W", this.step.edges.some((name) => name.endsWith("+")) && "W⁺", this.step.edges.some((name) => /^W\d$/.test(name)) && "W"];
    return names.filter(Boolean).reverse().join(", ");
  }

  // The step in formulas and numbers.

  tell(moved) {
    const { step, texts, arrays, k, message } = this, panel = this.part("panel");
    const heading = Object.assign(document.createElement("h3"), { textContent: step.title });
    const formulas = document.createElement("div");
    formulas.className = "formulas";
    formulas.innerHTML = step.formulas.join(""); // MathML typeset by the server; no text of a person is in it
    const equations = step.equations.map((each) => new Equation(each, this).element);
    const notes = (step.notes ?? []).map((text) => paragraph(text, "note"));
    const hint = step.equations.some(({ result }) => result && arrays[result].size > 1) ? [paragraph(texts.pick, "hint")] : [];
    panel.replaceChildren(heading, paragraph(step.text), ...notes, formulas, ...equations, ...hint);
    if (!moved) return;
    panel.scrollTop = 0;
    this.home.querySelector("[role=status]").textContent = texts.spoken
      .replace("{step}", texts.stepOf.replace("{k}", k).replace("{n}", message.steps.length - 1))
      .replace("{title}", () => step.title) // as it is: in a text a "$" would have a meaning
      .replace("{text}", () => [step.text, ...(step.notes ?? [])].reduce((a, b) => texts.sentences.replace("{finding}", () => a).replace("{advice}", () => b)));
  }

  // How long each layer's gradient is, on a logarithmic axis.

  showNorms() {
    const { message: { norms }, texts, k } = this, known = norms.filter(({ from }) => k >= from).map(({ value }) => Number(value));
    const sizes = norms.map(({ value }) => Number(value)).filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
    const high = Math.ceil(Math.max(...sizes, -8) + 1e-9), low = Math.min(high - 2, Math.floor(Math.min(...sizes, high))) - 1;
    const rows = document.createElement("div");
    rows.className = "rows";
    for (const { name, value, from } of norms) {
      const size = Number(value), bar = document.createElement("div"), fill = document.createElement("i");
      bar.className = "track";
      fill.style.width = `${k >= from && size > 0 ? Math.min(100, (100 * (Math.log10(size) - low)) / (high - low)) : 0}%`;
      bar.append(fill);
      const end = Object.assign(document.createElement("span"), { className: "end", textContent: k < from ? "" : size === 0 ? `0 (${texts.zero})` : number(size, 3) });
      rows.append(Object.assign(document.createElement("span"), { textContent: name }), bar, end);
    }
    const axis = Object.assign(document.createElement("div"), { className: "axis" }), every = Math.ceil((high - low) / 5);
    if (known.length) for (let power = high; power >= low; power -= every) {
      const tick = Object.assign(document.createElement("span"), { textContent: number(10 ** power, 2).replace(/^1 × /, "") });
      tick.style.left = `${(100 * (power - low)) / (high - low)}%`;
      axis.append(tick);
    }
    rows.append(document.createElement("span"), axis);
    this.part("norms").lastElementChild.replaceChildren(known.length ? rows : paragraph(texts.notYet, "hint"));
  }

  showCheck() {
    const { message: { check }, texts, arrays, k } = this, place = this.part("check");
    if (!check) return place.replaceChildren();
    const heading = Object.assign(document.createElement("h3"), { textContent: texts.check });
    if (k < check.from) return place.replaceChildren(heading, paragraph(texts.notYet, "hint"));
    const tables = document.createElement("div");
    tables.className = "tables";
    for (const [name, text] of [[check.exact, texts.exact], ["numerical", texts.numerical], ["off", texts.off]]) {
      const drawn = arrays[name].draw({ digits: name === "off" ? 2 : 5 });
      drawn.querySelector("figcaption span").textContent = text;
      tables.append(drawn);
    }
    place.replaceChildren(heading, tables, paragraph(check.text));
  }

  showArrays() {
    const { message: { steps }, arrays, texts, k } = this, groups = new Map(), shown = new Set();
    for (const { phase, reveals } of steps.slice(0, k + 1)) for (const name of reveals) {
      if (shown.has(name)) continue; // a gradient is met again in the update
      shown.add(name);
      groups.set(phase, [...(groups.get(phase) ?? []), arrays[name].draw({ chosen: this.sample })]);
    }
    const names = { forward: texts.forwardPass, backward: texts.backwardPass, update: texts.updating };
    this.part("arrays").lastElementChild.replaceChildren(...[...groups].flatMap(([phase, tables]) => {
      const group = document.createElement("div");
      group.append(...tables);
      return [Object.assign(document.createElement("h4"), { textContent: names[phase] }), group];
    }));
  }
}

class Matrix {
  constructor(name, arrays) {
    const told = arrays[name], source = arrays[told.transpose] ?? told, [rows, columns] = source.shape.length > 1 ? source.shape : [1, ...source.shape];
    this.markup = told.name;
    this.plain = told.plain;
    this.turned = Boolean(told.transpose);
    this.samples = told.samples;
    [this.rows, this.columns] = this.turned ? [columns, rows] : [rows, columns];
    this.values = source.values.map(Number);
    this.shape = source.shape.length > 1 ? `${this.rows} × ${this.columns}` : `${columns}`;
  }

  get size() { return this.values.length; }

  at(i, j) { return this.values[this.turned ? j * this.rows + i : i * this.columns + j]; }

  row(i) { return Array.from({ length: this.columns }, (_, j) => this.at(i, j)); }

  // A table with its name and shape. Small or large numbers share a power of ten, so that the columns stay narrow.
  draw({ chosen = -1, digits = 4 } = {}) {
    const finite = this.values.filter(Number.isFinite), largest = Math.max(0, ...finite.map(Math.abs));
    const power = largest && (largest < 0.01 || largest >= 1000) ? Math.floor(Math.log10(largest)) : 0;
    const most = Math.max(0, digits - 1 - Math.max(0, Math.floor(Math.log10(largest || 1)) - power));
    const decimals = Array.from({ length: most }, (_, d) => d).find((d) => finite.every((value) => Number((value / 10 ** power).toFixed(d)) === value / 10 ** power)) ?? most;
    const figure = document.createElement("figure"), caption = document.createElement("figcaption"), frame = document.createElement("div"), table = document.createElement("table");
    figure.className = "array";
    caption.innerHTML = this.markup; // MathML typeset by the server
    caption.append(Object.assign(document.createElement("span"), { textContent: this.shape }));
    for (let i = 0; i < this.rows; i++) {
      const row = table.insertRow();
      row.classList.toggle("chosen", this.samples && i === chosen);
      for (let j = 0; j < this.columns; j++) {
        const value = this.at(i, j);
        row.insertCell().textContent = !Number.isFinite(value) ? number(value) : value === 0 ? "0" : (value / 10 ** power).toFixed(decimals).replace("-", "−");
      }
    }
    frame.append(table);
    figure.append(caption, frame);
    if (power) {
      const factor = Object.assign(document.createElement("span"), { className: "factor", textContent: `× ${number(10 ** power, 2).replace(/^1 × /, "")}` });
      caption.append(factor);
    }
    return figure;
  }
}

// result = part · part + part, as tables; a number of the result that is chosen shows which numbers make it.
class Equation {
  constructor(told, network) {
    this.told = told;
    this.network = network;
    this.element = document.createElement("div");
    const line = document.createElement("div");
    line.className = "equation";
    this.tables = {};
    const term = (name, sign) => {
      const each = document.createElement("div");
      each.className = "term";
      if (sign) each.append(Object.assign(document.createElement("span"), { className: "sign", textContent: sign }));
      const figure = network.arrays[name].draw({ chosen: network.sample });
      this.tables[name] = figure.querySelector("table");
      each.append(figure);
      line.append(each);
    };
    let sign = "";
    if (told.result) {
      term(told.result, "");
      sign = "=";
    }
    for (const part of told.parts) {
      if (network.arrays[part]) {
        term(part, sign);
        sign = "";
      } else sign = `${sign} ${part}`.trim();
    }
    if (sign) line.lastElementChild.append(Object.assign(document.createElement("span"), { className: "sign", textContent: sign }));
    this.element.append(line);
    if (told.result) this.listen();
  }

  listen() {
    const { told, network } = this, table = this.tables[told.result], matrix = network.arrays[told.result];
    this.sum = paragraph("", "sum");
    this.element.append(this.sum);
    table.classList.add("result");
    table.tabIndex = 0;
    table.onclick = ({ target }) => { if (target.cellIndex !== undefined) this.pick(target.parentElement.rowIndex, target.cellIndex); };
    table.onkeydown = (event) => {
      const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!by) return;
      event.preventDefault();
      this.pick(Math.max(0, Math.min(this.i + by[0], matrix.rows - 1)), Math.max(0, Math.min(this.j + by[1], matrix.columns - 1)));
    };
    this.pick(matrix.samples ? network.sample : 0, 0);
  }

  pick(i, j) {
    const { told, network, tables } = this, { arrays } = network, parts = told.parts.filter((part) => arrays[part]);
    [this.i, this.j] = [i, j];
    for (const cell of this.element.querySelectorAll(".used, .picked")) cell.classList.remove("used", "picked");
    const cell = (name, r, c) => tables[name].rows[r].cells[c];
    const use = (name, r, c) => { cell(name, r, c).classList.add("used"); return arrays[name].at(r, c); };
    const text = this.terms(parts, i, j, use);
    cell(told.result, i, j).classList.add("picked");
    this.sum.textContent = `${text} = ${number(arrays[told.result].at(i, j), 4)}`;
  }

  terms([a, b, c], i, j, use) {
    const { told, network: { arrays } } = this, { rows, columns } = arrays[a];
    const each = (count, term) => Array.from({ length: count }, (_, k) => term(k)).join(" + ");
    switch (told.kind) {
      case "product": return each(columns, (k) => `${signed(use(a, i, k), !k)} · ${signed(use(b, k, j))}`) + (c ? ` + ${signed(use(c, 0, j))}` : "");
      case "columns": return each(rows, (k) => signed(use(a, k, j), !k));
      case "times": return `${signed(use(a, i, j), true)} · ${signed(use(b, i, j))}`;
      case "error": return `${told.factor} · (${signed(use(a, i, j), true)} − ${signed(use(b, i, j))})`;
      case "update": return `${signed(use(a, i, j), true)} − ${number(told.rate)} · ${signed(use(b, i, j))}`;
      case "softmax": return `exp(${number(arrays[a].at(i, j), 4)}) / (${each(columns, (k) => `exp(${number(use(a, i, k), 4)})`)})`;
      default: return `${told.function}(${number(use(a, i, j), 4)})`;
    }
  }
}

// A negative number behind an operator needs its parentheses.
const signed = (value, first = false) => (value < 0 && !first ? `(${number(value, 4)})` : number(value, 4));

const tuple = (values) => (values.length > 1 ? `(${values.map((value) => number(value, 3)).join(", ")})` : number(values[0], 3));

// Short enough for a circle.
function short(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return number(value);
  if (size < 0.001 || size >= 1000) return number(value, 2).replaceAll(" ", "");
  return size < 0.1 ? value.toFixed(3).replace("-", "−") : number(value, size < 1 ? 2 : 3);
}

function paragraph(text, kind = "") {
  return Object.assign(document.createElement("p"), { textContent: text, className: kind });
}

function element(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}
