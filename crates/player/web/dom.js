// Building elements without markup in strings, so that no text of a course can ever become markup.

/** An element with properties, attributes (names with a dash, or `role`) and children. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.includes('-') || name === 'role' || name === 'for') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** Sets an attribute, or removes it where the value is null or false. Touches the page only on a change. */
export function setAttribute(element, name, value) {
  const text = value === null || value === false || value === undefined ? null : String(value);
  if (element.getAttribute(name) === text) return;
  if (text === null) element.removeAttribute(name);
  else element.setAttribute(name, text);
}

/** Sets the text of an element, only on a change: live regions announce every write. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
