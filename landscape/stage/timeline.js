// Timeline: where the playhead can stand. Each of its stops is a place on the axis of the curves at which a visible run
// has a frame, and none of the others has made an update since its last one. There each run stands; all panels ask here.
// Where such places lie too far apart, as those of computing times may, there is a stop at every frame of any run: the
// others then stand at their last frame, some updates behind.

const ROUNDING = 1e-6; // of the whole: places closer than this are one, for they come in single precision
const GAP = 0.02; // of the whole, which playback would stand still for

export class Timeline {
  constructor(runs) {
    const places = Float64Array.from(runs.flatMap((run) => [...run.places])).sort();
    this.extent = places.at(-1) ?? 0;
    this.near = ROUNDING * this.extent;
    const all = places.filter((place, i) => !i || place - places[i - 1] > this.near);
    const shared = all.filter((place) => runs.every((run) => rests(run, place + this.near)));
    const sparse = shared.some((place, i) => i && place - shared[i - 1] > GAP * this.extent && denser(all, shared[i - 1], place));
    this.stops = sparse ? all : shared;
    this.frames = new Map();
  }

  get last() { return Math.max(0, this.stops.length - 1); }

  at(position) { return this.stops[Math.floor(position)] ?? 0; }

  // The stop that is nearest to a place.
  stop(place) { return Math.round(this.position(place)); }

  // Where a place is among the stops, between two of them while the playhead moves, and the way back.
  position(place) {
    const { stops, last } = this, k = under(stops, place);
    return k < 0 ? 0 : k >= last ? last : k + (place - stops[k]) / (stops[k + 1] - stops[k]);
  }

  place(position) {
    const { stops, last } = this, k = Math.min(Math.floor(position), last);
    return k < last ? stops[k] + (position - k) * (stops[k + 1] - stops[k]) : this.extent;
  }

  // The frame of a run at a position.
  frame(run, position) {
    if (!this.frames.has(run)) this.frames.set(run, Array.from(this.stops, (place) => Math.max(0, under(run.places, place + this.near))));
    return this.frames.get(run)[Math.floor(position)] ?? 0;
  }
}

// Are there more places between two?
function denser(places, from, to) { return under(places, to) - under(places, from) > 1; }

// Is the last update of a run up to a place one of its frames? Of long runs some updates are none.
function rests({ updates, places, steps }, place) {
  if (!updates) return true;
  const k = under(places, place);
  return k < 0 || k >= steps || place < places[k] + (places[k + 1] - places[k]) / (updates[k + 1] - updates[k]);
}

// The index of the last place that is not beyond another, or −1.
function under(places, place) {
  let low = -1, high = places.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (places[middle] <= place) low = middle; else high = middle;
  }
  return low;
}
