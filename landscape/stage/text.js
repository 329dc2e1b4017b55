// Text that changes while a page is looked at.

// Where a text changes at every frame no node comes or goes: that would have the style sheet look for it anew.
export function write(element, text) {
  const node = element.firstChild;
  if (node?.nodeType !== Node.TEXT_NODE || node.nextSibling) element.textContent = text;
  else if (node.data !== text) node.data = text;
}
