// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Trigger } from '../shared/messages';
import { byId, element } from './dom';
import { BEFORE } from './layout';

/** What the controls of the trigger say; undefined unless it is on. */
export function readTrigger(): Trigger | undefined {
  const key = byId<HTMLSelectElement>('trigger-key').value;
  if (byId('trigger-bar').hidden || key === '') return undefined;
  const number = (id: string) => Number(byId<HTMLInputElement>(id).value) || 0;
  return {
    key,
    edge: byId<HTMLSelectElement>('trigger-edge').value as Trigger['edge'],
    level: number('trigger-level'),
    holdOffS: Math.max(0, number('trigger-holdoff')),
    before: BEFORE,
    isSingle: byId<HTMLInputElement>('trigger-single').checked,
  };
}

/** Has the controls say what a link says. */
export function showTrigger(linked: Trigger): void {
  byId<HTMLSelectElement>('trigger-key').value = linked.key;
  byId<HTMLSelectElement>('trigger-edge').value = linked.edge;
  byId<HTMLInputElement>('trigger-level').value = String(linked.level);
  byId<HTMLInputElement>('trigger-holdoff').value = String(linked.holdOffS);
  byId<HTMLInputElement>('trigger-single').checked = linked.isSingle;
  byId('trigger-bar').hidden = false;
}

/** Has trigger and spectrum offer the traces that are plotted. */
export function offerTraces(all: string[]): void {
  offer(byId<HTMLSelectElement>('trigger-key'), all);
  offer(byId<HTMLSelectElement>('spectrum-key'), all);
}

function offer(select: HTMLSelectElement, keys: string[]): void {
  const before = select.value;
  select.replaceChildren(
    ...keys.map((key) => {
      const option = element('option', '', key.slice(0, 100));
      option.value = key;
      return option;
    }),
  );
  if (keys.includes(before)) select.value = before;
}
