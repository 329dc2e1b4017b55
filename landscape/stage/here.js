// A component whose words do not call a page back that is being left.
//
// Each message names the page that it comes from, and the server answers with that page. What is said between a press
// on a link, or on the button for the way back, and the other page would end there, or on a page without contents.

const PATIENCE = 10000; // milliseconds after which nobody expects a link to open anything

let pressed = null, since = 0; // the path where a link was pressed, and when

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target === "_blank" || link.hasAttribute("download")) return; // as Plotly.js saves a picture
  if (event.ctrlKey || event.metaKey || event.shiftKey || link.pathname === location.pathname) return;
  [pressed, since] = [location.pathname, performance.now()];
}, true);
addEventListener("popstate", () => { pressed = null; });

// Was a link pressed that has not led anywhere yet?
export const leaving = () => location.pathname === pressed && performance.now() - since < PATIENCE;

export function here(component) {
  const place = leaving() ? null : location.pathname; // it may be drawn a moment before the browser has its path
  const left = () => leaving() || (place !== null && place !== location.pathname);
  const unless = (say) => (...said) => { if (!left()) say(...said); };
  return { ...component, setTriggerValue: unless(component.setTriggerValue), setStateValue: unless(component.setStateValue) };
}
