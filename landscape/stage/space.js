// The space: the surface in three dimensions. Plotly draws the surface; the paths are projected with the camera's own
// matrices and painted on a canvas above it, so that playback and a new path cost no WebGL frame.

import { marker, sheet } from "./ink.js";
import { Trail } from "./trail.js";

export class Space {
  constructor(element, stage) {
    this.stage = stage;
    this.plot = element.querySelector(".plot");
    this.canvas = element.querySelector("canvas");
  }

  async draw(figure) {
    this.grid = null;
    if (!figure) { // nothing has a height
      window.Plotly.purge(this.plot);
      sheet(this.canvas);
      this.followed = null;
      return;
    }
    await window.Plotly.react(this.plot, figure.data, figure.layout, figure.config);
    this.follow();
    this.grid = this.plot._fullData?.find((trace) => trace.type === "surface");
    this.changed();
  }

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
      context.globalAlpha = this.visible(camera.eye, x, y, z) ? 1 : 0.45;
      marker(context, run.marker, camera.pixel(x, y, z), look.marker, run.colour, look.casing);
    }
    context.globalAlpha = 1;
  }

  // The whole of each path, which shines through the surface, and over it the past of what is seen before the surface.
  project({ eye, pixel }) {
    const { runs, look } = this.stage, box = [0, 0, this.canvas.clientWidth, this.canvas.clientHeight];
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
        whole: new Trail(points, { ...ink, alpha: look.faint, width: look.line * 0.75 }, box),
        seen: new Trail(seen, { ...ink, casing: look.casing }, box),
      };
    });
  }

  inside(run, k) {
    const { x, y } = this.grid, last = x.length - 1, bottom = y.length - 1;
    return run.x[k] >= x[0] && run.x[k] <= x[last] && run.y[k] >= y[0] && run.y[k] <= y[bottom] && Number.isFinite(run.height[k]);
  }

  // Where the camera stands, and the pixel at which it sees a point.
  camera(scene) {
    const { model, view, projection } = scene.glplot.cameraParams, scale = scene.dataScale, whole = [model, view, projection].reduce((a, b) => multiply(b, a));
    const box = scene.container.getBoundingClientRect(), home = this.canvas.getBoundingClientRect(), left = box.left - home.left, top = box.top - home.top;
    const pixel = (x, y, z) => {
      const clip = transform([x * scale[0], y * scale[1], z * scale[2], 1], whole);
      return [left + ((clip[0] / clip[3] + 1) / 2) * box.width, top + ((1 - clip[1] / clip[3]) / 2) * box.height];
    };
    // The eye is where the inverse of view · model sends the origin.
    const [x, y, z, w] = transform([0, 0, 0, 1], invert(multiply(view, model)));
    return { pixel, eye: [x / w / scale[0], y / w / scale[1], z / w / scale[2]] };
  }

  // Is a point on the surface seen, or does a hill stand before it? A march towards the eye over the grid of heights.
  visible([ex, ey, ez], x, y, z) {
    const { grid } = this, columns = grid.x.length, rows = grid.y.length, heights = grid._height ??= flat(grid);
    const column = (v) => ((v - grid.x[0]) / (grid.x[columns - 1] - grid.x[0])) * (columns - 1);
    const row = (v) => ((v - grid.y[0]) / (grid.y[rows - 1] - grid.y[0])) * (rows - 1);
    const u0 = column(x), v0 = row(y), du = column(ex) - u0, dv = row(ey) - v0, dz = ez - z;
    const length = Math.hypot(du, dv) || 1, slack = 0.02 * heights.range;
    for (let s = 3; s < columns + rows; s += 2) {
      const t = s / length, u = u0 + t * du, v = v0 + t * dv;
      if (t >= 1 || u < 0 || v < 0 || u > columns - 1 || v > rows - 1) return true;
      if (heights.values[Math.round(v) * columns + Math.round(u)] > z + t * dz + slack) return false;
    }
    return true;
  }
}

function flat(grid) {
  const values = Float32Array.from(Array.from(grid.z).flatMap((row) => Array.from(row)));
  let low = Infinity, high = -Infinity;
  for (const value of values) if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); }
  return { values, range: high - low };
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
