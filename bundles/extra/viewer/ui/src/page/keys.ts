// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { byId, element } from './dom';

/** A key, how it is shown, what it does; that is told whether Shift is held. */
export type Key = [string, string, string, (hasShift: boolean) => void];

/** Does what keys say, but where one types. */
export function listenToKeys(keys: readonly Key[]): void {
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('dialog, select, input:not([type=checkbox])'))
      return;
    if (target.closest('button, input') && (event.key === ' ' || event.key === 'Enter')) return;
    const key = keys.find(([name]) => name === event.key);
    if (key !== undefined) {
      event.preventDefault();
      key[3](event.shiftKey);
    }
  });
}

/** Fills the list of keys, and of what a mouse does. */
export function explainKeys(keys: readonly Key[]): void {
  const list = byId('keys');
  for (const [, shown, text] of keys) {
    if (shown === '') continue;
    const term = element('dt');
    term.append(element('kbd', '', shown));
    list.append(term, element('dd', '', text));
  }
  for (const [shown, text] of [
    ['wheel', 'zoom; with Shift move in time'],
    ['drag', 'zoom into a box; double click goes back'],
    ['click, Enter', 'in the list: plot a signal; with Shift in a new plot'],
  ]) {
    const term = element('dt');
    term.append(element('kbd', '', shown));
    list.append(term, element('dd', '', text));
  }
}
