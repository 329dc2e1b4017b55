// Glimpses: what the updates around the playhead see, their batch, its gradients and its landscape. They come from the
// server: one frame while the playhead rests, about a second of frames ahead while it moves.

import { isolines } from "./isolines.js";
import { decode } from "./packed.js";

const WINDOW = 12; // frames asked for at once, and shown in a second of playback
const KEPT = 240;
const PATIENCE = 3000; // milliseconds after which an answer is given up
const REST = 40; // milliseconds that a question waits, so that it is no part of another message to the server
const EVERY = 3; // of the landscape's levels is drawn for the batch's

export class Glimpses {
  constructor(stage) {
    this.stage = stage;
    this.frames = new Map();
  }

  connect(component) {
    this.send = component.setTriggerValue;
    this.message = JSON.parse(component.data.glimpse);
    if (this.message) this.asked = null; // what could not be answered is asked again later
    this.take();
    this.stage.paint();
  }

  // A glimpse may come before the paths that it belongs to, and new paths before the answer about the old ones.
  take() {
    const { message } = this;
    clearTimeout(this.waiting);
    this.waiting = null;
    if (!message || source(message) !== this.now) return;
    if (this.source !== this.now) this.frames.clear();
    this.source = this.now;
    for (const frame of message.frames) this.frames.set(frame.k, unpacked(frame, message.view, message.shape));
    for (const k of this.frames.keys()) if (this.frames.size > KEPT) this.frames.delete(k);
  }

  // The frame to show, with `exact` where it is the playhead's own, or null. Of those that playback passes over it is
  // the one before; while the playhead rests and its own is on the way, the nearest one.
  get shown() {
    const { seen: run, playback } = this.stage;
    if (!run || this.source !== this.now) return null;
    const k = run.frame;
    if (this.frames.has(k)) return { ...this.frames.get(k), exact: true };
    const known = [...this.frames.keys()].filter((other) => !playback.playing || other <= k);
    if (!known.length) return null;
    const nearest = known.reduce((best, other) => (Math.abs(other - k) < Math.abs(best - k) ? other : best));
    return { ...this.frames.get(nearest), exact: playback.playing && k - nearest < 2 * this.step };
  }

  get now() {
    const { scene, serial, focus } = this.stage;
    return source({ landscape: scene?.id, paths: serial, run: focus });
  }

  // How many of the run's frames pass while one glimpse is shown.
  get step() {
    const { runs, focus, playback, stride } = this.stage, { places, frame, steps } = runs[focus];
    if (!playback.playing || !steps) return 1;
    const k = Math.min(frame, steps - 1), passed = (playback.rate * stride) / WINDOW;
    return Math.max(1, Math.round(passed / (places[k + 1] - places[k])));
  }

  // Ask for what is missing. Called at every frame that is painted; never twice at once.
  follow(rest = REST) {
    this.waiting ??= setTimeout(() => {
      this.waiting = null;
      const { serial, focus } = this.stage, frames = this.wanted;
      if (!frames?.length) return;
      const patience = this.asked?.serial === serial ? this.asked.time + PATIENCE - Date.now() : 0;
      if (patience > 0) return this.follow(patience);
      this.asked = { serial, time: Date.now() };
      this.send("glimpse", { paths: serial, run: focus, frames, lines: this.stage.on("batch_lines") });
    }, rest);
  }

  get wanted() {
    const { seen: run, playback } = this.stage, batchLines = this.stage.on("batch_lines");
    if (!this.send || !run) return null;
    const k = run.frame, { step } = this;
    const known = (frame) => this.source === this.now && this.frames.has(frame) && (!batchLines || this.frames.get(frame).lines);
    const { spread } = (known(k) && this.frames.get(k)) || {}; // which is measured at rest alone
    if (!playback.playing || k === run.steps) return known(k) && (!spread || spread.measured) ? null : [k];
    let next = k;
    while (next <= run.steps && this.reached(next, step, known)) next += step;
    if (next - k > (WINDOW / 2) * step) return null;
    return Array.from({ length: WINDOW }, (_, i) => next + i * step).filter((frame) => frame <= run.steps);
  }

  // Is a frame known, or one less than a step before it?
  reached(frame, step, known) {
    for (let i = 0; i < step; i++) if (known(frame - i)) return true;
    return false;
  }

  // The batch's lines of equal loss, in the landscape's coordinates; made when they are first seen.
  lines(frame) {
    if (!frame?.heights) return null;
    const { start, end, size } = this.stage.scene.contour.data[0].contours, levels = [];
    for (let level = start; level <= end; level += EVERY * size) levels.push(level);
    const [rows, columns] = frame.shape, [[x0, x1], [y0, y1]] = frame.view;
    return (frame.cache.lines ??= isolines(frame.heights, rows, columns, levels).map((points) =>
      points.map(([column, row]) => [x0 + (column / (columns - 1)) * (x1 - x0), y0 + (row / (rows - 1)) * (y1 - y0)])));
  }
}

const source = ({ landscape, paths, run }) => `${landscape} ${paths} ${run}`;

function unpacked(frame, view, shape) {
  const pair = (columns) => columns && columns.map(decode);
  return {
    ...frame, view, shape, cache: {}, lines: Boolean(frame.heights) || !frame.samples,
    samples: frame.samples && decode(frame.samples), heights: frame.heights && decode(frame.heights),
    each: pair(frame.each), sample_ellipse: pair(frame.sample_ellipse), batch_ellipse: pair(frame.batch_ellipse),
  };
}
