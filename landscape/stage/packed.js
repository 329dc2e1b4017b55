// Packed: arrays as the server sends them, base64 of float32, or of float64 behind "f8:". Places along a path are behind
// "way:", the first one in float64 and the steps between them in float32.

export function decode(text) {
  if (text.startsWith("way:")) return along(bytes(text.slice(4)));
  const [kind, packed] = text.startsWith("f8:") ? [Float64Array, text.slice(3)] : [Float32Array, text];
  return new kind(bytes(packed));
}

function bytes(packed) {
  return Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)).buffer;
}

function along(buffer) {
  const steps = new Float32Array(buffer, 8), places = new Float64Array(steps.length + 1);
  [places[0]] = new Float64Array(buffer, 0, 1);
  steps.forEach((step, k) => { places[k + 1] = places[k] + step; });
  return places;
}
