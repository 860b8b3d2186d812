// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { RowView } from '../shared/messages';
import { linesOf, type Line } from './tree';
import { byId, DRAGGED, element, shownUnit } from './dom';

const MORE = 4;
const NAME_LENGTH = 24;

interface Shown {
  node: HTMLElement;
  name: HTMLElement;
  value: HTMLElement;
  unit: HTMLElement;
  canvas: HTMLCanvasElement;
  line: Line;
}

/** The list of signals: only the rows in view are in the document. */
export class SignalList {
  private readonly list = byId('list');
  private readonly space = byId('list-space');
  private readonly search = byId<HTMLInputElement>('search');
  private readonly ids = new Set<string>();
  private readonly closed = new Set<string>();
  private readonly views = new Map<string, RowView>();
  private readonly shown = new Map<number, Shown>();
  private lines: Line[] = [];
  private active = 0;
  private isStale = true;
  private plotted = new Set<string>();
  visible: string[] = [];

  constructor(
    private readonly changed: () => void,
    private readonly chosen: (id: string, inNewPlot: boolean) => void,
  ) {
    this.list.addEventListener('scroll', () => this.layOut());
    this.search.addEventListener('input', () => {
      this.active = 0;
      this.isStale = true;
    });
    this.search.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault();
        this.list.focus();
      } else if (event.key === 'Escape') {
        this.search.value = '';
        this.isStale = true;
        this.list.focus();
      }
    });
    this.list.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => this.layOut()).observe(this.list);
  }

  private get rowHeight(): number {
    return window.matchMedia('(max-width: 720px)').matches ? 36 : 30;
  }

  focusSearch(): void {
    this.search.focus();
    this.search.select();
  }

  update(added: readonly string[], removed: readonly string[], rows: readonly RowView[]): void {
    for (const id of removed) {
      this.ids.delete(id);
      this.views.delete(id);
    }
    for (const id of added) this.ids.add(id);
    if (added.length + removed.length > 0) this.isStale = true;
    for (const row of rows) this.views.set(row.id, row);
    if (this.isStale) {
      this.refresh();
    } else if (rows.length > 0) {
      const fresh = new Set(rows.map((row) => row.id));
      for (const each of this.shown.values()) if (fresh.has(each.line.id)) this.fill(each);
    }
  }

  private refresh(): void {
    if (!this.isStale) return;
    this.isStale = false;
    this.lines = linesOf(this.ids, this.search.value, this.closed);
    const signals = this.search.value === '' ? this.ids.size : this.lines.length;
    byId('count').textContent = signals + (signals === 1 ? ' signal' : ' signals');
    this.layOut(true);
  }

  setPlotted(keys: Iterable<string>): void {
    this.plotted = new Set([...keys].flatMap((key) => [key, key.replace(/#[^#]*$/, '')]));
    for (const each of this.shown.values()) this.mark(each);
  }

  private layOut(isNew = false): void {
    const height = this.rowHeight;
    this.space.style.height = this.lines.length * height + 'px';
    const first = Math.max(0, Math.floor(this.list.scrollTop / height) - MORE);
    const last = Math.min(this.lines.length, Math.ceil((this.list.scrollTop + this.list.clientHeight) / height) + MORE);
    for (const [i, each] of this.shown) {
      if (isNew || i < first || i >= last || each.line !== this.lines[i]) {
        each.node.remove();
        this.shown.delete(i);
      }
    }
    for (let i = first; i < last; i++) {
      if (!this.shown.has(i)) this.show(i, height);
    }
    const visible = this.lines
      .slice(first, last)
      .filter((line) => !line.isGroup)
      .map((line) => line.id);
    if (visible.join('\n') !== this.visible.join('\n')) {
      this.visible = visible;
      this.changed();
    }
  }

  private show(i: number, height: number): void {
    const line = this.lines[i]!;
    const node = element('div', 'row' + (line.isGroup ? ' group' : ''));
    node.id = 'row-' + i;
    node.setAttribute('role', 'treeitem');
    node.setAttribute('aria-level', String(line.level));
    node.setAttribute('aria-setsize', String(this.lines.length));
    node.setAttribute('aria-posinset', String(i + 1));
    if (line.isGroup) node.setAttribute('aria-expanded', String(line.isOpen));
    node.style.top = i * height + 'px';
    node.style.paddingLeft = 8 + 14 * (line.level - 1) + 'px';
    const name = element('span', 'name');
    // A name is text, whatever is in it; a long one is cut for the eye and whole in the title.
    name.textContent = (line.isGroup ? (line.isOpen ? '▾ ' : '▸ ') : '') + shortened(line.name);
    node.title = line.id.slice(0, 1000);
    const canvas = document.createElement('canvas');
    canvas.width = 120;
    canvas.height = 44;
    canvas.setAttribute('aria-hidden', 'true');
    const shown: Shown = {
      node,
      name,
      value: element('span', 'value'),
      unit: element('span', 'unit'),
      canvas,
      line,
    };
    node.append(name);
    if (!line.isGroup) node.append(canvas, shown.value, shown.unit);
    if (!line.isGroup) {
      node.draggable = true;
      node.addEventListener('dragstart', (event) => event.dataTransfer?.setData(DRAGGED, line.id));
    }
    node.addEventListener('click', (event) => {
      this.active = i;
      this.act(line, event.shiftKey);
      this.markAll();
    });
    this.space.append(node);
    this.shown.set(i, shown);
    this.fill(shown);
    this.mark(shown);
  }

  private fill({ line, value, unit, canvas }: Shown): void {
    const view = this.views.get(line.id);
    if (view === undefined) return;
    value.textContent = view.isRefused ? 'time' : view.text;
    unit.textContent = shownUnit(view.unit);
    drawSpark(canvas, view.spark);
  }

  private mark(each: Shown): void {
    const isActive = this.lines[this.active] === each.line;
    each.node.classList.toggle('active', isActive);
    const isPlotted = this.plotted.has(each.line.id);
    each.node.classList.toggle('plotted', isPlotted);
    if (!each.line.isGroup) each.node.setAttribute('aria-selected', String(isPlotted));
    if (isActive) this.list.setAttribute('aria-activedescendant', each.node.id);
  }

  private markAll(): void {
    for (const each of this.shown.values()) this.mark(each);
  }

  private act(line: Line, inNewPlot: boolean): void {
    if (line.isGroup) {
      if (line.isOpen) this.closed.add(line.id);
      else this.closed.delete(line.id);
      this.isStale = true;
    } else if (!this.views.get(line.id)?.isRefused) {
      this.chosen(line.id, inNewPlot);
    }
  }

  private key(event: KeyboardEvent): void {
    this.refresh(); // who types fast means what was searched for
    const page = Math.max(1, Math.floor(this.list.clientHeight / this.rowHeight) - 1);
    const steps: { [key: string]: number } = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.lines.length,
      End: this.lines.length,
    };
    const line = this.lines[this.active];
    const step = steps[event.key];
    if (step !== undefined) {
      this.active = Math.max(0, Math.min(this.lines.length - 1, this.active + step));
      const top = this.active * this.rowHeight;
      if (top < this.list.scrollTop) this.list.scrollTop = top;
      const bottom = top + this.rowHeight - this.list.clientHeight;
      if (bottom > this.list.scrollTop) this.list.scrollTop = bottom;
      this.layOut();
      this.markAll();
    } else if (line !== undefined && event.key === 'Enter') {
      this.act(line, event.shiftKey);
    } else if (line?.isGroup && event.key === 'ArrowRight' && !line.isOpen) {
      this.act(line, false);
    } else if (line?.isGroup && event.key === 'ArrowLeft' && line.isOpen) {
      this.act(line, false);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

/** A name that does not fit has its end, which tells signals apart. */
function shortened(name: string): string {
  return name.length > NAME_LENGTH ? '…' + name.slice(-NAME_LENGTH) : name;
}

function drawSpark(canvas: HTMLCanvasElement, values: Float64Array): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (values.length < 2 || low > high) return;
  context.strokeStyle = getComputedStyle(canvas).getPropertyValue('--accent');
  context.lineWidth = 2;
  context.beginPath();
  const step = width / (values.length - 1);
  let isDown = false;
  values.forEach((v, i) => {
    if (Number.isNaN(v)) {
      isDown = false;
      return;
    }
    const y = high === low ? height / 2 : 3 + (height - 6) * (1 - (v - low) / (high - low));
    if (isDown) context.lineTo(i * step, y);
    else context.moveTo(i * step, y);
    isDown = true;
  });
  context.stroke();
}
