// Interpolation: the loss and its gradient between the points of a grid, by the cubics that agree with both there.

import { decode } from "./packed.js";

const SINGLE = 1e-7; // the last digit of the numbers of a grid

export class Grid {
  // A contour trace as the server sends it: x, y and in customdata the loss and the gradient at each of their points.
  constructor({ x, y, customdata }) {
    [this.x, this.y, this.values] = [x, y, customdata].map(({ dtype, bdata }) => decode(dtype === "f8" ? `f8:${bdata}` : bdata));
  }

  // The loss and the two parts of the gradient, each as [value, error]; null outside the grid, and where a loss around
  // is no number. The error is how far cubics over cells twice as wide are away, which are off by more: a narrow valley
  // may lie between the points of a wide grid, and then there is no digit to show. (Waves that repeat from point to point
  // are seen neither here nor on the plot.)
  at(x, y) {
    const [i, j] = [cell(this.x, x), cell(this.y, y)];
    if (i === null || j === null) return null;
    const found = this.cubics(place(this.x, x, i, 1), place(this.y, y, j, 1));
    if (!Number.isFinite(found[0])) return null;
    const wider = wide(this.x, i).flatMap((i) => wide(this.y, j).map((j) => this.cubics(place(this.x, x, i, 2), place(this.y, y, j, 2)))).filter(([loss]) => Number.isFinite(loss));
    const rounding = SINGLE * Math.max(...[0, 1].flatMap((a) => [0, 1].map((b) => Math.abs(this.value(i + a, j + b, 0)))));
    const steps = [1, this.x[1] - this.x[0], this.y[1] - this.y[0]];
    return found.map((value, part) => [value, wider.length ? Math.max(...wider.map((other) => Math.abs(other[part] - value))) + rounding / steps[part] : Infinity]);
  }

  // By the values and slopes at the four corners of a cell.
  cubics(across, up) {
    const found = [0, 0, 0];
    for (const a of [0, 1])
      for (const b of [0, 1]) {
        const i = across.index + a * across.width, j = up.index + b * up.width, [value, slope] = [across.value[a], across.slope[a]], [value2, slope2] = [up.value[b], up.slope[b]];
        const [loss, gx, gy] = [0, 1, 2].map((part) => this.value(i, j, part)), fx = gx * across.step, fy = gy * up.step, fxy = this.twist(i, j) * across.step * up.step;
        const along = (one, other, one2, other2) => loss * one * one2 + fx * other * one2 + fy * one * other2 + fxy * other * other2;
        found[0] += along(value, slope, value2, slope2);
        found[1] += along(across.valueRate[a], across.slopeRate[a], value2, slope2) / across.step;
        found[2] += along(value, slope, up.valueRate[b], up.slopeRate[b]) / up.step;
      }
    return found;
  }

  value(i, j, part) { return this.values[3 * (j * this.x.length + i) + part]; }

  // The mixed second derivative, from the gradients of the neighbours.
  twist(i, j) {
    const { x, y } = this, [left, right] = [Math.max(i - 1, 0), Math.min(i + 1, x.length - 1)], [low, high] = [Math.max(j - 1, 0), Math.min(j + 1, y.length - 1)];
    const found = ((this.value(right, j, 2) - this.value(left, j, 2)) / (x[right] - x[left]) + (this.value(i, high, 1) - this.value(i, low, 1)) / (y[high] - y[low])) / 2;
    return Number.isFinite(found) ? found : 0;
  }
}

// Of the lines around a coordinate the first; null outside.
function cell(lines, at) {
  const last = lines.length - 1, whole = ((at - lines[0]) / (lines[last] - lines[0])) * last;
  return whole > -1e-9 && whole < last + 1e-9 ? Math.max(0, Math.min(Math.floor(whole), last - 1)) : null;
}

// The first lines of the cells twice as wide that hold a cell.
const wide = (lines, index) => [index - 1, index].filter((first) => first >= 0 && first + 2 < lines.length);

// What the values and the slopes at both ends of a cell count at a coordinate in it (Hermite's cubics).
function place(lines, at, index, width) {
  const step = (width * (lines[lines.length - 1] - lines[0])) / (lines.length - 1), t = (at - lines[index]) / step, s = 1 - t;
  return {
    index, width, step,
    value: [(1 + 2 * t) * s * s, t * t * (3 - 2 * t)],
    slope: [t * s * s, -t * t * s],
    valueRate: [-6 * t * s, 6 * t * s],
    slopeRate: [s * (1 - 3 * t), t * (3 * t - 2)],
  };
}
