// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

/** A line of the list: a group of signals, or one of them. */
export interface Line {
  id: string;
  name: string;
  level: number;
  isGroup: boolean;
  isOpen: boolean;
}

const MAX_LEVELS = 12;

interface Group {
  groups: Map<string, Group>;
  ids: { name: string; id: string }[];
}

const ORDER = new Intl.Collator('en', { numeric: true });

/** The signals by the parts of their names; a search shows what matches as a plain list. */
export function linesOf(ids: Iterable<string>, search: string, closed: ReadonlySet<string>): Line[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length > 0) {
    return [...ids]
      .filter((id) => words.every((word) => id.toLowerCase().includes(word)))
      .sort(ORDER.compare)
      .map((id) => ({ id, name: id, level: 1, isGroup: false, isOpen: false }));
  }
  const root: Group = { groups: new Map(), ids: [] };
  for (const id of ids) {
    const parts = id.split('/').slice(0, MAX_LEVELS);
    let group = root;
    let at = 0;
    for (const part of parts.slice(0, -1)) {
      let next = group.groups.get(part);
      if (next === undefined) group.groups.set(part, (next = { groups: new Map(), ids: [] }));
      group = next;
      at += part.length + 1;
    }
    group.ids.push({ name: id.slice(at), id });
  }
  const lines: Line[] = [];
  add(root, '', 1, closed, lines);
  return lines;
}

function add(group: Group, path: string, level: number, closed: ReadonlySet<string>, lines: Line[]): void {
  for (const { name, id } of group.ids.sort((a, b) => ORDER.compare(a.name, b.name))) {
    lines.push({ id, name: name === '' ? id : name, level, isGroup: false, isOpen: false });
  }
  for (const [name, inner] of [...group.groups].sort((a, b) => ORDER.compare(a[0], b[0]))) {
    const own = path + name + '/';
    const isOpen = !closed.has(own);
    lines.push({ id: own, name: name + '/', level, isGroup: true, isOpen });
    if (isOpen) add(inner, own, level + 1, closed, lines);
  }
}
