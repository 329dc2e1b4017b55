// A trail: a line that grows with the playhead. What was drawn of it is kept on a canvas of its own, so that a frame of
// the playback strokes only what is new and copies the rest.

import { SOFT, pen, trace } from "./ink.js";

const PIECE = 24; // points that a frame strokes anew, until they are kept

export class Trail {
  // `points` are pixels, null where the pen lifts. Nothing outside `box` [left, top, right, bottom] is seen.
  constructor(points, ink, box) {
    this.points = points;
    this.ink = ink;
    this.kept = 0;
    const room = ink.width + 4, seen = points.filter((point) => point && point[0] > box[0] - room && point[0] < box[2] + room && point[1] > box[1] - room && point[1] < box[3] + room);
    this.length = new Float64Array(points.length); // since the pen went down, so that dashes go on where they were
    points.forEach((point, j) => {
      const before = points[j - 1];
      if (point && before) this.length[j] = this.length[j - 1] + Math.hypot(point[0] - before[0], point[1] - before[1]);
    });
    // A long segment may cross the box with both of its ends outside.
    this.box = points.some((point, j) => point && points[j - 1] && this.length[j] - this.length[j - 1] > room) ? box : around(seen, room, box);
  }

  // Paint the first `count` points, and from there to the head if there is one.
  paint(context, count, head = null) {
    const { points, ink } = this, piece = ink.alpha < 1 ? 0 : PIECE; // pieces of a transparent line would show where they meet
    if (count < this.kept) this.forget();
    if (count - this.kept > piece) this.keep(context, count);
    const from = Math.max(0, this.kept - 1), tail = points.slice(from, count);
    if (head && tail.at(-1)) tail.push(head);
    const path = tail.length > 1 && trace(tail);
    if (path && ink.casing) pen(context, { ...ink, colour: ink.casing, width: ink.width + 2.5, dash: "solid" }, path);
    if (this.canvas) {
      const ratio = context.getTransform().a, [left, top] = this.corner;
      context.save();
      context.globalAlpha = ink.alpha ?? 1;
      context.drawImage(this.canvas, left / ratio, top / ratio, this.canvas.width / ratio, this.canvas.height / ratio);
      context.restore();
    }
    if (path) pen(context, ink, path, this.length[from]);
  }

  forget() {
    this.kept = 0;
    this.paper?.clearRect(-1e5, -1e5, 2e5, 2e5);
  }

  keep(context, count) {
    const { points, ink, box } = this, ratio = context.getTransform().a;
    const from = Math.max(0, this.kept - 1), path = trace(points.slice(from, count));
    this.kept = count;
    if (!this.canvas) {
      this.corner = [Math.floor(box[0] * ratio), Math.floor(box[1] * ratio)];
      this.canvas = new OffscreenCanvas(Math.max(1, Math.ceil(box[2] * ratio) - this.corner[0]), Math.max(1, Math.ceil(box[3] * ratio) - this.corner[1]));
      this.paper = this.canvas.getContext("2d", SOFT);
      this.paper.setTransform(ratio, 0, 0, ratio, -this.corner[0], -this.corner[1]);
    }
    const opaque = { ...ink, alpha: 1 };
    if (ink.casing) { // below the whole line, also below what was drawn before
      this.paper.globalCompositeOperation = "destination-over";
      pen(this.paper, { ...opaque, colour: ink.casing, width: ink.width + 2.5, dash: "solid" }, path);
      this.paper.globalCompositeOperation = "source-over";
    }
    pen(this.paper, opaque, path, this.length[from]);
  }
}

function around(points, room, [left, top, right, bottom]) {
  const [x0, y0, x1, y1] = points.reduce(([a, b, c, d], [x, y]) => [Math.min(a, x), Math.min(b, y), Math.max(c, x), Math.max(d, y)], [right, bottom, left, top]);
  return [Math.max(left, x0 - room), Math.max(top, y0 - room), Math.min(right, x1 + room), Math.min(bottom, y1 + room)];
}
