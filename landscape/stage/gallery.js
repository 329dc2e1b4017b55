// A gallery: small pictures, of which a click or a key chooses one. The arrow keys go about between them.

export function gallery({ parentElement, data, setTriggerValue }) {
  const home = parentElement.querySelector(".gallery"), told = JSON.stringify(data);
  if (home.dataset.told === told) return;
  home.dataset.told = told;
  home.setAttribute("aria-label", data.label);
  const options = data.pictures.map(({ key, name, address, text }) => {
    const option = document.createElement("div"), picture = document.createElement(address ? "img" : "i"), words = document.createElement("span");
    if (address) Object.assign(picture, { src: address, alt: "", loading: "lazy" });
    else picture.textContent = text;
    words.textContent = name;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(key === data.chosen));
    option.append(picture, words);
    option.onclick = () => {
      // To what opened it, for it closes. A button with a tooltip is there twice, and one of the two is seen.
      [...document.querySelectorAll("[data-testid=stPopover] [aria-expanded=true]")].find((each) => each.checkVisibility())?.focus();
      setTriggerValue("choice", key);
    };
    return option;
  });
  const ours = !home.firstChild || home.contains(document.activeElement);
  home.replaceChildren(...options);
  const order = (next) => { // one of them is in the order of the Tab key
    for (const option of options) option.tabIndex = option === next ? 0 : -1;
    return next;
  };
  home.onkeydown = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = options.indexOf(document.activeElement), across = getComputedStyle(home).gridTemplateColumns.split(" ").length;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Home: -at, End: options.length - 1 - at }[event.key];
    if (event.key === "Enter" || event.key === " ") options[at]?.click();
    else if (by === undefined) return;
    else if (options[at + by]) order(options[at + by]).focus();
    event.preventDefault();
  };
  const chosen = order(options.find((option) => option.getAttribute("aria-selected") === "true") ?? options[0]);
  if (ours) chosen.focus(); // when it opens; later it takes the focus from nobody
}

export function leave() {} // it holds nothing but its own elements
