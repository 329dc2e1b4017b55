// A text field that is applied as soon as whoever types in it pauses; by itself Streamlit's waits for Enter.

const PAUSE = 500; // milliseconds
const COMPOSING = 1500; // a phone's keyboard composes Latin words too, and does not say when one is done
const watching = new Map();

export function live_field({ parentElement, data, setStateValue }) {
  const known = watching.get(parentElement);
  if (known) {
    known.say = setStateValue;
    return;
  }
  let timer, draft = false;
  const watch = { say: setStateValue }, ours = ({ target }) => target.closest?.(`.st-key-${data.field}`);
  const tell = (now) => {
    if (draft === now) return;
    draft = now;
    watch.say("draft", now);
  };
  const on = {
    input(event) {
      if (!ours(event)) return;
      tell(true);
      clearTimeout(timer);
      const enter = () => event.target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      timer = setTimeout(enter, event.isComposing ? COMPOSING : PAUSE);
    },
    // Streamlit applies the text in the same moment; that it is final is told after that.
    keydown(event) { if (event.isTrusted && event.key === "Enter" && ours(event)) setTimeout(() => tell(false)); },
    focusout(event) { if (ours(event)) setTimeout(() => tell(false)); },
  };
  for (const [kind, act] of Object.entries(on)) document.addEventListener(kind, act);
  watch.end = () => {
    clearTimeout(timer);
    for (const [kind, act] of Object.entries(on)) document.removeEventListener(kind, act);
  };
  watching.set(parentElement, watch);
}

export function leave(home) {
  watching.get(home)?.end();
  watching.delete(home);
}
