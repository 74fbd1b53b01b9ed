// The words of page and pad in the reader's language. English is their key.

let words = {};  // {English: translation}

export function useWords(found) {
  words = found || {};
}

// A text in the language that is in use. "{}" stand for the values in their order; a translation
// that needs another order numbers them: "{1}".
export function _(text, ...values) {
  let next = 0;
  return (words[text] ?? text).replace(/\{(\d*)\}/g, (_all, number) => {
    const value = values[number === "" ? next : Number(number)];
    next++;
    return String(value);
  });
}

// Put every text between the tags of a page into the language in use; what has scripts is left out.
export function translatePage(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data.trim();
    if (words[text] !== undefined && !node.parentElement.closest("script, style"))
      node.data = node.data.replace(text, () => words[text]);
  }
}
