// Plotly.js, from this server, asked for once, however many figures a page has; and what all plots of it share.

const TOOLBAR = 30; // pixels of Plotly's own, which lies over the plot: a click under it would be one of its buttons
const EVENTS = ["plotly_relayout", "plotly_relayouting", "plotly_afterplot"];

let plotly;
export function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve();
    const script = document.createElement("script");
    script.src = new URL("../plotly/plotly.min.js", import.meta.url).href;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  plotly.catch(() => { plotly = undefined; }); // the next figure asks again
  return plotly;
}

// On a narrow screen a finger scrolls the page. Where nothing is dragged no bar says how, and there is no room for one.
export const narrow = () => matchMedia("(max-width: 640px)").matches;

// Draw a plot, new or again; `changed` is called whenever its axes are others.
export function draw(plot, { data, layout, config }, changed) {
  const anchored = (axes) => axes.yaxis?.scaleanchor, before = plot._fullLayout;
  const dragmode = narrow() ? false : layout.dragmode, bar = dragmode !== false, { margin } = layout;
  const whole = { ...layout, dragmode, margin: bar ? { ...margin, r: Math.max(margin.r, TOOLBAR) } : margin };
  const look = bar ? config : { ...config, displayModeBar: false };
  // Axes of one scale are fitted to the first view they had: another view needs others.
  const anew = !before || (before.uirevision !== layout.uirevision && (anchored(before) || anchored(layout)));
  const drawing = window.Plotly[anew ? "newPlot" : "react"](plot, data, whole, look);
  for (const event of EVENTS) { // at once, for the next drawing may not wait for this one
    plot.removeAllListeners(event);
    plot.on(event, changed);
  }
  return drawing;
}
