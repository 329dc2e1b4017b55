// Axes: ticks, titles and a frame on a canvas, for what changes too often to be a figure of Plotly's.

import { number } from "./numbers.js";

export class Axes {
  // The range [low, high] of each axis.
  constructor(context, [width, height], [across, up], { look, titles }) {
    Object.assign(this, { context, look, titles });
    const size = (this.size = look.projector ? 18 : 12), bottom = height - 2.9 * size, top = 8;
    context.font = this.font;
    const labels = ticks(up, (bottom - top) / (3.4 * size)).map(written), widest = Math.max(...labels.map((text) => context.measureText(text).width));
    const left = widest + 2.2 * size, right = width - 12;
    this.box = [left, top, right, bottom];
    this.range = [across, up];
  }

  get font() { return `${this.size}px ${this.look.family}`; }

  toPixel([x, y]) {
    const [left, top, right, bottom] = this.box, [[x0, x1], [y0, y1]] = this.range;
    return [left + ((x - x0) / (x1 - x0)) * (right - left), bottom - ((y - y0) / (y1 - y0)) * (bottom - top)];
  }

  toPoint([x, y]) {
    const [left, top, right, bottom] = this.box, [[x0, x1], [y0, y1]] = this.range;
    return [x0 + ((x - left) / (right - left)) * (x1 - x0), y0 + ((bottom - y) / (bottom - top)) * (y1 - y0)];
  }

  holds([x, y]) {
    const [left, top, right, bottom] = this.box;
    return x >= left && x <= right && y >= top && y <= bottom;
  }

  paint({ zero = false } = {}) {
    const { context, look, size, box: [left, top, right, bottom], range: [across, up] } = this;
    context.save();
    context.fillStyle = look.panel;
    context.fillRect(left, top, right - left, bottom - top);
    context.font = this.font;
    context.fillStyle = look.muted;
    context.strokeStyle = look.rule;
    context.lineWidth = 1;
    const stroke = (x0, y0, x1, y1) => { context.beginPath(); context.moveTo(x0, y0); context.lineTo(x1, y1); context.stroke(); };
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of ticks(across, (right - left) / (5 * size))) {
      const [x] = this.toPixel([tick, up[0]]), text = written(tick), half = context.measureText(text).width / 2;
      stroke(x, bottom, x, bottom + 5);
      context.fillText(text, Math.min(x, right + 10 - half), bottom + 7);
    }
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of ticks(up, (bottom - top) / (3.4 * size))) {
      const [, y] = this.toPixel([across[0], tick]);
      stroke(left - 5, y, left, y);
      context.fillText(written(tick), left - 7, Math.max(y, size / 2));
    }
    stroke(left, top, left, bottom);
    stroke(left, bottom, right, bottom);
    if (zero) { // both axes through the origin
      const [x, y] = this.toPixel([0, 0]);
      context.strokeStyle = look.muted;
      if (x >= left && x <= right) stroke(x, top, x, bottom);
      if (y >= top && y <= bottom) stroke(left, y, right, y);
    }
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.fillText(this.title(0, right - left), (left + right) / 2, bottom + 2.75 * size, right - left);
    context.translate(1, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.textBaseline = "top";
    context.fillText(this.title(1, bottom - top), 0, 0, bottom - top);
    context.restore();
  }

  // Of the titles for an axis, the first that has room, or the last.
  title(axis, room) {
    const titles = [this.titles[axis]].flat();
    return titles.find((text) => this.context.measureText(text).width <= room) ?? titles.at(-1);
  }

  // Paint inside the frame only.
  within(paint) {
    const { context, box: [left, top, right, bottom] } = this;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    paint();
    context.restore();
  }
}

// The smallest of 1, 2, 5, 10, 20, … that is no smaller than a size.
export function rounded(size) {
  const decade = 10 ** Math.floor(Math.log10(size));
  return decade * [1, 2, 5, 10].find((part) => part * decade >= size * (1 - 1e-9));
}

// Round numbers in a range, about `count` of them.
export function ticks([low, high], count) {
  const step = rounded((high - low) / Math.max(2, count)), found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(i * step);
  return found;
}

const written = (tick) => number(Number(tick.toPrecision(12)), 6);
