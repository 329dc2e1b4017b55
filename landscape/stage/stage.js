// The stage: the plane, the space and the curves over one playhead. The server sends two messages: the landscape, which
// rarely changes, and the paths over it, which change with every setting. Streamlit mounts one component for each.

import { Curves } from "./curves.js";
import { marker, line, sheet } from "./ink.js";
import { Formula, Table } from "./numbers.js";
import { Plane } from "./plane.js";
import { Playback } from "./playback.js";
import { loadPlotly } from "./plotly.js";
import { Space } from "./space.js";

let stage = null;

// Streamlit calls these with {parentElement, data, setTriggerValue, …} at each new message.
export async function landscape(component) {
  const home = component.parentElement.querySelector(".stage");
  if (stage?.home !== home) {
    stage?.destroy();
    stage = new Stage(home, waiting);
    if (places) stage.furnish(places);
  }
  stage.commands = component.setTriggerValue;
  await stage.setLandscape(JSON.parse(component.data.landscape));
}

let waiting = null; // paths may arrive before the landscape they lie on

export function paths(component) {
  waiting = component;
  stage?.setPaths(component);
}

// The table and the step in numbers stand in a place of their own, so that a phone can put the controls before them.
let places = null;
export function details(component) {
  places = component.parentElement.querySelector(".stage-details");
  stage?.furnish(places);
}

export function leave(element) {
  if (places && element.contains(places)) places = null;
  if (stage && element.contains(stage.home)) {
    stage.destroy();
    stage = null;
  }
}

class Stage {
  runs = [];
  texts = {};
  look = {};
  focus = 0;

  constructor(home, paths) {
    this.home = home;
    this.pending = paths;
    const part = (name) => home.querySelector(`.${name}`);
    this.plane = new Plane(part("plane"), this);
    this.space = new Space(part("space"), this);
    this.curves = new Curves(part("curves"), this);
    this.playback = new Playback(part("playback"), this);
    this.resize = new ResizeObserver(() => this.fit());
    for (const name of ["plane", "space", "curves"]) this.resize.observe(part(name));
    this.unfold = part("unfold");
    this.unfold.onclick = () => this.toggleSpace();
  }

  furnish(places) {
    this.places = places;
    this.table = new Table(places.querySelector(".table"), this);
    this.formula = new Formula(places.querySelector(".formula"), this);
    this.sight?.disconnect();
    this.sight = new IntersectionObserver(([{ isIntersecting }]) => { this.inSight = isIntersecting; this.askForNumbers(); }, { rootMargin: "120px" });
    this.sight.observe(places.querySelector(".formula"));
    if (!this.scene) return;
    this.label();
    this.tell();
    this.paint();
  }

  // The step in numbers is several times the bytes of the paths: it is sent from when somebody sees its place.
  askForNumbers() {
    if (this.inSight && this.runs.length && !this.numbers && !this.asked) {
      this.asked = true;
      this.send("numbers", true);
    }
  }

  tell() {
    this.table?.draw();
    this.formula?.draw();
  }

  destroy() {
    this.playback.destroy();
    this.resize.disconnect();
    this.sight?.disconnect();
    for (const { plot } of [this.plane, this.space, this.curves]) window.Plotly?.purge(plot);
  }

  get playhead() {
    return this.still ? Math.floor(this.playback.position) : this.playback.position;
  }

  // While a question is open, what comes after the playhead would answer it.
  get veiled() { return this.question && this.playback.position < this.playback.last; }

  async setLandscape(scene) {
    await loadPlotly();
    const changed = this.scene?.id !== scene.id;
    this.scene = scene;
    this.texts = scene.texts;
    this.look = scene.look;
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.narrow = matchMedia("(max-width: 640px)").matches;
    this.label();
    if (this.narrow) { // a finger scrolls the page
      scene.contour.layout.dragmode = false;
      for (const figure of [scene.contour, scene.surface]) if (figure) figure.config.displayModeBar = false;
    }
    if (changed) {
      await this.plane.draw(scene.contour);
      this.takePaths();
      // The plane first: it is what the eye waits for.
      requestAnimationFrame(() => setTimeout(() => this.drawSpace()));
    } else this.takePaths();
  }

  drawSpace() {
    if (this.narrow && !this.home.classList.contains("unfolded")) return;
    this.space.draw(this.scene.surface).then(() => { this.home.dataset.space = this.scene.id; });
  }

  toggleSpace() {
    const open = this.home.classList.toggle("unfolded");
    this.unfold.setAttribute("aria-expanded", String(open));
    this.drawSpace();
  }

  setPaths(component) {
    this.pending = component;
    this.takePaths();
  }

