// Interpolation: the loss and its gradient between the points of a grid, by the cubics that agree with both there.

import { decode } from "./packed.js";

export class Grid {
  // A contour trace as the server sends it: x, y and in customdata the loss and the gradient at each of their points.
  constructor({ x, y, customdata }) {
    [this.x, this.y, this.values] = [x, y, customdata].map(({ dtype, bdata }) => decode(dtype === "f8" ? `f8:${bdata}` : bdata));
  }

  // {loss, gradient}; null outside the grid, and where a loss around is no number.
  at(x, y) {
    const [across, up] = [place(this.x, x), place(this.y, y)];
    if (!across || !up) return null;
    const found = { loss: 0, gradient: [0, 0] };
    let size = 0;
    for (const a of [0, 1])
      for (const b of [0, 1]) {
        const i = across.index + a, j = up.index + b, [value, slope] = [across.value[a], across.slope[a]], [value2, slope2] = [up.value[b], up.slope[b]];
        const [loss, gx, gy] = [0, 1, 2].map((part) => this.value(i, j, part)), fx = gx * across.step, fy = gy * up.step, fxy = this.twist(i, j) * across.step * up.step;
        size = Math.max(size, Math.abs(loss));
        const along = (one, other, one2, other2) => loss * one * one2 + fx * other * one2 + fy * one * other2 + fxy * other * other2;
        found.loss += along(value, slope, value2, slope2);
        found.gradient[0] += along(across.valueRate[a], across.slopeRate[a], value2, slope2) / across.step;
        found.gradient[1] += along(value, slope, up.valueRate[b], up.slopeRate[b]) / up.step;
      }
    if (Math.abs(found.loss) < 1e-4 * size) found.loss = 0; // at a minimum of 0 the cubics may be a little below
    return Number.isFinite(found.loss) ? found : null;
  }

  value(i, j, part) { return this.values[3 * (j * this.x.length + i) + part]; }

  // The mixed second derivative, from the gradients of the neighbours.
  twist(i, j) {
    const { x, y } = this, [left, right] = [Math.max(i - 1, 0), Math.min(i + 1, x.length - 1)], [low, high] = [Math.max(j - 1, 0), Math.min(j + 1, y.length - 1)];
    const found = ((this.value(right, j, 2) - this.value(left, j, 2)) / (x[right] - x[left]) + (this.value(i, high, 1) - this.value(i, low, 1)) / (y[high] - y[low])) / 2;
    return Number.isFinite(found) ? found : 0;
  }
}

// Between which grid lines a coordinate is, and what the values and the slopes at both count there (Hermite's cubics).
function place(lines, at) {
  const last = lines.length - 1, step = (lines[last] - lines[0]) / last, whole = (at - lines[0]) / step;
  if (!(whole > -1e-9 && whole < last + 1e-9)) return null;
  const index = Math.max(0, Math.min(Math.floor(whole), last - 1)), t = whole - index, s = 1 - t;
  return {
    index, step,
    value: [(1 + 2 * t) * s * s, t * t * (3 - 2 * t)],
    slope: [t * s * s, -t * t * s],
    valueRate: [-6 * t * s, 6 * t * s],
    slopeRate: [s * (1 - 3 * t), t * (3 * t - 2)],
  };
}
