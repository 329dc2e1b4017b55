// Numbers: how a number reads, the table of the runs at the playhead, and the step's formula with its own numbers.

import { write } from "./text.js";

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

export function number(value, digits = 5) {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 10 ** digits)) {
    const [mantissa, exponent] = value.toExponential(digits - 2).split("e");
    const front = trim(mantissa).replace(/^(−?)1$/, "$1");
    return `${/\d$/.test(front) ? `${front} × ` : front}10${[...exponent.replace("+", "")].map((sign) => SUPERSCRIPT[sign]).join("")}`;
  }
  return trim(value.toPrecision(digits));
}

// An uncertain number with the digits that are sure, four at most; where none is, with how far it may be off.
export function estimate([value, error]) {
  if (!Number.isFinite(error)) return "–";
  const sure = error > 0 ? Math.floor(Math.log10(Math.abs(value) / error)) : 4;
  if (sure >= 1) return number(Number(value.toPrecision(Math.min(sure, 4))));
  const place = 10 ** Math.floor(Math.log10(error));
  return `${number(Math.round(value / place) * place, 4)} ± ${number(Math.ceil(error / place) * place, 4)}`;
}

// To the decimal place that something of a size can show.
export function toPlace(value, size) {
  const places = -Math.floor(Math.log10(size));
  return places >= 0 ? Number(value.toFixed(Math.min(places, 100))) : Math.round(value * 10 ** places) / 10 ** places;
}

const trim = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text).replace("-", "−");

export class Table {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
  }

  draw() {
    const { runs, texts, focus } = this.stage;
    this.rows = [];
    if (!runs.length) return this.element.replaceChildren();
    const head = row("th", [texts.run, texts.position, texts.loss, "|∇f|", texts.stepLength, texts.steps, texts.finalLoss, texts.ended]);
    const body = runs.map((run, i) => {
      const line = row("td", ["", "", "", "", "", "", "", ""]);
      const name = document.createElement("button");
      name.className = "name";
      name.append(swatch(run), run.name);
      name.setAttribute("aria-pressed", String(i === focus));
      name.onclick = () => this.stage.send("focus", i);
      line.cells[0].append(name);
      head.querySelectorAll("th").forEach((cell, j) => { line.cells[j].dataset.head = cell.textContent; });
      line.cells[7].append(...[run.ended, run.diagnosis].filter(Boolean).map(paragraph));
      if (run.remedy) {
        const button = document.createElement("button");
        button.textContent = run.remedy.label;
        button.onclick = () => this.stage.send("remedy", { run: i, learning_rate: run.remedy.learning_rate });
        line.cells[7].append(button);
      }
      line.classList.toggle("hidden-run", !run.visible);
      return line;
    });
    const table = document.createElement("table"), caption = table.createCaption(), parts = [table.createTHead(), table.createTBody()];
    caption.textContent = texts.tableCaption;
    caption.className = "unseen";
    parts[0].append(head);
    parts[1].append(...body);
    table.role = "table"; // on a phone the style sheet's `display` takes the roles away, so they are given
    for (const part of parts) part.role = "rowgroup";
    this.element.replaceChildren(table);
    this.rows = body;
  }

  paint() {
    const { runs, veiled } = this.stage;
    this.rows?.forEach((line, i) => {
      const run = runs[i], k = Math.floor(run.frame);
      const open = veiled && k < run.steps; // how it ends is the answer to the question
      line.cells[7].style.visibility = open ? "hidden" : "";
      const values = [`(${number(run.x[k], 4)}, ${number(run.y[k], 4)})`, number(run.loss[k]), number(run.norm(k)), number(run.length(k)), open ? "…" : String(run.step(run.steps)), open ? "…" : number(run.loss.at(-1))];
      values.forEach((text, j) => write(line.cells[j + 1], text));
    });
  }
}

