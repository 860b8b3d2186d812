// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { PlotView } from '../shared/messages';
import { byId } from './dom';
import { Plot, type PlotActions } from './plot';
import type { Screen } from './screen';

/** The plots, one below the other; one of them is selected. */
export class Stack {
  plots: Plot[] = [];
  selected: Plot | undefined;

  constructor(
    private readonly screen: Screen,
    private readonly actions: PlotActions,
  ) {}

  /** All that is plotted. */
  get keys(): string[] {
    return this.plots.flatMap((plot) => plot.keys);
  }

  /** The one that has a trace. */
  holder(key: string): Plot | undefined {
    return this.plots.find((plot) => plot.keys.includes(key));
  }

  select(plot: Plot): void {
    this.selected = plot;
    for (const each of this.plots) each.node.classList.toggle('selected', each === plot && this.plots.length > 1);
  }

  add(keys: string[]): Plot {
    const plot = new Plot(keys, this.screen, this.actions);
    this.plots.push(plot);
    byId('stack').append(plot.node);
    return plot;
  }

  remove(plot: Plot): void {
    this.plots = this.plots.filter((each) => each !== plot);
    plot.destroy();
    if (this.selected === plot) this.selected = this.plots.at(-1);
  }

  selectNext(): void {
    const next = this.plots[(this.plots.indexOf(this.selected!) + 1) % this.plots.length];
    if (next !== undefined) {
      next.node.focus();
      this.select(next);
      next.node.scrollIntoView({ block: 'nearest' });
    }
  }

  /** Has bit fields drawn bit by bit, complex numbers and small structs part by part; tells if there are new ones. */
  split(views: readonly PlotView[]): boolean {
    let isAny = false;
    views.forEach((view, i) => {
      for (const trace of view.traces.filter((each) => each.isSplit)) {
        const keys = trace.parts.map((part) => part.key);
        const plot = this.plots[i]!;
        plot.keys = [...new Set(plot.keys.flatMap((key) => (key === trace.key ? keys : [key])))];
        isAny = true;
      }
    });
    return isAny;
  }

  layOut(): void {
    const room = byId('plots').clientHeight - 92 - (byId('spectrum').hidden ? 0 : 290);
    for (const plot of this.plots) {
      const legend = 34 + 23 * Math.min(plot.keys.length, 8);
      plot.height = Math.max(140, Math.floor(room / this.plots.length) - legend);
    }
  }
}
