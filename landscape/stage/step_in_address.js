// Where a playhead rests, kept behind the "#" of the address, so that a link leads there: the server need not know it.
//
// A step is no place to go back to: it takes the place of the last one in the browser's history. Only where a person
// has led the playhead counts, and not where it stands by itself.

const REST = 500; // milliseconds without a move
const NAME = "step";

export class StepInAddress {
  constructor(playback) {
    this.playback = playback;
    this.wanted = told();
    this.back = () => { this.wanted = told(); };
    // Of the same page at another step the server is asked nothing, so no other paths come.
    this.jump = ({ oldURL, newURL }) => { if (bare(oldURL) === bare(newURL)) this.follow(); };
    addEventListener("popstate", this.back);
    addEventListener("hashchange", this.jump);
  }

  // Goes where the address leads, once after it was opened or gone back to. Did it lead anywhere?
  follow() {
    const { wanted, playback } = this;
    this.wanted = null;
    if (wanted === null) return false;
    playback.lead(playback.stage.named?.(wanted) ?? Math.round(wanted));
    return true;
  }

  moved() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { playback } = this, k = Math.floor(playback.position), step = playback.stage.called?.(k) ?? k;
      if (playback.touched && !playback.playing && step !== told()) {
        history.replaceState(history.state, "", `${location.pathname}${location.search}#${NAME}=${step}`);
      }
    }, REST);
  }

  destroy() {
    clearTimeout(this.timer);
    removeEventListener("popstate", this.back);
    removeEventListener("hashchange", this.jump);
  }
}

const bare = (address) => address.split("#")[0];

function told() {
  const text = new URLSearchParams(location.hash.slice(1)).get(NAME), step = text ? Number(text) : NaN;
  return step >= 0 && step < Infinity ? step : null;
}