export class Formula {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
  }

  draw() {
    const { numbers, texts, runs, focus } = this.stage, run = runs[focus];
    if (!numbers || !run) return this.element.replaceChildren();
    const heading = document.createElement("h3");
    this.count = document.createElement("span");
    heading.append(swatch(run), run.name, this.count);
    const lines = document.createElement("div");
    lines.className = "lines";
    if (numbers.lines.length) lines.append(...[texts.inSymbols, ...this.stage.scene.axes].map((text) => Object.assign(document.createElement("div"), { className: "head", textContent: text })));
    this.slots = [];
    for (const { symbols, values } of numbers.lines) {
      const cells = [symbols, values, values].map((markup, column) => {
        const cell = document.createElement("div");
        cell.innerHTML = markup; // MathML typeset by the server from the optimizer's own formula; no text of a person is in it
        for (const slot of cell.querySelectorAll("mtext")) {
          const name = /^⟨(.+)⟩$/.exec(slot.textContent)?.[1];
          if (name && column) this.slots.push({ slot, name, component: column - 1 });
        }
        return cell;
      });
      lines.append(...cells);
    }
    this.curvature = paragraph("");
    this.pace = paragraph(numbers.pace);
    this.element.replaceChildren(heading, paragraph(numbers.about), lines, this.curvature, this.pace);
  }

  paint() {
    const { numbers, texts, runs, focus, veiled } = this.stage, run = runs[focus];
    if (!numbers || !run || !this.slots) return;
    this.pace.style.visibility = veiled ? "hidden" : ""; // it tells how the run ends
    const k = Math.max(0, Math.min(Math.floor(run.frame), run.steps - 1));
    write(this.count, run.steps ? texts.fromTo.replace("{k}", run.step(k)).replace("{n}", run.step(k) + 1) : texts.noStep);
    for (const { slot, name, component } of this.slots) {
      const value = run.steps ? this.value(name, component, k) : NaN, text = number(value);
      write(slot, value < 0 && follows(slot) ? `(${text})` : text);
    }
    const at = Math.floor(run.frame), rate = this.value("eta", 0, Math.min(at, run.steps - 1));
    const [small, large] = numbers.eigenvalues.map((values) => values[at]), stable = numbers.stable[at], border = numbers.border[at];
    const shape = small > 0 ? texts.curvatureUp : large <= 0 ? texts.curvatureDown : small < 0 ? texts.curvatureSaddle : texts.curvatureTrough;
    const words = !Number.isFinite(large) ? [texts.curvatureNone] : [texts.curvature, shape, large > 0 ? texts.curvatureStable : texts.curvatureFlat];
    if (Number.isFinite(border) && border !== stable) words.push(texts.curvatureBorder);
    const fill = { small, large, stable, border, rate, condition: numbers.condition[at] };
    write(this.curvature, words.reduce((a, b) => texts.sentences.replace("{finding}", a).replace("{advice}", b)).replace(/\{(\w+)\}/g, (_, name) => number(fill[name])));
  }

  value(name, component, k) {
    const { numbers, runs, focus } = this.stage, run = runs[focus], axis = component ? "y" : "x";
    const series = numbers.series[name];
    if (series) return series[component][k];
    if (name === "theta") return run[axis][k];
    if (name === "theta+") return run.after(k)[component];
    if (name === "g") return run[`g${axis}`][k];
    if (name === "t") return run.step(k) + 1;
    if (name.endsWith("-")) return k ? this.value(name.slice(0, -1), component, k - 1) : 0;
    const scalar = numbers.scalars[name];
    return typeof scalar === "number" ? scalar : scalar?.[k];
  }
}

// Does an operator stand before it, or an exponent behind it? Then a negative number needs its parentheses.
function follows(slot) {
  const before = slot.previousElementSibling;
  return (before?.localName === "mo" && before.textContent !== "=" && before.textContent !== "(") || slot.parentElement.localName === "msup";
}

export function swatch(run) { // the run's line and marker, as in the plots
  const canvas = document.createElement("canvas");
  canvas.className = "swatch";
  run.swatch(canvas);
  return canvas;
}

function paragraph(text) {
  return Object.assign(document.createElement("p"), { textContent: text });
}

function row(kind, texts) {
  const line = document.createElement("tr");
  line.role = "row";
  for (const text of texts) {
    const cell = document.createElement(kind);
    if (kind === "th") cell.scope = "col";
    cell.role = kind === "th" ? "columnheader" : "cell";
    cell.textContent = text;
    line.append(cell);
  }
  return line;
}
