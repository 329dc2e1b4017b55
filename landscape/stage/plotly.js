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

// Draw a plot again. Plotly begins anew where its buttons have other words, which a figure in no language of its own has
// not: zoom and camera are kept then too, but no range that Plotly itself had fitted.
export async function react(plot, data, layout, config) {
  const before = plot._fullLayout, anew = before && config.locale && plot._context.locale !== config.locale && before.uirevision === layout.uirevision;
  const drawing = window.Plotly.react(plot, data, layout, config);
  if (!anew) return drawing;
  await drawing;
  const edits = before._preGUI, kept = {}; // what a hand has changed, and was before
  for (const key of Object.keys(edits)) {
    if (key.startsWith("scene.camera")) kept["scene.camera"] = before.scene.camera;
    else if (/^[xy]axis/.test(key) && !before[key.slice(0, 5)].autorange) kept[`${key.slice(0, 5)}.range`] = before[key.slice(0, 5)].range;
  }
  Object.assign(plot._fullLayout._preGUI, edits);
  return window.Plotly.relayout(plot, kept);
}

// Draw a plot, new or again; `changed` is called whenever its axes are others.
export function draw(plot, { data, layout, config }, changed) {
  const anchored = (axes) => axes.yaxis?.scaleanchor, before = plot._fullLayout;
  const dragmode = narrow() ? false : layout.dragmode, bar = dragmode !== false, { margin } = layout;
  const whole = { ...layout, dragmode, margin: bar ? { ...margin, r: Math.max(margin.r, TOOLBAR) } : margin };
  const look = bar ? config : { ...config, displayModeBar: false };
  // Axes of one scale are fitted to the first view they had: another view needs others.
  const anew = !before || (before.uirevision !== layout.uirevision && (anchored(before) || anchored(layout)));
  const drawing = anew ? window.Plotly.newPlot(plot, data, whole, look) : react(plot, data, whole, look);
  for (const event of EVENTS) { // at once, for the next drawing may not wait for this one
    plot.removeAllListeners(event);
    plot.on(event, changed);
  }
  plot.removeAllListeners("plotly_hover");
  plot.on("plotly_hover", () => setMinus(plot));
  return drawing;
}

// Plotly writes a negative number with a hyphen.
function setMinus(plot) {
  const words = document.createTreeWalker(plot.querySelector(".hoverlayer"), NodeFilter.SHOW_TEXT);
  while (words.nextNode()) words.currentNode.data = words.currentNode.data.replace(/-(?=[\d.])/g, "−");
}
