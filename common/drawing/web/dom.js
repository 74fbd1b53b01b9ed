// Small things to build a page with.

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function button(text, title, action) {
  const made = element("button", {type: "button", title}, text);
  made.addEventListener("click", action);
  return made;
}

// Two places that a screen reader listens to: what was read, and what else happened. Neither
// overwrites the other.
export function makeVoice(first) {
  const region = (text, name) => {
    const made = element("p", {className: `status ${name}`}, text);
    made.setAttribute("role", "status");
    return made;
  };
  const answer = region(first, "answer"), note = region("", "note");
  return {element: element("div", {className: "voice"}, answer, note),
          answer: text => { answer.textContent = text; },
          note: text => { note.textContent = text; }};
}