  takePaths() {
    if (!this.scene || !this.pending) return;
    const message = JSON.parse(this.pending.data.paths);
    if (message.landscape !== this.scene.id) return;
    this.triggers = this.pending.setTriggerValue;
    this.pending = null;
    const opened = this.scenario === undefined, asked = message.veiled && message.scenario !== this.scenario;
    this.scenario = message.scenario;
    this.question = message.veiled;
    this.runs = message.runs.map((run) => new Run(run, this));
    this.start = message.start;
    this.focus = message.focus;
    this.arrows = message.arrows;
    this.numbers = message.numbers && decodeNumbers(message.numbers);
    this.home.querySelector(".summary").textContent = message.summary;
    const { quantity, logarithmic } = this.curves;
    quantity.value = message.curve.quantity;
    logarithmic.checked = message.curve.logarithmic;
    this.plane.projected = this.space.projected = null;
    this.tell();
    const last = Math.max(0, ...this.runs.filter(({ visible }) => visible).map(({ steps }) => steps));
    this.playback.measure(last);
    if (asked) this.playback.first();
    else if (opened) this.playback.seek(Math.round(last / 8)); // on their way: what was, what comes, and where to play on
    this.home.dataset.paths = message.serial;
    requestAnimationFrame(() => this.curves.draw());
    this.moving = false;
    this.askForNumbers();
    if (this.next) this.moveStart(this.next.point, this.next.final);
  }

  paint() {
    if (!this.scene) return;
    for (const part of [this.plane, this.space, this.curves, this.table, this.formula]) part?.paint();
    this.home.dataset.playhead = Math.floor(this.playback.position);
  }

  fit() {
    clearTimeout(this.fitting);
    this.fitting = setTimeout(() => {
      const drawn = [this.plane, this.space, this.curves].filter(({ plot }) => plot._fullLayout && plot.clientWidth);
      Promise.all(drawn.map(({ plot }) => window.Plotly.Plots.resize(plot))).then(() => {
        this.plane.projected = this.space.projected = null;
        this.paint();
      });
    }, 60);
  }

  // While the start is dragged the server is asked again as soon as it has answered, and never twice at once.
  moveStart(point, final = false) {
    this.start = point;
    this.plane.paint();
    if (this.moving && Date.now() - this.moving < 3000) {
      this.next = { point, final };
      return;
    }
    this.next = null;
    this.moving = Date.now();
    this.send("start", point);
  }

  send(name, value) { this.triggers?.(name, value); }

  command(key) { this.commands?.("key", key); }

  label() {
    const { texts, home } = this;
    for (const element of [home, this.places]) {
      element?.classList.toggle("projector", this.look.projector);
      element?.setAttribute("lang", texts.language);
    }
    for (const element of home.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
    for (const element of home.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", texts[element.dataset.label]);
      if (element.tagName === "BUTTON") element.title = texts[element.dataset.label];
    }
  }
}

class Run {
  constructor(message, stage) {
    Object.assign(this, message);
    for (const name of ["x", "y", "gx", "gy", "loss", "height", "distance"]) if (this[name]) this[name] = decode(this[name]);
    this.steps = this.x.length - 1;
    this.stage = stage;
  }

  norm(k) { return Math.hypot(this.gx[k], this.gy[k]); }

  length(k) { return k < this.steps ? Math.hypot(this.x[k + 1] - this.x[k], this.y[k + 1] - this.y[k]) : NaN; }

  swatch(canvas) {
    // The canvas is not in the page yet, so its size is given here.
    Object.defineProperties(canvas, { clientWidth: { value: 34 }, clientHeight: { value: 16 } });
    const context = sheet(canvas), { look } = this.stage;
    line(context, [[2, 8], [32, 8]], { colour: this.colour, width: 2.2, dash: this.dash });
    marker(context, this.marker, [17, 8], 5, this.colour, look.casing);
  }
}

function decode(text) {
  const [kind, bytes] = text.startsWith("f8:") ? [Float64Array, text.slice(3)] : [Float32Array, text];
  return new kind(Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)).buffer);
}

function decodeNumbers(numbers) {
  const series = Object.fromEntries(Object.entries(numbers.series).map(([name, pair]) => [name, pair.map(decode)]));
  const scalars = Object.fromEntries(Object.entries(numbers.scalars).map(([name, value]) => [name, typeof value === "string" ? decode(value) : value]));
  return { ...numbers, series, scalars, eigenvalues: numbers.eigenvalues.map(decode), stable: decode(numbers.stable), border: decode(numbers.border), condition: decode(numbers.condition) };
}
