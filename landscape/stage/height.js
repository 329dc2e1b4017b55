// What follows from a path and its landscape, so that no path has to carry it.

// How high losses are drawn, by the same rule as landscape/figures/height.py.
export function heights(losses, { logarithmic, lowest, unit, ceiling }) {
  return Float64Array.from(losses, (loss) => {
    const cut = Math.max(lowest, Math.min(loss, ceiling));
    return logarithmic ? Math.log10(1 + (cut - lowest) / unit) : cut;
  });
}

// From every point of a path to the nearest minimum; nothing where none is known.
export function distances(x, y, minima) {
  if (!minima.length) return new Float64Array();
  return Float64Array.from(x, (_, k) => Math.min(...minima.map(([a, b]) => Math.hypot(x[k] - a, y[k] - b))));
}
