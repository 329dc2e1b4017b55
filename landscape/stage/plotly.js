// Plotly.js, from this server: asked for once, however many figures a page has.

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
