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
      document.querySelector("[data-testid=stPopover] [aria-expanded=true]")?.focus(); // what opened it, for it closes
      setTriggerValue("choice", key);
    };
    return option;
  });
  home.replaceChildren(...options);
  const reach = (next) => { // one of them is in the order of the Tab key
    for (const option of options) option.tabIndex = option === next ? 0 : -1;
    next.focus();
  };
  home.onkeydown = (event) => {
    const at = options.indexOf(document.activeElement), across = getComputedStyle(home).gridTemplateColumns.split(" ").length;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Home: -at, End: options.length - 1 - at }[event.key];
    if (event.key === "Enter" || event.key === " ") options[at]?.click();
    else if (by === undefined) return;
    else if (options[at + by]) reach(options[at + by]);
    event.preventDefault();
  };
  reach(options.find((option) => option.getAttribute("aria-selected") === "true") ?? options[0]);
}

export function leave() {} // it holds nothing but its own elements
