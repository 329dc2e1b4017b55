// The cloud of gradients: every sample's gradient at the playhead, the batch's mean and the whole one, and how far one
// sample and one batch scatter: in the plane of ∂f/∂(weight) and ∂f/∂(bias), and as arrows against them over the contours.

import { arrow, label, line, pen, sheet } from "./ink.js";
import { Axes, rounded } from "./axes.js";
import { number, swatch } from "./numbers.js";

const MOST_ARROWS = 100; // of single samples over the contours
const ROOM = 0.3; // of the plot: what the arrows may be long

export class Cloud {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
    this.canvas = element.querySelector("canvas");
    this.said = element.querySelector(".said");
    this.table = element.querySelector(".spread");
    this.why = element.querySelector(".why");
    this.scaled = stage.home.querySelector(".scale");
    this.words = document.createElement("span");
  }

  paint() {
    const { stage, canvas } = this, { runs, focus, seen: run, look, glimpses } = stage, frame = glimpses.shown;
    this.element.hidden = !runs[focus];
    if (!canvas.clientWidth || !look.family) return;
    this.say(run, frame);
    if (!stage.on("gradients")) this.scaled.textContent = "";
    const context = sheet(canvas);
    if (!run || !frame) return;
    const range = this.reach(frame).map((far) => [-far, far]), size = [canvas.clientWidth, canvas.clientHeight];
    const axes = new Axes(context, size, range, { look, titles: stage.data.message.slopes });
    axes.paint({ zero: true });
    axes.within(() => this.draw(context, axes, frame, run));
  }

  draw(context, axes, frame, run) {
    const { look, texts } = this.stage, { each: [gx, gy], samples, batch, whole, sample_ellipse, batch_ellipse } = frame;
    const pixels = (columns) => Array.from(columns[0], (x, i) => axes.toPixel([x, columns[1][i]])), radius = (look.marker / 7) * (gx.length > 300 ? 2 : 3);
    const dots = pixels([gx, gy]);
    fill(context, dots, radius, look.mark, 0.5);
    if (samples && samples.length < dots.length) fill(context, Array.from(samples, (i) => dots[i]), radius * 1.5, run.colour, 1, look.casing);
    if (sample_ellipse) line(context, pixels(sample_ellipse), { colour: look.mark, width: look.line * 0.6, dash: "dash" });
    if (batch_ellipse) line(context, pixels(batch_ellipse), { colour: run.colour, width: look.line * 0.8, casing: look.casing });
    const origin = axes.toPixel([0, 0]);
    const ends = [[whole, look.text, "solid", texts.wholeGradient], [batch, run.colour, "dot", texts.batchGradient]].filter(([end]) => end);
    const font = `600 ${look.font}px ${look.family}`, tips = ends.map(([end]) => axes.toPixel(end));
    ends.forEach(([, colour, dash, text], i) => {
      arrow(context, origin, tips[i], { colour, casing: look.casing, width: look.line, dash });
      // The higher of two tips has its name above it, the other one below.
      const above = ends.length === 1 || tips[i][1] < tips[1 - i][1] || (tips[i][1] === tips[1 - i][1] && i === 0), left = tips[i][0] < origin[0];
      const [x0, y0, x1, y1] = axes.box, y = Math.max(y0 + look.font, Math.min(tips[i][1] + (above ? -1 : 1) * look.font, y1 - look.font));
      context.font = font;
      const room = context.measureText(text).width + 12, place = left ? Math.max(tips[i][0] - 6, x0 + room) : Math.min(tips[i][0] + 6, x1 - room);
      label(context, text, [place, y], { colour, casing: look.casing, font, align: left ? "right" : "left" });
    });
  }

  paintOver(context, plane) {
    const told = this.arrows(context, plane) ?? "";
    if (this.scaled.textContent !== told) this.scaled.textContent = told;
  }

  // Arrows against the gradients at the iterate of the run in focus, on the plane. All have one scale, a round number: each
  // is as long as the step that plain descent would take with that learning rate. Returns what tells it.
  arrows(context, plane) {
    const { seen: run, look, texts, glimpses } = this.stage, frame = glimpses.shown;
    if (!run || !frame) return;
    const { k, exact, samples, batch, whole, sample_ellipse, batch_ellipse, each: [gx, gy] } = frame, x = run.x[k], y = run.y[k];
    const here = plane.toPixel(x, y), [right, up] = plane.toPixel(x + 1, y + 1).map((place, i) => place - here[i]);
    const away = ([dx, dy]) => Math.hypot(dx * right, dy * up), of = (i) => [gx[i], gy[i]];
    const lengths = Array.from(gx, (_, i) => away(of(i))).filter(Number.isFinite).sort((a, b) => a - b);
    const longest = Math.max(lengths[Math.floor(0.9 * (lengths.length - 1))] ?? 0, ...[whole, batch].filter(Boolean).map(away));
    if (!(longest > 0 && Number.isFinite(longest))) return;
    const [left, top, end, bottom] = plane.box, room = ROOM * Math.min(end - left, bottom - top);
    if (!(longest * this.scale <= room && longest * this.scale > 0.3 * room)) this.scale = 1 / rounded(longest / room);
    const { scale } = this, tip = ([dx, dy]) => [here[0] - scale * dx * right, here[1] - scale * dy * up];
    const every = Math.ceil(gx.length / MOST_ARROWS), shown = Array.from({ length: Math.ceil(gx.length / every) }, (_, i) => i * every);
    const chosen = samples && samples.length < gx.length ? Array.from(samples).filter((_, i) => i % Math.ceil(samples.length / MOST_ARROWS) === 0) : [];
    thin(context, here, shown.map((i) => tip(of(i))), { colour: look.mark, width: look.line * 0.4, alpha: exact ? 0.5 : 0.2 });
    const told = (every > 1 ? texts.someArrows : texts.allArrows).replace("{scale}", number(scale)).replace("{shown}", shown.length).replace("{n}", gx.length);
    if (!exact) return told;
    thin(context, here, chosen.map((i) => tip(of(i))), { colour: run.colour, width: look.line * 0.6, alpha: 0.9 });
    const around = ([ex, ey]) => Array.from(ex, (value, i) => tip([value, ey[i]]));
    if (sample_ellipse) line(context, around(sample_ellipse), { colour: look.mark, width: look.line * 0.5, dash: "dash" });
    if (batch_ellipse) line(context, around(batch_ellipse), { colour: run.colour, width: look.line * 0.6, casing: look.casing });
    plane.write(context, told, [[left, bottom - look.font]], 8);
    for (const [gradient, colour, dash, text, side] of [[whole, look.text, "solid", texts.wholeGradient, -1], [batch, run.colour, "dot", texts.batchGradient, 1]]) {
      if (!gradient) continue;
      const [a, b] = tip(gradient);
      arrow(context, here, [a, b], { colour, casing: look.casing, width: look.line * 1.2, dash });
      if (Math.hypot(a - here[0], b - here[1]) > 2 * look.marker) plane.write(context, text, [1, -1, 2.2, -2.2, 3.4].map((n) => [a, b + side * n * look.font]), 6);
    }
    return told;
  }

  // How far each axis goes to both sides, a round number: it changes only when the cloud leaves it or has shrunk in it.
  reach({ each, batch, whole, sample_ellipse }) {
    const needed = each.map((column, axis) => {
      // A few samples far out must not press the others together.
      const far = Array.from(column, Math.abs).filter(Number.isFinite).sort((a, b) => a - b);
      const ends = [far[Math.floor(0.95 * (far.length - 1))], whole?.[axis], batch?.[axis], ...(sample_ellipse?.[axis] ?? [])];
      return 1.08 * Math.max(...ends.map(Math.abs).filter(Number.isFinite), 1e-300);
    });
    const least = 1e-9 * Math.max(...needed); // what rounding leaves of a slope that is 0
    this.held = needed.map((far, axis) => (far <= this.held?.[axis] && far > 0.3 * this.held[axis] ? this.held[axis] : rounded(Math.max(far, least))));
    return this.held;
  }

  say(run, frame) {
    if (this.said.run !== run) {
      this.said.run = run;
      this.said.replaceChildren(...(run ? [swatch(run), this.words] : []));
    }
    const text = frame?.text ?? "";
    if (this.words.textContent !== text) this.words.textContent = text;
    this.element.classList.toggle("late", Boolean(frame) && !frame.exact);
    this.tabulate(this.stage.question ? null : frame?.spread); // which may be what is asked for
  }

  // How far the gradients of batches lie from the whole one here.
  tabulate(spread) {
    if (this.tabulated === spread) return;
    this.tabulated = spread;
    this.why.textContent = spread?.why ?? "";
    const { texts } = this.stage, { sizes, predicted, predicted_as, measured } = spread ?? {};
    const rows = spread ? [[texts.spreadSize, sizes.map(String)], [texts.spreadMeasured, sizes.map((_, i) => (measured ? number(measured[i], 4) : "…"))], [predicted_as, predicted.map((value) => number(value, 4))]] : [];
    this.table.replaceChildren(...rows.map(([name, values], i) => {
      const line = document.createElement("tr"), cell = (kind, textContent, scope) => Object.assign(document.createElement(kind), { textContent, ...(scope && { scope }) });
      line.append(cell("th", name, "row"), ...values.map((value) => (i ? cell("td", value) : cell("th", value, "col"))));
      return line;
    }));
  }
}

