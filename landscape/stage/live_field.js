// A text field that is applied as soon as whoever types in it pauses; by itself Streamlit's waits for Enter.

const PAUSE = 500; // milliseconds
const watching = new Map();

export function live_field({ parentElement, data }) {
  leave(parentElement);
  let timer;
  const typed = (event) => {
    const field = event.target;
    if (!field.closest?.(`.st-key-${data.field}`)) return;
    clearTimeout(timer);
    if (event.isComposing) return; // the letters of a Chinese word are none yet
    timer = setTimeout(() => field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })), PAUSE);
  };
  const kinds = ["input", "compositionend"];
  for (const kind of kinds) document.addEventListener(kind, typed);
  watching.set(parentElement, () => {
    clearTimeout(timer);
    for (const kind of kinds) document.removeEventListener(kind, typed);
  });
}

export function leave(home) {
  watching.get(home)?.();
  watching.delete(home);
}
