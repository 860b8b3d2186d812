// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import uPlot from 'uplot';
import { SHAPES, type Spectrum, type SpectrumAsk, type ToWorker } from '../shared/messages';
import { byId, element, say, shownUnit } from './dom';
import type { SpectrumChoice } from './layout';
import type { Screen } from './screen';
import type { Part } from './saving';

const EVERY_MS = 200;
const HEIGHT = 220;
const LEAST_DB = -200;

/** The spectrum of one trace, between the cursors or of what is in view. */
export class SpectrumPanel {
  private readonly panel = byId('spectrum');
  private readonly chart = byId('spectrum-chart');
  private plot: uPlot | undefined;
  private shape = '';
  private askedAt = 0;

  constructor(
    private readonly send: (message: ToWorker) => void,
    private readonly screen: Screen,
  ) {
    byId('spectrum-shape').append(...SHAPES.map((shape) => element('option', '', shape)));
  }

  /** Undefined unless it is shown. */
  choice(): SpectrumChoice | undefined {
    const key = byId<HTMLSelectElement>('spectrum-key').value;
    if (this.panel.hidden || key === '') return undefined;
    return {
      key,
      shape: byId<HTMLSelectElement>('spectrum-shape').value as SpectrumAsk['shape'],
      averages: Number(byId<HTMLInputElement>('spectrum-averages').value) || 1,
      isLog: byId<HTMLInputElement>('spectrum-log').checked,
    };
  }

  restore(choice: SpectrumChoice): void {
    byId<HTMLSelectElement>('spectrum-key').value = choice.key;
    byId<HTMLSelectElement>('spectrum-shape').value = choice.shape;
    byId<HTMLInputElement>('spectrum-averages').value = String(choice.averages);
    byId<HTMLInputElement>('spectrum-log').checked = choice.isLog;
    this.panel.hidden = false;
  }

  /** What an image of the page has of it. */
  picture(): Part | undefined {
    const canvas = this.panel.hidden ? undefined : this.plot?.ctx.canvas;
    const colour = getComputedStyle(document.documentElement).getPropertyValue('--text');
    return canvas && { canvas, titles: [{ text: 'Spectrum of ' + this.choice()?.key, colour }] };
  }

  ask(from: number, to: number): void {
    const choice = this.choice();
    if (choice === undefined || performance.now() - this.askedAt < EVERY_MS) return;
    this.askedAt = performance.now();
    const { key, shape, averages } = choice;
    this.send({ kind: 'spectrum', key, from, to, shape, averages });
  }

  show(spectrum: Spectrum): void {
    if (this.panel.hidden) return;
    const isLog = byId<HTMLInputElement>('spectrum-log').checked;
    const { frequencies, amplitudes } = spectrum;
    say(byId('spectrum-text'), spectrum.text + strongest(spectrum));
    const y = isLog ? amplitudes.map((a) => Math.max(LEAST_DB, 20 * Math.log10(a))) : amplitudes;
    const unit = shownUnit(spectrum.unit);
    const label = isLog ? 'dB' + (unit === '' ? '' : ' (1 ' + unit + ')') : unit;
    const shape = label + this.screen.isDark + this.chart.clientWidth;
    const data = [frequencies, y] as unknown as uPlot.AlignedData;
    if (shape !== this.shape || this.plot === undefined) {
      this.shape = shape;
      this.make(label, data);
    } else {
      this.plot.setData(data);
    }
  }

  private make(label: string, data: uPlot.AlignedData): void {
    this.plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const stroke = style.getPropertyValue('--text').trim();
    const line = { stroke: style.getPropertyValue('--line').trim(), width: 0.5 };
    const axis = { stroke, grid: line, ticks: line, labelSize: 18 };
    this.plot = new uPlot(
      {
        width: Math.max(100, this.chart.clientWidth),
        height: HEIGHT,
        scales: { x: { time: false } },
        legend: { show: false },
        cursor: { drag: { x: true, y: false } },
        axes: [
          { ...axis, label: 'Hz' },
          { ...axis, label, size: 64 },
        ],
        series: [
          {},
          { stroke: style.getPropertyValue('--accent').trim(), width: 1.25, pxAlign: 0, points: { show: false } },
        ],
      },
      data,
      this.chart,
    );
  }
}

/** Where the greatest amplitude is, without that of the constant part. */
function strongest({ frequencies, amplitudes, unit }: Spectrum): string {
  let at = 2;
  for (let i = 2; i < amplitudes.length; i++) if (amplitudes[i]! > amplitudes[at]!) at = i;
  const short = (v: number) => Number(v.toPrecision(6));
  return amplitudes.length <= 2
    ? ''
    : `; strongest ${short(frequencies[at]!)} Hz with ${short(amplitudes[at]!)} ${shownUnit(unit)}`;
}
