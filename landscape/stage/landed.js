// Tells the server once that the browser has come to the page which a link has opened.

import { leaving } from "./here.js";

const PAUSE = 50; // milliseconds

let told = null;

export function landed({ data, setTriggerValue }) {
  if (!data.visit || data.visit === told) return;
  told = data.visit;
  const tell = () => (leaving() ? setTimeout(tell, PAUSE) : setTriggerValue("landed", true));
  tell();
}

export function leave() {}
