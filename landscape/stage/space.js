// The space: the surface in three dimensions. Plotly draws the surface; the paths and the marked points are projected with
// the camera's own matrices and painted on a canvas above it, so that playback and a new path cost no WebGL frame.

import { heights } from "./height.js";
import { mark, marker, sheet } from "./ink.js";
import { toPlace } from "./numbers.js";
import { react } from "./plotly.js";
import { NEAR, Tip, away } from "./tip.js";
import { Trail } from "./trail.js";

const BEHIND = 0.45; // how much is seen of what is behind a hill

export class Space {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
    this.plot = element.querySelector(".plot");
    this.canvas = element.querySelector("canvas");
    this.tip = new Tip(element, stage);
    this.listen();
  }

  async draw(figure) {
    this.grid = null;
    if (!figure) { // nothing has a height
      window.Plotly.purge(this.plot);
      sheet(this.canvas);
      this.followed = null;
      this.tip.show();
      return;
    }
    this.keepCamera();
    await react(this.plot, figure.data, figure.layout, figure.config);
    this.follow();
    this.grid = this.plot._fullData?.find((trace) => trace.type === "surface");
    this.changed();
  }

  // Plotly notes the camera when the hand lets go, before the last of a turn is drawn. What makes it draw anew would turn
  // the scene back to what is noted.
  keepCamera() { this.scene?.saveLayout(this.plot.layout); }

  // The scene calls onrender after each of its frames: the canvas turns with the camera.
  follow() {
    const view = this.plot._fullLayout?.scene?._scene?.glplot;
    if (!view || view === this.followed) return;
    this.followed = view;
    const render = view.onrender;
    view.onrender = () => { render?.(); this.changed(); };
  }

  changed() {
    this.projected = null;
    this.paint();
  }

  get scene() {
    const scene = this.plot._fullLayout?.scene?._scene;
    return scene?.glplot?.cameraParams && scene.dataScale ? scene : null;
  }

  paint() {
    const scene = this.scene;
    if (!scene || !this.grid || !this.canvas.clientWidth) return;
    const context = sheet(this.canvas), { runs, look, focus, veiled } = this.stage, camera = this.camera(scene);
    this.projected ??= this.project(camera);
    for (const { symbol, pixel, visible } of this.marks) {
      context.globalAlpha = visible ? 1 : BEHIND;
      mark(context, symbol, pixel, look);
    }
    context.globalAlpha = 1;
    const order = runs.map((_, i) => i).filter((i) => runs[i].visible).sort((a, b) => (a === focus) - (b === focus));
    for (const i of order) {
      const { steps, seen, whole } = this.projected[i], next = steps.findIndex((step) => step > runs[i].frame), count = next < 0 ? steps.length : next;
      whole.paint(context, veiled ? count : steps.length);
      seen.paint(context, count);
    }
    for (const i of order) {
      const run = runs[i], k = run.frame, low = Math.floor(k), high = Math.min(low + 1, run.steps), part = k - low;
      if (!this.inside(run, low)) continue;
      const mix = (values) => values[low] + part * (values[high] - values[low]);
      const x = mix(run.x), y = mix(run.y), z = mix(run.height);
      context.globalAlpha = this.visible(camera.eye, x, y, z) ? 1 : BEHIND;
      marker(context, run.marker, camera.pixel(x, y, z), look.marker, run.colour, look.casing);
    }
    context.globalAlpha = 1;
  }

  // The whole of each path, which shines through the surface, and over it the past of what is seen before the surface.
  project({ eye, pixel }) {
    const { runs, look, plane, scene } = this.stage, box = [0, 0, this.canvas.clientWidth, this.canvas.clientHeight];
    this.marks = plane.marks.map((each) => {
      const { x, y } = each, [z] = heights([plane.grid.at(x, y)?.[0][0] ?? NaN], scene.height);
      return { ...each, pixel: pixel(x, y, z), visible: this.visible(eye, x, y, z) };
    });
    return runs.map((run) => {
      const points = [], steps = [], seen = [];
      let last = null, wasVisible = null;
      for (let k = 0; k <= run.steps; k++) {
        const point = this.inside(run, k) ? pixel(run.x[k], run.y[k], run.height[k]) : null;
        if (point && last && k !== run.steps && Math.hypot(point[0] - last[0], point[1] - last[1]) < 1) continue;
        const visible = point && this.visible(eye, run.x[k], run.y[k], run.height[k]);
        points.push(point);
        steps.push(k);
        // One point more where the path goes behind a hill, so that no gap opens.
        seen.push(visible || (point && wasVisible) ? point : null);
        last = point;
        wasVisible = point ? Boolean(visible) : null;
      }
      const ink = { colour: run.colour, width: look.line, dash: run.dash };
      return {
        steps,
        points: seen,
        whole: new Trail(points, { ...ink, alpha: look.faint, width: look.line * 0.75 }, box),
        seen: new Trail(seen, { ...ink, casing: look.casing }, box),
      };
    });
  }

  inside(run, k) {
    const { x, y } = this.grid, last = x.length - 1, bottom = y.length - 1;
    return run.x[k] >= x[0] && run.x[k] <= x[last] && run.y[k] >= y[0] && run.y[k] <= y[bottom] && Number.isFinite(run.height[k]);
  }

  // Where the camera stands, the pixel at which it sees a point, and the two ends of what it sees at a pixel.
  camera(scene) {
    const { model, view, projection } = scene.glplot.cameraParams, scale = scene.dataScale, whole = [model, view, projection].reduce((a, b) => multiply(b, a));
    const box = scene.container.getBoundingClientRect(), home = this.canvas.getBoundingClientRect(), left = box.left - home.left, top = box.top - home.top;
    const pixel = (x, y, z) => {
      const clip = transform([x * scale[0], y * scale[1], z * scale[2], 1], whole);
      return [left + ((clip[0] / clip[3] + 1) / 2) * box.width, top + ((1 - clip[1] / clip[3]) / 2) * box.height];
    };
    const back = invert(whole);
    const ray = ([left0, top0]) => [-1, 1].map((depth) => {
      const clip = [(2 * (left0 - left)) / box.width - 1, 1 - (2 * (top0 - top)) / box.height, depth, 1], [x, y, z, w] = transform(clip, back);
      return [x / w / scale[0], y / w / scale[1], z / w / scale[2]];
    });
    // The eye is where the inverse of view · model sends the origin.
    const [x, y, z, w] = transform([0, 0, 0, 1], invert(multiply(view, model)));
    return { pixel, ray, eye: [x / w / scale[0], y / w / scale[1], z / w / scale[2]] };
  }

  // The grid of heights, and where a coordinate lies in its columns and rows.
  get relief() {
    const { grid } = this, columns = grid.x.length, rows = grid.y.length;
    const place = (lines, v) => ((v - lines[0]) / (lines[lines.length - 1] - lines[0])) * (lines.length - 1);
    return { columns, rows, heights: (grid._height ??= flat(grid)), column: (x) => place(grid.x, x), row: (y) => place(grid.y, y) };
  }

  // Is a point on the surface seen, or does a hill stand before it? A march towards the eye over the grid of heights.
  visible([ex, ey, ez], x, y, z) {
    const { columns, rows, heights, column, row } = this.relief;
    const u0 = column(x), v0 = row(y), du = column(ex) - u0, dv = row(ey) - v0, dz = ez - z;
    const length = Math.hypot(du, dv) || 1, slack = 0.02 * heights.range;
    for (let s = 3; s < columns + rows; s += 2) {
      const t = s / length, u = u0 + t * du, v = v0 + t * dv;
      if (t >= 1 || u < 0 || v < 0 || u > columns - 1 || v > rows - 1) return true;
      if (heights.values[Math.round(v) * columns + Math.round(u)] > z + t * dz + slack) return false;
    }
    return true;
  }

  // The point of the surface that is seen at a pixel, or null: a march along the line of sight to where it goes through.
  under(pixel, { ray }) {
    const { grid } = this, { columns, rows, heights: { values, low, high }, column, row } = this.relief;
    const [near, far] = ray(pixel).map(([x, y, z]) => [column(x), row(y), z]), at = (t) => near.map((start, i) => start + t * (far[i] - start));
    const room = 0.01 * (high - low || Math.abs(high) || 1), parts = 2 * (columns + rows); // a flat surface has no height
    let from = 0, to = 1; // the part of it that is in the box
    [[0, columns - 1], [0, rows - 1], [low - room, high + room]].forEach((edges, i) => {
      const [enter, leave] = edges.map((edge) => (edge - near[i]) / (far[i] - near[i])).sort((a, b) => a - b);
      from = Math.max(from, enter);
      to = Math.min(to, leave);
    });
    const over = ([u, v, z]) => { // how far above the surface
      const i = Math.max(0, Math.min(Math.floor(u), columns - 2)), j = Math.max(0, Math.min(Math.floor(v), rows - 2)), a = u - i, b = v - j;
      const [one, other] = [j, j + 1].map((k) => (1 - a) * values[k * columns + i] + a * values[k * columns + i + 1]);
      return z - (1 - b) * one - b * other;
    };
    if (!(from < to)) return null;
    const step = (to - from) / parts;
    for (let i = 1, before = over(at(from)); i <= parts; i++) {
      const t = from + i * step, now = over(at(t));
      if (before * now <= 0) {
        const [u, v] = at(t - step * (before === now ? 0 : now / (now - before))), along = (lines, place) => lines[0] + (place / (lines.length - 1)) * (lines[lines.length - 1] - lines[0]);
        return [[grid.x, u], [grid.y, v]].map(([lines, place]) => toPlace(along(lines, place), (along(lines, 1) - lines[0]) / 4));
      }
      before = now;
    }
    return null;
  }

  // A pointer over the surface, or a finger put on it, is told what is there; not while it turns the scene.
  listen() {
    const { element } = this, show = (event) => {
      const home = element.getBoundingClientRect(), pixel = [event.clientX - home.left, event.clientY - home.top];
      this.tip.show(pixel, this.said(pixel, event.target));
    };
    element.addEventListener("pointermove", (event) => {
      if (!event.buttons) show(event);
      else if (event.movementX || event.movementY) this.tip.show();
    });
    element.addEventListener("pointerdown", (event) => { if (event.pointerType === "touch") show(event); });
    element.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") this.tip.show(); }); // a finger leaves when it is lifted
    element.addEventListener("wheel", () => this.tip.show(), { passive: true });
  }

  said(pixel, target) {
    const { scene, projected, tip } = this;
    if (!scene || !projected || target.closest(".modebar")) return null;
    const found = tip.nearest(pixel, projected), mark = !found && this.marks.find((each) => each.visible && away(each.pixel, pixel) < NEAR);
    if (found || mark) return found ? tip.iterate(found) : tip.mark(mark);
    const place = this.under(pixel, this.camera(scene));
    return place && tip.ground(...place);
  }
}

