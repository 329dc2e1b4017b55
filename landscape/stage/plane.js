// The plane: the contour plot, with the paths, the start and the playhead painted on a canvas above it.
// Plotly draws the landscape once; a new path or a new frame never makes it draw again.

import { arrow, clip, label, marker, markers, pen, sheet, trace } from "./ink.js";
import { Grid } from "./interpolation.js";
import { toPlace } from "./numbers.js";
import { draw } from "./plotly.js";
import { NEAR, Tip, away } from "./tip.js";
import { Trail } from "./trail.js";

const REACH = 16; // pixels around the start marker that count as on it
const ARROW = 64; // pixels of the arrow against the gradient, which shows a direction only
const LINES = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6]; // that a name moves down from the end of its path
const TWICE = 400; // milliseconds between the clicks of a double click
const SHORTEST = 24; // pixels of the arrow of a step that is too short to see

// Of names that begin alike, as by one method with one rate, what tells one from another.
export function telling(names) {
  const parts = names.map((name) => name.split(/, (?![^(]*\))/)); // a start, (0.1, 0.9), is one part
  let alike = 0;
  while (names.length > 1 && parts.every((part) => part.length > alike + 1 && part[alike] === parts[0][alike])) alike++;
  return parts.map((part) => part.slice(alike).join(", "));
}

