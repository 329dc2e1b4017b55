// Ink: how a path, a marker and an arrow look on a canvas. Positions are pixels already.

const SHAPES = {
  circle: (c, r) => c.arc(0, 0, r, 0, 2 * Math.PI),
  square: (c, r) => c.rect(-0.9 * r, -0.9 * r, 1.8 * r, 1.8 * r),
  diamond: (c, r) => polygon(c, [[0, -1.25 * r], [1.25 * r, 0], [0, 1.25 * r], [-1.25 * r, 0]]),
  "triangle-up": (c, r) => polygon(c, [[0, -1.2 * r], [1.15 * r, 0.9 * r], [-1.15 * r, 0.9 * r]]),
  "triangle-down": (c, r) => polygon(c, [[0, 1.2 * r], [1.15 * r, -0.9 * r], [-1.15 * r, -0.9 * r]]),
  cross: (c, r) => {
    const a = 0.45 * r, b = 1.25 * r;
    polygon(c, [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]);
  },
  star: (c, r) => polygon(c, Array.from({ length: 10 }, (_, i) => {
    const size = i % 2 ? 0.55 * r : 1.4 * r, angle = (Math.PI * (i - 2.5)) / 5;
    return [size * Math.cos(angle), size * Math.sin(angle)];
  })),
};

// The processor paints, and the picture is handed over once a frame: faster than many small strokes by a software GPU,
// and no slower than by another.
export const SOFT = { willReadFrequently: true };

const DASHES = { solid: [], dash: [9, 4], dot: [2, 4], dashdot: [9, 4, 2, 4], longdash: [15, 5], longdashdot: [15, 5, 2, 5] };

function polygon(context, corners) {
  corners.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

export function marker(context, shape, [x, y], radius, fill, casing) {
  context.save();
  context.translate(x, y);
  context.beginPath();
  SHAPES[shape](context, radius);
  context.lineWidth = Math.max(2, radius / 3);
  context.strokeStyle = casing;
  context.setLineDash([]);
  context.stroke();
  context.fillStyle = fill;
  context.fill();
  context.restore();
}

// Many of one kind: drawn once and copied, each to the nearest pixel.
export function markers(context, shape, points, radius, fill, casing) {
  const ratio = context.getTransform().a, size = Math.ceil(3.2 * radius + 4), key = [shape, radius, fill, casing, ratio].join();
  if (!stamps.has(key)) {
    const stamp = new OffscreenCanvas(2 * Math.ceil((size * ratio) / 2), 2 * Math.ceil((size * ratio) / 2)), paper = stamp.getContext("2d", SOFT);
    paper.translate(stamp.width / 2, stamp.height / 2);
    paper.scale(ratio, ratio);
    marker(paper, shape, [0, 0], radius, fill, casing);
    stamps.set(key, stamp);
  }
  const stamp = stamps.get(key), half = stamp.width / 2;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const [x, y] of points) context.drawImage(stamp, Math.round(x * ratio) - half, Math.round(y * ratio) - half);
  context.restore();
}

const stamps = new Map();

// A line through points; null lifts the pen. A casing keeps it readable over any ground.
export function line(context, points, { casing, ...ink }) {
  const path = trace(points);
  if (casing) pen(context, { ...ink, colour: casing, width: ink.width + 2.5, dash: "solid" }, path);
  pen(context, ink, path);
}

export function trace(points) {
  const path = new Path2D();
  let down = false;
  for (const point of points) {
    if (!point) down = false;
    else if (down) path.lineTo(point[0], point[1]);
    else { path.moveTo(point[0], point[1]); down = true; }
  }
  return path;
}

// Stroke a path whose dashes begin as if a line of some length lay before it.
export function pen(context, { colour, width, dash = "solid", alpha = 1 }, path, before = 0) {
  context.save();
  context.lineJoin = context.lineCap = "round";
  context.globalAlpha *= alpha;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(DASHES[dash].map((length) => (length * width) / 2.2));
  context.lineDashOffset = before;
  context.stroke(path);
  context.restore();
}

// What a closed line encloses, with "/" or "x" hatched over it.
export function area(context, points, fill, hatch, casing) {
  const path = trace(points);
  context.save();
  context.fillStyle = fill;
  context.fill(path);
  if (hatch) {
    context.clip(path);
    const inside = points.filter(Boolean), [xs, ys] = [0, 1].map((i) => inside.map((point) => point[i])), strokes = [];
    const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys), tall = bottom - top;
    for (let x = left - tall; x < right; x += 7) {
      strokes.push([x, bottom], [x + tall, top], null);
      if (hatch === "x") strokes.push([x, top], [x + tall, bottom], null);
    }
    line(context, strokes, { colour: casing, width: 1.2 });
  }
  context.restore();
}

