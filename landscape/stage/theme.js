// The page follows the system's theme by itself, but asks for no other figures: this asks for them, once for all.

let component = null;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => component?.setTriggerValue("changed", true));

export function theme(mounted) { component = mounted; }

export function leave() {} // every page has it
