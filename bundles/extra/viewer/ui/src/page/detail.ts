// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import uPlot from 'uplot';
import type { LogRow, TraceView } from '../shared/messages';
import { element, say, shownUnit } from './dom';
import { elementLabel } from './painting';

const MAX_ROWS = 100;

/** What is shown of samples that are no curve: vectors as profiles, all else in words. */
export class Detail {
  readonly node = element('div');
  private readonly caption = element('p', 'caption');
  private readonly chart = element('div');
  private readonly log = element('div', 'log');
  private readonly body = element('tbody');
  private plot: uPlot | undefined;
  private shape = '';

  constructor() {
    const table = element('table');
    const head = element('tr');
    for (const column of ['Time', 'Trace', 'Sample']) {
      const cell = element('th', '', column);
      cell.scope = 'col';
      head.append(cell);
    }
    const top = element('thead');
    top.append(head);
    table.append(top, this.body);
    this.log.append(table);
    this.log.tabIndex = 0;
    this.log.setAttribute('role', 'region');
    this.log.setAttribute('aria-label', 'Newest samples');
    this.node.append(this.caption, this.chart, this.log);
  }

  /** Tells whether there is anything. */
  show(
    traces: readonly TraceView[],
    height: number,
    isDark: boolean,
    colour: (i: number) => string,
    limits: [number, number] | undefined,
  ): boolean {
    const profiles = traces.flatMap((trace, i) => (trace.profile ? [{ trace, i }] : []));
    const logged = traces.filter((trace) => trace.rows.length > 0 && trace.profile === undefined);
    this.chart.hidden = this.caption.hidden = profiles.length === 0;
    this.log.hidden = logged.length === 0;
    if (profiles.length > 0) {
      this.say(profiles[0]!.trace, limits);
      this.draw(profiles, height, isDark, colour);
    }
    if (logged.length > 0) this.list(logged, height);
    return profiles.length + logged.length > 0;
  }

  private say({ profile, unit }: TraceView, limits: [number, number] | undefined): void {
    const symbol = shownUnit(unit);
    const short = (v: number) => String(Number(v.toPrecision(6))) + (symbol === '' ? '' : ' ' + symbol);
    if (this.caption.childElementCount === 0) {
      this.caption.append(element('span'), element('span', 'ramp'), element('span'), element('span', 'when'));
    }
    const [low, ramp, high, when] = [...this.caption.children] as HTMLElement[];
    ramp!.hidden = limits === undefined;
    say(low!, limits === undefined ? '' : 'colours ' + short(limits[0]));
    say(high!, limits === undefined ? '' : short(limits[1]));
    say(when!, 'below: the sample of ' + profile!.time);
  }

  /** Of the profile, if one is shown. */
  canvas(): HTMLCanvasElement | undefined {
    return this.chart.hidden ? undefined : this.plot?.ctx.canvas;
  }

  private draw(
    profiles: { trace: TraceView; i: number }[],
    height: number,
    isDark: boolean,
    colour: (i: number) => string,
  ): void {
    const { axis, y } = profiles[0]!.trace.profile!;
    const same = profiles.filter(
      ({ trace }) => trace.profile!.axis.label === axis.label && trace.profile!.y.length === y.length,
    );
    const width = Math.max(100, this.node.clientWidth);
    const x = Float64Array.from(y, (_, i) => axis.start + i * axis.delta);
    const columns = [Array.from(x), ...same.map(({ trace }) => Array.from(trace.profile!.y, finite))];
    if (axis.delta < 0) columns.forEach((column) => column.reverse());
    const data = columns as unknown as uPlot.AlignedData;
    const shape = JSON.stringify([same.map(({ trace }) => trace.key), axis, width, height, isDark]);
    if (shape === this.shape && this.plot !== undefined) {
      this.plot.setData(data);
      return;
    }
    this.shape = shape;
    this.plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const stroke = style.getPropertyValue('--text').trim();
    const line = { stroke: style.getPropertyValue('--line').trim(), width: 0.5 };
    const both = { stroke, grid: line, ticks: line };
    this.plot = new uPlot(
      {
        width,
        height,
        scales: { x: { time: false } },
        legend: { show: false },
        padding: [8, 24, 0, 0],
        axes: [
          {
            ...both,
            label: axis.label,
            labelSize: 16,
            size: 26,
            gap: 2,
            values: (_, splits) => splits.map((at) => elementLabel(axis, at)),
          },
          { ...both, size: 80, values: (_, splits) => splits.map((at) => String(Number(at.toPrecision(6)))) },
        ],
        series: [{}, ...same.map(({ i }) => ({ stroke: colour(i), width: 1.25, pxAlign: 0 }))],
      },
      data,
      this.chart,
    );
  }

  private list(traces: readonly TraceView[], height: number): void {
    this.log.style.maxHeight = height + 'px';
    const rows: (LogRow & { name: string })[] = traces
      .flatMap((trace) => trace.rows.map((row) => ({ ...row, name: trace.name })))
      .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
      .slice(0, MAX_ROWS);
    while (this.body.rows.length > rows.length) this.body.deleteRow(-1);
    rows.forEach((row, i) => {
      const line = this.body.rows[i] ?? this.newRow();
      say(line.cells[0]!, row.time);
      say(line.cells[1]!, row.name.slice(0, 60));
      say(line.cells[2]!, row.text);
    });
  }

  private newRow(): HTMLTableRowElement {
    const row = this.body.insertRow();
    for (let i = 0; i < 3; i++) row.insertCell();
    return row;
  }
}

/** What is not finite has no place on an axis. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
