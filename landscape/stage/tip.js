// The tip: what is told beside the pointer over the plane or the surface.

import { estimate, number } from "./numbers.js";

export const NEAR = 9; // pixels around a point that count as on it

export const away = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);

export class Tip {
  constructor(section, stage) {
    this.section = section;
    this.element = section.querySelector(".tip");
    this.stage = stage;
  }

  // Lines of text at a pixel of the section, or nothing.
  show(pixel, lines) {
    const { element, section } = this;
    element.hidden = !lines;
    if (!lines) return;
    element.textContent = lines.join("\n");
    element.style.left = `${Math.min(pixel[0] + 14, section.clientWidth - element.offsetWidth - 8)}px`;
    element.style.top = `${Math.max(4, pixel[1] - element.offsetHeight - 10)}px`;
  }

  // Of the iterates that may be seen the nearest one: {run, k}. Of each run the pixels of its path, and which steps they are.
  nearest(pixel, paths) {
    const { veiled, runs } = this.stage;
    let found = null, reach = NEAR;
    paths.forEach(({ points, steps }, i) => {
      if (!runs[i].visible) return;
      points.forEach((point, j) => {
        if (!point || (veiled && steps[j] > runs[i].frame)) return;
        const distance = away(point, pixel);
        if (distance < reach) { reach = distance; found = { run: runs[i], k: steps[j] }; }
      });
    });
    return found;
  }

  named({ run, k }) { return `${run.name} · ${this.stage.texts.stepName} ${run.step(k)}`; }

  iterate({ run, k }) {
    const { texts } = this.stage;
    return [
      this.named({ run, k }),
      this.position(run.x[k], run.y[k]),
      `${texts.loss} ${number(run.loss[k])}`,
      `∇f = (${number(run.gx[k])}, ${number(run.gy[k])})`,
    ];
  }

  mark({ name, x, y }) { return [name, this.position(x, y)]; }

  // The landscape, whose loss is known on a grid only.
  ground(x, y) {
    const { texts, plane } = this.stage, here = plane.grid.at(x, y);
    const values = here && [`${texts.loss} ≈ ${estimate(here[0])}`, `∇f ≈ (${here.slice(1).map(estimate).join(", ")})`];
    return [this.position(x, y, 8), ...(values ?? [`${texts.loss} –`])];
  }

  position(x, y, digits) {
    const [across, up] = this.stage.scene.axes;
    return `${across} = ${number(x, digits)}, ${up} = ${number(y, digits)}`;
  }
}