// A pixel for every cell, the first row below: of the first colour, the second, or between.
export function picture({ shares, columns, colours, missing }) {
  const rows = shares.length / columns, paper = new OffscreenCanvas(columns, rows), context = paper.getContext("2d", SOFT);
  const [none, whole, other] = [...colours, missing].map((colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)));
  const pixels = context.createImageData(columns, rows);
  shares.forEach((share, i) => {
    const at = 4 * ((rows - 1 - Math.floor(i / columns)) * columns + (i % columns));
    for (let k = 0; k < 3; k++) pixels.data[at + k] = Number.isFinite(share) ? none[k] + share * (whole[k] - none[k]) : other[k];
    pixels.data[at + 3] = 255;
  });
  context.putImageData(pixels, 0, 0);
  return paper;
}

// That picture between two corners, the lower left and the upper right one, with gaps between the cells.
export function raster(context, paper, [[left, bottom], [right, top]], gap, colour) {
  context.save();
  context.imageSmoothingEnabled = false;
  context.drawImage(paper, left, top, right - left, bottom - top);
  context.restore();
  const across = (i) => left + (i / paper.width) * (right - left), down = (i) => top + (i / paper.height) * (bottom - top), rules = [];
  for (let i = 1; gap && i < paper.width; i++) rules.push([across(i), top], [across(i), bottom], null);
  for (let i = 1; gap && i < paper.height; i++) rules.push([left, down(i)], [right, down(i)], null);
  line(context, rules, { colour, width: gap });
}

// A minimum or a saddle point of the landscape, as Plotly draws them on the plane.
export function mark(context, symbol, [x, y], look) {
  const radius = 0.5 * look.font, arm = 0.7 * radius;
  if (symbol === "star") marker(context, symbol, [x, y], radius, look.casing, look.mark);
  else line(context, [[x - arm, y - arm], [x + arm, y + arm], null, [x - arm, y + arm], [x + arm, y - arm]], { colour: look.mark, casing: look.casing, width: 0.14 * look.font });
}

export function arrow(context, [x0, y0], [x1, y1], { colour, casing, width, dash = "solid" }) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 1) return;
  const ux = (x1 - x0) / length, uy = (y1 - y0) / length, head = Math.min(length, 5 * width);
  line(context, [[x0, y0], [x1 - ux * head * 0.7, y1 - uy * head * 0.7]], { colour, casing, width, dash });
  context.save();
  context.beginPath();
  polygon(context, [[x1, y1], [x1 - ux * head - uy * head * 0.5, y1 - uy * head + ux * head * 0.5],
    [x1 - ux * head + uy * head * 0.5, y1 - uy * head - ux * head * 0.5]]);
  context.lineWidth = 1.5;
  context.strokeStyle = casing;
  context.stroke();
  context.fillStyle = colour;
  context.fill();
  context.restore();
}

// Many arrows of one kind, each from the first to the last of its points, with a head of that length, or half its own:
// two strokes of the pen for all of them.
export function arrows(context, paths, size, { colour, width, alpha }) {
  const shafts = [], heads = new Path2D();
  for (const path of paths) {
    const [[x0, y0], [x1, y1]] = [path[0], path.at(-1)], length = Math.hypot(x1 - x0, y1 - y0), head = Math.min(length / 2, size);
    if (length < 1) continue;
    const ux = (x1 - x0) / length, uy = (y1 - y0) / length, x = x1 - ux * head, y = y1 - uy * head;
    const wide = Math.max(0.4 * head, 0.9 * width);
    shafts.push([x0, y0], [x1 - ux * head * 0.7, y1 - uy * head * 0.7], null);
    polygon(heads, [[x1, y1], [x - uy * wide, y + ux * wide], [x + uy * wide, y - ux * wide]]);
  }
  line(context, shafts, { colour, width, alpha });
  context.save();
  context.globalAlpha *= alpha;
  context.fillStyle = colour;
  context.fill(heads);
  context.restore();
}

export function label(context, text, [x, y], { colour, casing, font, align = "left" }) {
  context.save();
  context.font = font;
  context.textAlign = align;
  context.textBaseline = "middle";
  if (casing) {
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = casing;
    context.strokeText(text, x, y);
  }
  context.fillStyle = colour;
  context.fillText(text, x, y);
  context.restore();
}

// The part of a segment inside a box [left, top, right, bottom] (Liang and Barsky, 1984), or null.
export function clip([x0, y0], [x1, y1], [left, top, right, bottom]) {
  let enter = 0, leave = 1;
  for (const [p, q] of [[x0 - x1, x0 - left], [x1 - x0, right - x0], [y0 - y1, y0 - top], [y1 - y0, bottom - y0]]) {
    if (p === 0) { if (q < 0) return null; continue; }
    const t = q / p;
    if (p < 0) enter = Math.max(enter, t); else leave = Math.min(leave, t);
    if (enter > leave) return null;
  }
  const at = (t) => [x0 + t * (x1 - x0), y0 + t * (y1 - y0)];
  return { from: at(enter), to: at(leave), entered: enter > 0, left: leave < 1 };
}

// A transparent canvas over an element, sharp on any screen. Returns the context, cleared, in CSS pixels.
export function sheet(canvas) {
  const ratio = window.devicePixelRatio || 1, { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d", SOFT);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
