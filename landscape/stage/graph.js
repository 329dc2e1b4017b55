// A computational graph and its one playhead: values appear going forward, then gradients going back. Streamlit's
// Graphviz lays it out in a place nobody sees; here is a copy of what it drew, with the numbers written in.

import { Playback } from "./playback.js";
import { StepInAddress } from "./step_in_address.js";

const LETTERS = 15; // units of the layout: the size of its text in graph.css
const SMALLEST = 13, SMALLEST_PROJECTED = 16; // pixels of a letter: a graph too wide even so is scrolled
const LARGEST = 1.3, LARGEST_PROJECTED = 2; // pixels a unit
const NARROW = 560; // pixels: on less paper a graph goes down, on more to the right
const TALLEST = 0.52; // of the window's height, before the graph is drawn smaller

let shown = null;

export function graph(component) {
  const home = component.parentElement.querySelector(".graph-stage");
  if (shown?.home !== home) {
    shown?.destroy();
    shown = new Graph(home);
  }
  shown.send = component.setTriggerValue;
  shown.take(JSON.parse(component.data.graph));
}

export function leave(element) {
  if (!shown || !element.contains(shown.home)) return;
  shown.destroy();
  shown = null;
}

class Graph {
  texts = {};
  pace = 0.7;

  constructor(home) {
    this.home = home;
    this.paper = home.querySelector(".paper");
    this.saying = home.querySelector(".saying");
    this.table = home.querySelector(".table");
    this.playback = new Playback(home.querySelector(".playback"), this);
    this.address = new StepInAddress(this.playback);
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.paper);
  }

  destroy() {
    this.playback.destroy();
    this.address.destroy();
    this.resize.disconnect();
    this.watch?.disconnect();
  }

  command(key) { this.send("key", key); }

  take(message) {
    const { home } = this, other = this.message?.formula !== message.formula;
    this.message = message;
    this.texts = message.texts;
    home.lang = message.texts.language;
    home.classList.toggle("projector", message.projector);
    for (const element of home.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", this.texts[element.dataset.label]);
      if (element.tagName === "BUTTON") element.title = this.texts[element.dataset.label];
    }
    this.tabulate();
    this.playback.measure(message.steps.length - 1);
    if (other) this.playback.first();
    this.address.follow();
    this.drawLayout();
  }

  // The layout of this message may be there already, or come in a moment.
  drawLayout() {
    const { layout, nodes } = this.message;
    this.watch?.disconnect();
    if (this.turn() && !this.drawn) return; // the one that fits is on its way
    if (this.drawn === layout) return this.write();
    const found = () => {
      const drawing = document.getElementById(layout);
      if (drawing?.querySelectorAll(".node").length !== nodes.length) return false;
      this.watch?.disconnect();
      this.copy(drawing.ownerSVGElement);
      return true;
    };
    if (found()) return;
    this.watch = new MutationObserver(found);
    this.watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["id"] });
  }

  // Asks the server, which has the layout's source, for the other way. Is it to come?
  turn() {
    const { clientWidth } = this.paper, way = clientWidth < NARROW ? "down" : "right";
    if (!clientWidth || way === this.message.way) return false;
    if (this.asked !== way) this.send("way", way);
    this.asked = way;
    return true;
  }

  copy(original) {
    const svg = original.cloneNode(true), named = (id) => svg.querySelector(`[id="${id}"]`);
    this.nodes = this.message.nodes.map((node, place) => named(`n${place}`));
    this.edges = this.message.edges.map(({ id }) => named(id));
    for (const [place, node] of this.nodes.entries()) {
      node.classList.add(this.message.nodes[place].kind);
      for (const [i, name] of ["title", "value", "gradient"].entries()) node.querySelectorAll("text")[i].classList.add(name);
    }
    for (const element of svg.querySelectorAll("title")) element.remove(); // they would show as tips
    for (const element of svg.querySelectorAll("[id]")) {
      element.dataset.id = element.id;
      element.removeAttribute("id");
    }
    svg.setAttribute("aria-hidden", "true");
    this.paper.replaceChildren(svg);
    this.svg = svg;
    this.drawn = this.message.layout;
    this.write();
    this.fit();
  }

  // The numbers go where the layout kept room for them.
  write() {
    const { nodes, edges } = this.message;
    for (const [place, node] of this.nodes.entries())
      for (const name of ["title", "value", "gradient"]) node.querySelector(`.${name}`).textContent = nodes[place][name];
    for (const [i, edge] of this.edges.entries()) edge.querySelector("text").textContent = edges[i].derivative;
    this.home.dataset.drawn = this.drawn;
    this.paint();
  }

  fit() {
    if (!this.message || !this.paper.clientWidth) return;
    this.turn();
    if (!this.svg) return;
    const { width, height } = this.svg.viewBox.baseVal, { projector } = this.message;
    const least = (projector ? SMALLEST_PROJECTED : SMALLEST) / LETTERS, most = projector ? LARGEST_PROJECTED : LARGEST;
    const scale = Math.max(least, Math.min(this.paper.clientWidth / width, (TALLEST * window.innerHeight) / height, most));
    this.svg.style.width = `${width * scale}px`;
    this.svg.style.height = `${height * scale}px`;
    this.follow();
  }

  paint() {
    if (!this.message) return;
    const at = Math.floor(this.playback.position), { steps } = this.message, step = steps[at];
    this.home.dataset.step = at;
    this.address.moved();
    this.say(step);
    const passed = steps.slice(0, at + 1);
    const back = new Set(passed.filter((each) => each.back).map(({ node }) => node));
    for (const row of this.table.querySelectorAll("tr[data-node]")) row.classList.toggle("known", back.has(Number(row.dataset.node)));
    if (this.drawn !== this.message.layout) return;
    const forward = new Set(passed.filter((each) => !each.back).map(({ node }) => node));
    for (const [place, node] of this.nodes.entries()) {
      node.classList.toggle("has-value", this.message.nodes[place].kind === "input" || forward.has(place));
      node.classList.toggle("has-gradient", back.has(place));
      node.classList.toggle("current", step.node === place);
    }
    for (const [i, edge] of this.edges.entries()) {
      const told = this.message.edges[i];
      edge.classList.toggle("has-derivative", back.has(told.from));
      edge.classList.toggle("current", step.node === (step.back ? told.from : told.to));
      edge.classList.toggle("back", Boolean(step.back) && step.node === told.from);
    }
    this.follow();
  }

  say(step) {
    if (this.said === step) return;
    this.said = step;
    const lines = [step.head, ...step.lines].map((text, i, all) => {
      const line = document.createElement("p");
      line.textContent = text.replaceAll("/∂", "/\u2060∂").replaceAll(" · ", "\u00a0·\u00a0"); // lines break at + and =
      line.className = i === 0 ? "head" : i === all.length - 1 ? "result" : "local";
      return line;
    });
    this.saying.replaceChildren(...lines);
  }

  // A graph larger than its paper is scrolled to where something happens.
  follow() {
    const { node } = this.message?.steps[this.home.dataset.step] ?? {}, { paper } = this;
    if (node === null || node === undefined || !this.svg) return;
    if (paper.scrollWidth <= paper.clientWidth && paper.scrollHeight <= paper.clientHeight) return;
    const box = this.nodes[node].getBoundingClientRect(), sheet = paper.getBoundingClientRect();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    paper.scrollTo({
      left: paper.scrollLeft + box.left + box.width / 2 - sheet.left - sheet.width / 2,
      top: paper.scrollTop + box.top + box.height / 2 - sheet.top - sheet.height / 2,
      behavior: still ? "auto" : "smooth",
    });
  }

  tabulate() {
    const { rows } = this.message, heads = ["input", "value", "gradient", "paths", "differences"];
    const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
    const table = document.createElement("table"), head = table.createTHead().insertRow(), body = table.createTBody();
    for (const name of heads) head.append(Object.assign(element("th", this.texts[name]), { scope: "col" }));
    for (const row of rows) {
      const line = body.insertRow();
      line.dataset.node = row.node;
      for (const [i, name] of heads.entries()) {
        const cell = line.insertCell();
        cell.dataset.head = this.texts[name];
        const content = element("span", row[name]);
        if (i > 1) content.className = "later";
        cell.append(content);
      }
    }
    this.table.replaceChildren(table);
  }
}
