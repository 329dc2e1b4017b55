// Where a playhead rests, told to the server, which keeps it in the address; and back from there.
//
// A step is no place to go back to: it takes the place of the last one in the browser's history. What is written here
// is what the server is about to write, which then finds it there and adds nothing.

const REST = 500; // milliseconds without a move

export class RestingStep {
  unanswered = []; // steps that the server was told

  constructor(playback, tell) {
    this.playback = playback;
    this.tell = tell;
  }

  // The server's answer to what it was told moves nothing: the playhead may be elsewhere by now.
  take(step) {
    const before = this.known, answered = this.unanswered.indexOf(step);
    this.known = step;
    if (answered >= 0) this.unanswered.splice(0, answered + 1);
    else if (step !== before) this.playback.seek(step);
  }

  moved(step) {
    clearTimeout(this.timer);
    if (this.known === undefined || step === (this.unanswered.at(-1) ?? this.known)) return;
    this.timer = setTimeout(() => {
      this.unanswered.push(step);
      remember(step);
      this.tell(step);
    }, REST);
  }

  destroy() { clearTimeout(this.timer); }
}

function remember(step) {
  const others = location.search.slice(1).split("&").filter((each) => each && !each.startsWith("at="));
  const search = [...others, ...(step ? [`at=${step}`] : [])].join("&");
  history.replaceState(history.state, "", location.pathname + (search && `?${search}`) + location.hash);
}
