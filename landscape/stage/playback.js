// Playback: the one playhead of the page, its buttons and its keys. It never asks the server. `stage` paints at a
// position, has the texts, and may say its own pace in steps a second, its own count of them, and where playback goes on.

import { write } from "./text.js";

const WHOLE = 8; // seconds for a whole run at normal speed, unless a run is short
const SLOWEST = 24; // steps a second at normal speed, at most as slow as this

export class Playback {
  constructor(element, stage) {
    this.stage = stage;
    this.element = element;
    this.position = 0;
    this.last = 0;
    this.buttons = Object.fromEntries([...element.querySelectorAll("button")].map((button) => [button.dataset.act, button]));
    this.scrubber = element.querySelector("input[type=range]");
    this.speed = element.querySelector("select");
    this.count = element.querySelector("output");
    for (const [act, button] of Object.entries(this.buttons)) button.onclick = (event) => {
      this.byHand(act);
      if (event.detail) button.blur(); // after a click of the mouse the space key plays again
    };
    this.scrubber.oninput = () => this.lead(Number(this.scrubber.value));
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  destroy() {
    this.playing = false;
    document.removeEventListener("keydown", this.onKey);
  }

  // New paths: whoever looked at the end looks at the end again, anybody else stays at the same step.
  measure(last, position = this.position) {
    const atEnd = this.position >= this.last;
    this.last = last;
    this.scrubber.max = last;
    this.seek(atEnd ? last : position, this.playing);
  }

  play() {
    if (this.playing) return this.seek(this.position);
    if (this.position >= this.last) this.position = 0;
    this.playing = true;
    let before = performance.now();
    const frame = (now) => {
      if (!this.playing) return;
      const steps = (Math.min(now - before, 200) / 1000) * this.rate; // a page that was busy leaves out no steps
      const there = this.stage.after?.(this.position, steps) ?? this.position + steps;
      this.seek(there, there < this.last);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    this.show();
  }

  get rate() { // steps a second
    const pace = this.stage.pace ?? Math.max(this.last / WHOLE, Math.min(SLOWEST, this.last / 3));
    return pace * Number(this.speed.value);
  }

  byHand(act) {
    this.touched = true; // a person has led the playhead to where it is
    this[act]();
  }

  lead(position) {
    this.touched = true;
    this.seek(position);
  }

  first() { this.seek(0); }
  back() { this.seek(Math.ceil(this.position) - 1); }
  forward() { this.seek(Math.floor(this.position) + 1); }
  end() { this.seek(this.last); }

  seek(position, playing = false) {
    this.playing = playing; // what rests may show more than what moves
    this.position = Math.max(0, Math.min(position, this.last));
    this.stage.paint();
    this.show(); // last: whoever asks for a size after it has the page laid out at once
  }

  show() {
    const { texts } = this.stage, k = Math.floor(this.position);
    this.scrubber.value = k;
    this.scrubber.setAttribute("aria-valuetext", this.words(k));
    write(this.count, this.words(k));
    const { play } = this.buttons, name = this.playing ? texts.pause : texts.play;
    if (play.title !== name) {
      play.title = name;
      play.setAttribute("aria-label", name);
    }
    play.classList.toggle("playing", Boolean(this.playing));
  }

  words(k) {
    return this.stage.count?.(k) ?? (this.stage.texts.stepOf ?? "").replace("{k}", k).replace("{n}", this.last);
  }

  // Keys belong to a control that has the focus and uses them itself.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target, own = target.closest?.("input, textarea, select, [role=slider], [role=combobox], [role=listbox], [role=dialog], [contenteditable=true]");
    if (own && own !== this.scrubber) return;
    if (event.key === " " && target.closest?.("button, a, summary, [role=button], [role=tab], [role=radio], [role=switch]")) return;
    const act = { " ": "play", ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "end" }[event.key];
    if (act) {
      if (event.key.startsWith("Arrow") && target.closest?.("[role=tablist], [role=radiogroup], [role=menu]")) return;
      this.byHand(act);
    } else if (/^[0-9pP]$/.test(event.key)) this.stage.command(event.key.toLowerCase());
    else return;
    event.preventDefault();
  }
}