function flat(grid) {
  const values = Float32Array.from(Array.from(grid.z).flatMap((row) => Array.from(row)));
  let low = Infinity, high = -Infinity;
  for (const value of values) if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); }
  return { values, low, high, range: high - low };
}

// Matrices are columns of four, as in OpenGL.
function transform(v, m) {
  return [0, 1, 2, 3].map((i) => m[i] * v[0] + m[4 + i] * v[1] + m[8 + i] * v[2] + m[12 + i] * v[3]);
}

function multiply(a, b) {
  return [0, 1, 2, 3].flatMap((column) => transform(b.slice(4 * column, 4 * column + 4), a));
}

function invert(m) { // by Gauss-Jordan elimination with pivots
  const rows = [0, 1, 2, 3].map((i) => [m[i], m[4 + i], m[8 + i], m[12 + i], ...[0, 1, 2, 3].map((j) => Number(i === j))]);
  for (let i = 0; i < 4; i++) {
    const pivot = rows.slice(i).reduce((best, row) => (Math.abs(row[i]) > Math.abs(best[i]) ? row : best));
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(i, 0, pivot);
    rows[i] = rows[i].map((value) => value / pivot[i]);
    for (let j = 0; j < 4; j++) if (j !== i) { const factor = rows[j][i]; rows[j] = rows[j].map((value, c) => value - factor * rows[i][c]); }
  }
  return [4, 5, 6, 7].flatMap((column) => rows.map((row) => row[column]));
}