// Thin arrows from one place, as one path.
function thin(context, [x, y], tips, ink) {
  const path = new Path2D();
  for (const [a, b] of tips) {
    const length = Math.hypot(a - x, b - y), head = Math.min(7, length / 2), [u, v] = [(a - x) / length, (b - y) / length];
    if (!(length > 1 && length < 1e5)) continue;
    path.moveTo(x, y);
    path.lineTo(a, b);
    path.moveTo(a - head * (u + 0.5 * v), b - head * (v - 0.5 * u));
    path.lineTo(a, b);
    path.lineTo(a - head * (u - 0.5 * v), b - head * (v + 0.5 * u));
  }
  pen(context, ink, path);
}

// Dots in one colour as one path, for there may be thousands.
function fill(context, points, radius, colour, alpha, casing) {
  const path = new Path2D();
  for (const point of points) {
    if (!point || !Number.isFinite(point[0] + point[1])) continue;
    path.moveTo(point[0] + radius, point[1]);
    path.arc(...point, radius, 0, 2 * Math.PI);
  }
  context.save();
  context.globalAlpha *= alpha;
  if (casing) {
    context.strokeStyle = casing;
    context.lineWidth = 2.5;
    context.stroke(path);
  }
  context.fillStyle = colour;
  context.fill(path);
  context.restore();
}
