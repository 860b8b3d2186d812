// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { byId, element, say } from './dom';
import { WINDOWS, type Clock, type Layout } from './layout';
import { windowText } from './status';

/** Has the choices of the bar say what the layout says. */
export function showControls(layout: Layout): void {
  const windows = byId<HTMLSelectElement>('window');
  const values = [...new Set([...WINDOWS, layout.windowS])].sort((a, b) => a - b);
  windows.replaceChildren(
    ...values.map((s) => {
      const option = element('option', '', windowText(s));
      option.value = String(s);
      option.selected = s === layout.windowS;
      return option;
    }),
  );
  byId<HTMLSelectElement>('clock').value = layout.clock;
}

/** Makes the page dark or light; tells which. */
export function setTheme(theme: Layout['theme']): boolean {
  const isDark = theme === '' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  say(byId('theme'), isDark ? 'Light' : 'Dark');
  return isDark;
}

export function nextClock(clock: Clock): Clock {
  return clock === 'utc' ? 'local' : clock === 'local' ? 'relative' : 'utc';
}