export class Plane {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
    this.plot = element.querySelector(".plot");
    this.canvas = element.querySelector("canvas");
    this.tip = new Tip(element, stage);
    this.listen();
  }

  async draw(figure) {
    this.grid = new Grid(figure.data[0]);
    this.whole = [figure.layout.xaxis, figure.layout.yaxis].map(({ range }) => [...range]); // Plotly writes a zoom into the layout
    this.marks = figure.data.filter(({ name }) => name).flatMap(({ name, marker, x, y }) => x.map((_, i) => ({ name, symbol: marker.symbol, x: x[i], y: y[i] })));
    await draw(this.plot, figure, () => this.changed());
    this.changed();
  }

  changed() {
    this.projected = null;
    this.paint();
  }

  get axes() {
    const layout = this.plot._fullLayout;
    return layout?.xaxis?.l2p && [layout.xaxis, layout.yaxis];
  }

  get box() { // the drawing area in pixels: left, top, right, bottom
    const [x, y] = this.axes;
    return [x._offset, y._offset, x._offset + x._length, y._offset + y._length];
  }

  toPixel(x, y) {
    const [horizontal, vertical] = this.axes;
    return [horizontal._offset + horizontal.l2p(x), vertical._offset + vertical.l2p(y)];
  }

  // To the decimal place that a pixel can show.
  toPoint(pixel) {
    return this.axes.map((axis, i) => toPlace(axis.p2l(pixel[i] - axis._offset), Math.abs(axis.p2l(1) - axis.p2l(0))));
  }

  // Pixels of every run's iterates, with `steps` that says which iterates they are. Points less than a pixel from the
  // last are left out, so that a crawl of thousands of steps costs a frame nothing. What lies far outside is cut, with
  // a null where the pen lifts: a dashed line to a run that exploded would have more dashes than a canvas can draw.
  // `dots` are the places of the markers along the path, `exits` where it leaves the view.
  project() {
    const { look } = this.stage, box = this.box, near = this.near;
    return this.stage.runs.map((run) => {
      const points = [], steps = [], exits = [];
      const add = (point, k) => { points.push(point); steps.push(k); };
      let previous = null, drawn = null;
      for (let k = 0; k < run.x.length; k++) {
        const pixel = this.toPixel(run.x[k], run.y[k]);
        if (previous) {
          const part = clip(previous, pixel, box);
          if (part?.left) exits.push(part.to);
        }
        const close = drawn && Math.hypot(pixel[0] - drawn[0], pixel[1] - drawn[1]) < 0.8;
        if (!close || k === run.x.length - 1) {
          const part = clip(drawn ?? pixel, pixel, near);
          if (!part) add(null, k);
          else {
            if (part.entered) add(part.from, k);
            add(part.to, k);
            if (part.left) add(null, k);
          }
          drawn = pixel;
        }
        previous = pixel;
      }
      const ink = { colour: run.colour, width: look.line, dash: run.dash };
      return {
        points, steps, exits: exits.slice(0, 3), out: exits.at(-1), dots: this.dots(points, steps),
        past: new Trail(points, { ...ink, casing: look.casing }, box),
        whole: new Trail(points, { ...ink, alpha: look.faint, width: look.line * 0.75 }, box),
      };
    });
  }

  dots(points, steps) {
    const gap = 3.2 * this.stage.look.marker, found = [];
    let last = null;
    points.forEach((point, j) => {
      if (!point || !this.holds(point) || (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < gap)) return;
      last = point;
      found.push({ point, step: steps[j] });
    });
    return found;
  }

  get near() { return this.box.map((edge, i) => edge + (i < 2 ? -300 : 300)); }

  holds([x, y]) {
    const [left, top, right, bottom] = this.box;
    return x >= left && x <= right && y >= top && y <= bottom;
  }

  at(run, k) { // the pixel of a position between two iterates
    const i = Math.min(Math.floor(k), run.steps), j = Math.min(i + 1, run.steps), part = Math.min(k, run.steps) - i;
    const a = this.toPixel(run.x[i], run.y[i]), b = this.toPixel(run.x[j], run.y[j]);
    return [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])];
  }

  paint() {
    if (!this.axes || !this.canvas.clientWidth) return;
    const { runs, look, veiled } = this.stage, context = sheet(this.canvas), [left, top, right, bottom] = this.box;
    this.projected ??= this.project();
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    const order = runs.map((_, i) => i).filter((i) => runs[i].visible).sort((a, b) => (a === this.stage.focus) - (b === this.stage.focus));
    if (this.stage.on("batch_lines")) this.paintBatch(context);
    for (const i of order) {
      const run = runs[i], playhead = run.frame, { points, steps, dots, past, whole } = this.projected[i], count = reached(steps, playhead);
      const head = playhead < run.steps ? this.at(run, playhead) : null, last = points[count - 1];
      if (head && !veiled) whole.paint(context, points.length);
      past.paint(context, count, head && last && clip(last, head, this.near)?.left === false ? head : null);
      const passed = dots.filter(({ step }) => step <= playhead).map(({ point }) => point);
      markers(context, run.marker, passed, look.marker * 0.42, run.colour, look.casing);
    }
    if (!veiled) for (const i of order) if (runs[i].seeds) this.paintEnds(context, runs[i]);
    // By marks, words and arrows: the runs' names make room.
    this.taken = this.marks.map(({ x, y }) => around(this.toPixel(x, y), look.font * 0.6));
    if (this.stage.on("gradients")) this.stage.cloud.paintOver(context, this);
    else if (this.stage.arrows) this.paintArrows(context);
    this.paintStart(context);
    this.paintNames(context, order);
    for (const i of order) marker(context, runs[i].marker, this.at(runs[i], runs[i].frame), look.marker, runs[i].colour, look.casing);
    context.restore();
    if (!veiled) this.paintEdges(context, order);
  }

  paintBatch(context) { // lines of equal loss of the batch that the run in focus takes next, at its end of the last one
    const { runs, focus, look, glimpses } = this.stage, frame = glimpses.shown, lines = glimpses.lines(frame);
    if (!lines) return;
    const { cache } = frame;
    if (cache.seen !== this.projected) { // where the view is the same, so is the path
      cache.seen = this.projected;
      cache.path = trace(lines.flatMap((points) => [...points.map(([x, y]) => this.toPixel(x, y)), null]));
    }
    pen(context, { colour: runs[focus].colour, width: look.line * 0.6, dash: "dash", alpha: frame.exact ? 0.9 : 0.35 }, cache.path);
  }

  paintEnds(context, run) { // where the repeats with other seeds ended
    const { look } = this.stage, [x, y] = run.seeds.ends;
    markers(context, run.marker, Array.from(x, (value, i) => this.toPixel(value, y[i])).filter((point) => this.holds(point)), look.marker * 0.55, look.casing, run.colour);
  }

  paintArrows(context) {
    const { runs, focus, look, texts } = this.stage, run = runs[focus];
    if (!run?.visible || run.frame >= run.steps) return; // after the last step there is none to show
    const k = Math.floor(run.frame);
    const here = this.toPixel(run.x[k], run.y[k]);
    const tip = (dx, dy, least) => {
      const there = this.toPixel(run.x[k] + dx, run.y[k] + dy), length = Math.hypot(there[0] - here[0], there[1] - here[1]);
      if (!(length > 0)) return null;
      const grow = least / length;
      return [here[0] + (there[0] - here[0]) * grow, here[1] + (there[1] - here[1]) * grow];
    };
    const size = (run.gx[k] ** 2 + run.gy[k] ** 2) ** 0.5, [xs] = this.axes, unit = Math.abs(xs.p2l(ARROW) - xs.p2l(0));
    const downhill = size > 0 && Number.isFinite(size) && tip((-run.gx[k] / size) * unit, (-run.gy[k] / size) * unit, ARROW);
    const [x, y] = run.after(k), there = this.toPixel(x, y);
    // True to scale while that can be seen; a shorter step shows its direction only.
    const step = tip(x - run.x[k], y - run.y[k], Math.max(SHORTEST, Math.min(400, Math.hypot(there[0] - here[0], there[1] - here[1]))));
    const arrows = [[downhill, look.text, "dot", texts.downhill, 1], [step, run.colour, "solid", texts.step, -1]].filter(([end]) => end);
    for (const [end, colour, dash] of arrows) {
      arrow(context, here, end, { colour, casing: look.casing, width: look.line, dash });
      for (let part = 0; part <= 1; part += 0.125) this.taken.push(around([here[0] + part * (end[0] - here[0]), here[1] + part * (end[1] - here[1])], look.line * 2));
    }
    for (const [[x, y], , , text, side] of arrows) this.write(context, text, [1, -1, 2.2, -2.2, 3.4].map((n) => [x, y + side * n * look.font]), 6);
  }

  // Beside the first of some points where nothing else is: to its right, or to its left where the plot ends.
  write(context, text, points, gap) {
    const { look } = this.stage, font = `600 ${look.font}px ${look.family}`, half = look.font * 0.6;
    context.font = font;
    const width = context.measureText(text).width, left = (x) => (x + gap + width < this.box[2] ? x + gap : x - gap - width);
    const boxes = points.map(([x, y]) => [left(x), y - half, left(x) + width, y + half]), box = boxes.find((each) => this.free(each)) ?? boxes[0];
    label(context, text, [box[0], box[1] + half], { colour: look.text, casing: look.casing, font });
    this.taken.push(box);
  }

  free([x0, y0, x1, y1]) {
    const [left, top, right, bottom] = this.box;
    return x0 >= left && y0 >= top && x1 <= right && y1 <= bottom && this.taken.every(([a, b, c, d]) => x1 <= a || c <= x0 || y1 <= b || d <= y0);
  }

  paintStart(context) {
    const { look, texts } = this.stage, start = this.start ?? this.stage.start;
    if (!start) return;
    const [left, top, right, bottom] = this.box, place = this.toPixel(...start);
    // A start outside the view stands at its edge.
    const pixel = [Math.max(left + 8, Math.min(place[0], right - 8)), Math.max(top + 8, Math.min(place[1], bottom - 8))];
    if (pixel[0] !== place[0] || pixel[1] !== place[1]) arrow(context, pixel, [pixel[0] + Math.sign(place[0] - pixel[0]) * 26, pixel[1] + Math.sign(place[1] - pixel[1]) * 26], { colour: look.text, casing: look.casing, width: 2 });
    context.save();
    context.beginPath();
    context.arc(...pixel, look.marker * 1.5, 0, 2 * Math.PI);
    context.lineWidth = 5;
    context.strokeStyle = look.casing;
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = look.text;
    context.stroke();
    context.restore();
    this.taken.push(around(pixel, look.marker * 1.5));
    this.write(context, texts.start, [-1.6, 1.6, -4, 4].map((n) => [pixel[0], pixel[1] + n * look.marker]), look.marker * 2 + 2);
  }

  // Where a path left the view; and of a run that is outside all the same, for it began there, in which direction it is.
  paintEdges(context, order) {
    const { runs, look } = this.stage, [left, top, right, bottom] = this.box, middle = [(left + right) / 2, (top + bottom) / 2];
    const towards = (point) => (this.holds(point) || !point.every(Number.isFinite) ? [] : [clip(middle, point, this.box).to]);
    for (const i of order) {
      const { exits } = this.projected[i];
      for (const [x, y] of exits.length ? exits : towards(this.at(runs[i], runs[i].frame))) {
        const angle = x >= right - 1 ? 0 : y >= bottom - 1 ? Math.PI / 2 : x <= left + 1 ? Math.PI : -Math.PI / 2;
        context.save();
        context.translate(x, y);
        context.rotate(angle);
        context.beginPath();
        context.moveTo(7, 0);
        context.lineTo(-6, -7);
        context.lineTo(-6, 7);
        context.closePath();
        context.lineWidth = 2;
        context.strokeStyle = look.casing;
        context.stroke();
        context.fillStyle = runs[i].colour;
        context.fill();
        context.restore();
      }
    }
  }

  // At the end of each path, or the nearest place where nothing else is. A frame tells the marker in it, which names the
  // run, from the one on the plane, which is where the run is; and while that is on its way, its name is as faint as what
  // is ahead of it.
  paintNames(context, order) {
    const { runs, look, veiled } = this.stage, [left, top, right, bottom] = this.box, faint = `${look.font}px ${look.family}`, font = `600 ${faint}`;
    const names = telling(runs.map(({ name }) => name));
    context.save();
    context.font = font;
    context.lineWidth = 1.5;
    for (const i of order) {
      const { points, steps } = this.projected[i], shown = veiled ? points.slice(0, reached(steps, runs[i].frame)) : points;
      // A run that is lost in the distance is named where it left, and not at the last place in sight before that.
      const lost = !veiled && !this.holds(this.at(runs[i], runs[i].steps)), end = (lost && this.projected[i].out) || shown.findLast((point) => point && this.holds(point));
      if (!end) continue;
      const width = context.measureText(names[i]).width + 1.6 * look.font, half = look.font * 0.72;
      const within = (x) => Math.max(left + 4, Math.min(x, right - width - 4)), sides = [end[0] + 14, end[0] - width - 14];
      const boxes = LINES.flatMap((n) => sides.map((x) => [within(x), end[1] + n * half * 2 - half, within(x) + width, end[1] + n * half * 2 + half]));
      const box = boxes.find((each) => this.free(each)) ?? boxes[0], [x, y] = [box[0], Math.max(top + half, Math.min(box[1] + half, bottom - half))];
      const ahead = !veiled && runs[i].frame < runs[i].steps;
      this.taken.push(box);
      context.beginPath();
      context.roundRect(x, y - half + 1, width, 2 * half - 2, look.font * 0.4);
      context.fillStyle = look.casing;
      context.fill();
      context.globalAlpha = ahead ? look.faint : 1;
      context.strokeStyle = runs[i].colour;
      context.stroke();
      marker(context, runs[i].marker, [x + look.font * 0.7, y], look.font * 0.34, runs[i].colour, look.casing);
      context.globalAlpha = 1;
      label(context, names[i], [x + 1.3 * look.font, y], { colour: ahead ? look.muted : look.text, casing: look.casing, font: ahead ? faint : font });
    }
    context.restore();
  }

  get zoomed() {
    return this.axes.some(({ range: [low, high] }, i) => Math.abs(this.whole[i][0] - low) + Math.abs(this.whole[i][1] - high) > 1e-6 * (high - low));
  }

  // A click anywhere sets the start; the start marker can be dragged. In a part of the view a double click shows all of it,
  // so there a click waits for whether another one comes.
  listen() {
    const { element } = this;
    const pixel = (event) => {
      const area = this.plot.getBoundingClientRect(), touch = event.touches?.[0] ?? event;
      return [touch.clientX - area.left, touch.clientY - area.top];
    };
    const onStart = (event) => {
      const start = this.stage.start;
      // The second press of a double click meets the start that the first one has just set there.
      if (!start || !this.axes || event.timeStamp - clicked < TWICE || event.target.closest?.(".modebar")) return false;
      const [x, y] = this.toPixel(...start), [px, py] = pixel(event);
      return Math.hypot(px - x, py - y) < REACH;
    };
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    let press = null, clicked = 0, waiting = 0;
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      press = pixel(event);
      document.activeElement?.blur(); // a slider that was used before would keep the keys
      if (!onStart(event)) return;
      this.start = this.stage.start;
      this.hover(null); // what lies under a resting pointer is left behind
      element.setPointerCapture(event.pointerId);
      swallow(event);
    }, true);
    for (const kind of ["mousedown", "touchstart"])
      element.addEventListener(kind, (event) => { if (this.start || onStart(event)) swallow(event); }, { capture: true, passive: false });
    element.addEventListener("pointermove", (event) => {
      if (!this.start) return this.hover(pixel(event), onStart(event));
      this.start = this.toPoint(pixel(event));
      this.paint();
      this.stage.moveStart(this.start);
    }, true);
    for (const kind of ["pointerup", "pointercancel"])
      element.addEventListener(kind, () => {
        if (!this.start) return;
        this.stage.moveStart(this.start, true);
        this.start = press = null;
      }, true);
    element.addEventListener("pointerleave", () => this.hover(null));
    element.addEventListener("click", (event) => {
      if (!press || !this.axes || event.target.closest(".modebar")) return;
      const [x, y] = pixel(event), [left, top, right, bottom] = this.box;
      if (Math.hypot(x - press[0], y - press[1]) > 4 || x < left || x > right || y < top || y > bottom) return;
      clicked = event.timeStamp;
      clearTimeout(waiting);
      if (event.detail > 1) return;
      const start = this.toPoint([x, y]), set = () => this.stage.moveStart(start, true);
      if (this.zoomed) waiting = setTimeout(set, TWICE);
      else set();
    }, true);
  }

  hover(pixel, onStart = false) {
    this.element.classList.toggle("grab", onStart);
    const said = pixel && this.axes && this.projected && this.holds(pixel) && !this.element.querySelector(".plot .zoombox") ? this.said(pixel) : null;
    this.tip.show(pixel, said);
  }

  // What is under the pointer: an iterate, a marked point, or the landscape.
  said(pixel) {
    const found = this.tip.nearest(pixel, this.projected), mark = !found && this.marks.find(({ x, y }) => away(this.toPixel(x, y), pixel) < NEAR);
    return found ? this.tip.iterate(found) : mark ? this.tip.mark(mark) : this.tip.ground(...this.toPoint(pixel));
  }
}

const around = ([x, y], radius) => [x - radius, y - radius, x + radius, y + radius];

// How many of the points belong to steps up to the playhead.
function reached(steps, playhead) {
  const count = steps.findIndex((step) => step > playhead);
  return count < 0 ? steps.length : count;
}
