// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error('no element ' + id);
  return found as T;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  if (text !== '') made.textContent = text;
  return made;
}

/** The kind of thing that a signal is when it is dragged. */
export const DRAGGED = 'application/x-daqstream-signal';

/** Has a node take signals that are dropped on it. */
export function takesSignals(node: HTMLElement, take: (id: string) => void): void {
  node.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes(DRAGGED)) event.preventDefault();
  });
  node.addEventListener('drop', (event) => {
    const id = event.dataTransfer?.getData(DRAGGED);
    if (!id) return;
    event.preventDefault();
    event.stopPropagation();
    take(id);
  });
}

/** Gives a text to a node if it has another one. */
export function say(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** The unit of plain numbers is not worth a word. */
export function shownUnit(symbol: string): string {
  return symbol === '1' ? '' : symbol.slice(0, 24);
}
