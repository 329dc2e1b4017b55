// Packed: arrays as the server sends them, base64 of float32, or of float64 behind "f8:".

export function decode(text) {
  const [kind, bytes] = text.startsWith("f8:") ? [Float64Array, text.slice(3)] : [Float32Array, text];
  return new kind(Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)).buffer);
}
