// The stage: the plane, the space and the curves over one playhead. The server sends two messages: the landscape, which
// rarely changes, and the paths over it, which change with every setting. Streamlit mounts one component for each.

import { Cloud } from "./cloud.js";
import { Curves } from "./curves.js";
import { Data } from "./data.js";
import { Glimpses } from "./glimpse.js";
import { distances, heights } from "./height.js";
import { marker, line, sheet } from "./ink.js";
import { Formula, Table, number } from "./numbers.js";
import { decode } from "./packed.js";
import { Plane } from "./plane.js";
import { Playback } from "./playback.js";
import { loadPlotly, narrow } from "./plotly.js";
import { Space } from "./space.js";
import { StepInAddress } from "./step_in_address.js";
import { Timeline } from "./timeline.js";

const READABLE = 100; // milliseconds: numbers that change more often than that cannot be read, and cost a frame as much as a plot

let stage = null;

// Streamlit calls these with {parentElement, data, setTriggerValue, …} at each new message.
export async function landscape(component) {
  const home = component.parentElement.querySelector(".stage");
  if (stage?.home !== home) {
    stage?.destroy();
    stage = new Stage(home, waiting);
    if (places) stage.furnish(places);
    if (glimpses) stage.glimpses.connect(glimpses);
  }
  stage.commands = component.setTriggerValue;
  const { landscape, data } = component.data;
  await stage.setLandscape(JSON.parse(landscape), data && JSON.parse(data));
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

let glimpses = null; // of the batches, where the page has them
export function glimpse(component) {
  glimpses = component;
  stage?.glimpses.connect(component);
}

export function leave(element) {
  if (places && element.contains(places)) places = null;
  if (glimpses?.parentElement === element) glimpses = null;
  if (stage && element.contains(stage.home)) {
    stage.destroy();
    stage = null;
  }
}

class Stage {
  runs = [];
  timeline = new Timeline([]);
  texts = {};
  look = {};
  focus = 0;
  unanswered = new Map(); // what a person has set here, while no paths say so yet

  constructor(home, paths) {
    this.home = home;
    this.pending = paths;
    const part = (name) => home.querySelector(`.${name}`);
    this.plane = new Plane(part("plane"), this);
    this.space = new Space(part("space"), this);
    this.curves = new Curves(part("curves"), this);
    this.playback = new Playback(part("playback"), this);
    this.address = new StepInAddress(this.playback);
    this.glimpses = new Glimpses(this);
    this.resize = new ResizeObserver(() => this.fit());
    for (const name of ["plane", "space", "curves"]) this.resize.observe(part(name));
    this.switches = Object.fromEntries([...home.querySelectorAll("[data-switch]")].map((box) => [box.dataset.switch, box]));
    for (const [name, box] of Object.entries(this.switches)) box.onchange = () => {
      this.data.draw();
      this.paint();
      this.unanswered.set(name, box.checked);
      this.send("switch", { [name]: box.checked });
    };
    if (part("data")) this.addSamples(part);
    this.notice = part("notice");
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
    clearTimeout(this.asking);
    if (!this.inSight || !this.runs.length || this.numbers) return;
    const since = Date.now() - (this.asked ?? 0);
    if (since > 3000) {
      this.asked = Date.now();
      this.send("numbers", true);
    }
    this.asking = setTimeout(() => this.askForNumbers(), 3100); // a wish that got lost is told again
  }

  tell() {
    this.table?.draw();
    this.formula?.draw();
  }

  destroy() {
    this.playback.destroy();
    this.address.destroy();
    clearTimeout(this.asking);
    clearTimeout(this.later);
    this.resize.disconnect();
    this.sight?.disconnect();
    for (const { plot } of [this.plane, this.space, this.curves]) window.Plotly?.purge(plot);
  }

  addSamples(part) {
    this.data = new Data(part("data"), this);
    this.cloud = new Cloud(part("cloud"), this);
    for (const name of ["data", "cloud"]) this.resize.observe(part(name));
  }

  // What a person shows or hides: a checkbox each.
  on(name) { return Boolean(this.switches[name]?.checked); }

  // The playhead is a place on the axis of the curves: updates, epochs, …, and Playback counts the timeline's stops. Between
  // two updates over batches there is nothing: each run stays where it is. Where there is one axis, steps are seen as a way.
  get place() { return this.axes ? this.timeline.at(this.playback.position) : this.playback.position; }

  count(k) {
    const axis = this.axes?.find(({ key }) => key === this.axis), told = (place) => (axis.whole ? String(Math.round(place)) : number(place, 4));
    return axis?.of.replace("{k}", told(this.timeline.at(k))).replace("{n}", told(this.timeline.extent));
  }

  // A stop is called by its place, in the address as in the count, and found by it again.
  called(k) { return Number(this.timeline.at(k).toPrecision(6)); }
  named(place) { return this.timeline.stop(place); }

  setAxis(axis) {
    const { playback } = this, run = this.runs[this.focus], frame = run && Math.floor(run.frame);
    this.axis = axis;
    this.measure(run?.places[frame]);
  }

  measure(place = this.timeline.place(this.playback.position)) {
    const { playback } = this;
    this.timeline = new Timeline(this.runs.filter(({ visible }) => visible));
    const position = this.timeline.position(place);
    playback.measure(this.timeline.last, playback.playing ? position : Math.round(position));
  }

  // Playback goes along the axis at one pace, though its stops need not be evenly apart.
  after(position, stops) { return this.timeline.position(this.timeline.place(position) + stops * this.stride); }

  get stride() { return this.timeline.extent / (this.timeline.last || 1); } // of a stop in the mean

  // The run in focus, where it is not hidden.
  get seen() { return this.runs[this.focus]?.visible ? this.runs[this.focus] : null; }

  // While a question is open, what comes after the playhead would answer it.
  get veiled() { return this.question && this.playback.position < this.playback.last; }

  async setLandscape(scene, data) {
    await loadPlotly();
    const changed = this.scene?.id !== scene.id;
    this.scene = scene;
    this.texts = { ...scene.texts, ...data?.texts };
    this.look = scene.look;
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.narrow = narrow();
    this.label();
    this.data?.take(data);
    if (this.narrow && scene.surface) scene.surface.config.displayModeBar = false;
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
    const opened = message.opening !== this.opening, asked = message.veiled && message.scenario !== this.scenario;
    this.opening = message.opening;
    this.scenario = message.scenario;
    this.question = message.veiled;
    if (asked || opened) this.unanswered.clear();
    this.curves.show(message); // with the runs that were: the playhead stays where the one in focus is
    this.runs = message.runs.map((run) => new Run(run, this));
    this.serial = message.serial;
    this.axes = message.axes;
    this.start = message.start;
    this.focus = message.focus;
    this.arrows = message.arrows;
    this.numbers = message.numbers && decodeNumbers(message.numbers);
    for (const [name, box] of Object.entries(this.switches)) if (this.heeds(name, message.switches[name])) box.checked = message.switches[name];
    this.data?.draw();
    this.glimpses.take();
    this.home.querySelector(".summary").textContent = message.summary;
    this.plane.projected = this.space.projected = null;
    this.tell();
    this.measure();
    if (asked || opened) this.playback.touched = false;
    if (!this.address.follow()) {
      if (asked) this.playback.first();
      else if (opened) this.setOff();
    }
    this.notice.textContent = message.notice || (this.runs.length && !this.runs.some(({ visible }) => visible) ? this.texts.allHidden : "");
    this.notice.hidden = !this.notice.textContent;
    this.home.dataset.paths = message.serial;
    requestAnimationFrame(() => requestAnimationFrame(() => this.curves.draw())); // the paths are seen a frame before
    this.moving = false;
    this.askForNumbers();
    if (this.next) this.moveStart(this.next.point, this.next.final);
  }

  // Is a setting to be taken from paths? An older answer, on its way when a person set it, does not set it back.
  heeds(name, value) {
    if (this.unanswered.get(name) === value) this.unanswered.delete(name);
    return !this.unanswered.has(name);
  }

  // The runs race at first sight. Where nothing may move by itself they are on their way: what was, what comes, where to play on.
  setOff() {
    this.playback.first();
    if (this.still || this.data || this.scenario) this.playback.seek(this.timeline.stop(this.timeline.extent / 8));
    else if (this.playback.last) this.playback.play();
  }

  paint() {
    if (!this.scene) return;
    for (const part of [this.plane, this.space, this.curves, this.data, this.cloud]) part?.paint();
    const now = performance.now();
    if (!this.playback.playing || !(now - this.written < READABLE)) {
      this.table?.paint();
      this.formula?.paint();
      this.written = now;
    }
    this.home.dataset.playhead = Math.floor(this.playback.position);
    this.glimpses.follow();
    this.address.moved();
  }

  fit() {
    clearTimeout(this.fitting);
    this.fitting = setTimeout(() => {
      this.space.keepCamera();
      const drawn = [this.plane, this.space, this.curves].filter(({ plot }) => plot._fullLayout && plot.clientWidth);
      Promise.all(drawn.map(({ plot }) => window.Plotly.Plots.resize(plot))).then(() => {
        this.plane.projected = this.space.projected = null;
        this.data?.draw();
        this.paint();
      });
    }, 60);
  }

  // While the start is dragged the server is asked again as soon as it has answered, and never twice at once.
  moveStart(point, final = false) {
    this.start = point;
    this.plane.paint();
    clearTimeout(this.later);
    const patience = this.moving ? this.moving + 3000 - Date.now() : 0;
    if (patience > 0) {
      this.next = { point, final };
      this.later = setTimeout(() => this.moveStart(point, final), patience); // an answer may never come
      return;
    }
    this.next = null;
    this.moving = Date.now();
    this.send("start", { point, final });
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
    for (const name of ["x", "y", "gx", "gy", "loss"]) this[name] = decode(this[name]);
    this.height = heights(this.loss, stage.scene.height);
    this.steps = this.x.length - 1;
    this.stage = stage;
    this.placed = {};
    const { batch_loss, seeds, updates, moves } = message;
    if (updates) this.updates = decode(updates);
    if (moves) this.moves = moves.map(decode);
    if (batch_loss) this.batch_loss = decode(batch_loss);
    if (seeds) this.seeds = Object.fromEntries(Object.entries(seeds).map(([name, value]) => [name, Array.isArray(value) ? value.map(decode) : decode(value)]));
  }

  // Where each frame stands on the axis.
  get places() {
    const { positions, stage: { axis }, steps } = this, along = positions?.[axis] ?? 1;
    return (this.placed[axis] ??= typeof along === "string" ? decode(along) : Float64Array.from({ length: steps + 1 }, (_, k) => along * this.step(k)));
  }

  // The frame at the playhead; without axes it is between two iterates while it moves.
  get frame() {
    const { playback: { position }, still, axes, timeline } = this.stage;
    return axes ? timeline.frame(this, position) : Math.min(still ? Math.floor(position) : position, this.steps);
  }

  get here() { return [this.x[this.frame], this.y[this.frame]]; }

  // How many updates were made by a frame, for frames may be several updates apart.
  step(k) { return this.updates ? this.updates[k] : k; }

  // Where one update leads from a frame.
  after(k) { return this.moves ? [this.x[k] + this.moves[0][k], this.y[k] + this.moves[1][k]] : [this.x[k + 1], this.y[k + 1]]; }

  get distance() { return (this.distances ??= distances(this.x, this.y, this.stage.scene.minima)); }

  norm(k) { return Math.hypot(this.gx[k], this.gy[k]); }

  length(k) {
    const [x, y] = this.after(k);
    return k < this.steps ? Math.hypot(x - this.x[k], y - this.y[k]) : NaN;
  }

  swatch(canvas) {
    // The canvas is not in the page yet, so its size is given here.
    Object.defineProperties(canvas, { clientWidth: { value: 34 }, clientHeight: { value: 16 } });
    const context = sheet(canvas), { look } = this.stage;
    line(context, [[2, 8], [32, 8]], { colour: this.colour, width: 2.2, dash: this.dash });
    marker(context, this.marker, [17, 8], 5, this.colour, look.casing);
  }
}

function decodeNumbers(numbers) {
  const series = Object.fromEntries(Object.entries(numbers.series).map(([name, pair]) => [name, pair.map(decode)]));
  const scalars = Object.fromEntries(Object.entries(numbers.scalars).map(([name, value]) => [name, typeof value === "string" ? decode(value) : value]));
  return { ...numbers, series, scalars, eigenvalues: numbers.eigenvalues.map(decode), stable: decode(numbers.stable), border: decode(numbers.border), condition: decode(numbers.condition) };
}
