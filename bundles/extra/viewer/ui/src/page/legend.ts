// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Reading, TraceView } from '../shared/messages';
import { element, say, shownUnit } from './dom';

interface LegendRow {
  row: HTMLTableRowElement;
  name: HTMLElement;
  note: HTMLElement;
  /** What the note says. */
  shows: string;
  cells: { [column: string]: HTMLElement };
}

const COLUMNS = ['now', 'pointer', 'A', 'B', 'Δ', 'min', 'max', 'mean', 'RMS'];

/** What may be done with a trace of the plot. */
export interface LegendActions {
  add(key: string): void;
  remove(key: string): void;
}

/** The table below a plot: its traces, their newest values, and those at the cursors. */
export class Legend {
  readonly node = element('div', 'legend');
  private readonly body = element('tbody');
  private readonly head = element('tr');
  private readonly rows = new Map<string, LegendRow>();

  constructor(private readonly actions: LegendActions) {
    for (const column of ['name', ...COLUMNS]) {
      const cell = element('th', column === 'name' ? 'name' : '', column === 'name' ? 'Trace' : column);
      cell.scope = 'col';
      this.head.append(cell);
    }
    const head = element('thead');
    head.append(this.head);
    const table = element('table');
    table.append(head, this.body);
    this.node.append(table);
  }

  fill(traces: readonly TraceView[], [a, b]: readonly (bigint | undefined)[], colour: (i: number) => string): void {
    const known = new Set(traces.map((trace) => trace.key));
    for (const [key, { row }] of this.rows) {
      if (!known.has(key)) {
        row.remove();
        this.rows.delete(key);
      }
    }
    const shown = (column: string) =>
      (column === 'now' && (a === undefined || b === undefined)) ||
      (column === 'pointer' &&
        (a === undefined || b === undefined) &&
        traces.some((trace) => trace.at[2] !== undefined)) ||
      (column === 'A' && a !== undefined) ||
      (column === 'B' && b !== undefined) ||
      (a !== undefined && b !== undefined && COLUMNS.indexOf(column) > COLUMNS.indexOf('B'));
    [...this.head.children].forEach((cell, i) => {
      if (i > 0 && i <= COLUMNS.length) (cell as HTMLElement).hidden = !shown(COLUMNS[i - 1]!);
    });
    traces.forEach((trace, i) => {
      const row = this.rows.get(trace.key) ?? this.newRow(trace.key);
      (row.note.previousElementSibling as HTMLElement).style.background = colour(i);
      if (this.body.children[i] !== row.row) this.body.insertBefore(row.row, this.body.children[i]!);
      const symbol = shownUnit(trace.unit);
      // Seven columns are narrow enough without a unit in each.
      const isWide = a !== undefined && b !== undefined;
      say(row.name, trace.name.slice(0, 300) + (isWide && symbol !== '' ? ' [' + symbol + ']' : ''));
      this.note(row, trace);
      const unit = isWide || symbol === '' ? '' : ' ' + symbol;
      const [at, to, pointed] = trace.at;
      const between = trace.between;
      const texts: { [column: string]: string } = {
        now: trace.text.slice(0, 120) + (trace.text === '' ? '' : unit),
        pointer: readingText(pointed, unit),
        A: readingText(at, unit),
        B: readingText(to, unit),
        Δ: at === undefined || to === undefined ? '' : difference(at.text, to.text) + unit,
        min: between?.min ?? '',
        max: between?.max ?? '',
        mean: between?.mean || (between === undefined ? '' : '–'),
        RMS: between?.rms || (between === undefined ? '' : '–'),
      };
      for (const column of COLUMNS) {
        const cell = row.cells[column]!;
        cell.hidden = !shown(column);
        say(cell, texts[column]!);
      }
      row.cells['A']!.title = at?.time ?? '';
      row.cells['B']!.title = to?.time ?? '';
      row.cells['pointer']!.title = pointed?.time ?? '';
    });
  }

  private note(row: LegendRow, trace: TraceView): void {
    const { parts } = trace;
    const shows = parts.length > 0 ? parts.map((part) => part.key).join('\n') : trace.problem;
    if (row.shows === shows) return;
    row.shows = shows;
    row.note.replaceChildren();
    if (parts.length === 0) {
      row.note.append(element('span', 'problem', trace.problem));
      return;
    }
    const select = element('select', 'part');
    select.setAttribute('aria-label', 'Plot a part of ' + trace.name.slice(0, 100));
    select.append(element('option', '', 'part…'));
    for (const part of parts) {
      const option = element('option', '', part.name.slice(0, 60));
      option.value = part.key;
      select.append(option);
    }
    select.addEventListener('change', () => {
      if (select.selectedIndex > 0) this.actions.add(select.value);
      select.selectedIndex = 0;
    });
    row.note.append(select);
  }

  private newRow(key: string): LegendRow {
    const row = element('tr');
    row.dataset['key'] = key;
    const name = element('td', 'name');
    const label = element('span');
    const note = element('span');
    const remove = element('button', 'remove', '✕');
    remove.setAttribute('aria-label', 'Remove ' + key.slice(0, 200));
    remove.addEventListener('click', () => this.actions.remove(key));
    name.append(remove, element('span', 'chip'), note, label);
    row.append(name);
    const cells: { [column: string]: HTMLElement } = {};
    for (const column of COLUMNS) {
      cells[column] = element('td');
      cells[column]!.dataset['column'] = column;
      row.append(cells[column]!);
    }
    this.body.append(row);
    const made = { row, name: label, note, shows: '', cells };
    this.rows.set(key, made);
    return made;
  }
}

function readingText(reading: Reading | undefined, unit: string): string {
  if (reading === undefined || reading.text === '') return '';
  return reading.text + unit + (reading.where === '' ? '' : ' at ' + reading.where);
}

function difference(a: string, b: string): string {
  if (a === '' || b === '') return '';
  if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) return (BigInt(b) - BigInt(a)).toString();
  const value = Number(b) - Number(a);
  return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : '';
}
