// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import uPlot from 'uplot';
import type { Place, PlotView, TraceView } from '../shared/messages';
import { INCREMENTS, labelsOf, splitsOf } from './axis';
import { COLOURS } from './colours';
import { isSparse, laneLabels, LANE, MAX_AXES, scaleOf, short, sidesOf, withGaps } from './curves';
import { Detail } from './detail';
import { element, say, shownUnit, takesSignals } from './dom';
import { Legend } from './legend';
import { drawCursors, drawGaps } from './overlays';
import { elementLabel, extentOf, Painting } from './painting';
import { pinches } from './pinch';
import type { Part } from './saving';
import type { Screen } from './screen';

const LEGEND_MS = 100;
/** Border and padding of a plot, left and right. */
const FRAME = 14;
const AXIS = 82;
const AXIS_LABEL = 18;
/** More curves than these are drawn in the way that costs least. */
const MANY = 4;
const LEAST_IMAGE = 170;
const LEAST_PROFILE = 110;
/** Fewer pixels than these are a click, no box. */
const LEAST_BOX = 8;

export interface PlotActions {
  select(plot: Plot): void;
  zoomTo(from: number, to: number): void;
  zoomBy(factor: number, x: number): void;
  panBy(seconds: number): void;
  resetZoom(): void;
  pointAt(x: number | undefined, place: Place | undefined): void;
  remove(plot: Plot, key: string): void;
  add(plot: Plot, key: string): void;
}

/** One plot of the stack: its curves by uPlot, and a table of what they are. */
export class Plot {
  readonly node = element('div', 'plot');
  private readonly chart = element('div', 'chart');
  private readonly tip = element('div', 'tip');
  private readonly detail = new Detail();
  private readonly painting = new Painting();
  private readonly legend = new Legend({
    add: (key) => this.actions.add(this, key),
    remove: (key) => this.actions.remove(this, key),
  });
  private plot: uPlot | undefined;
  private shape = '';
  private view: PlotView | undefined;
  /** What legend and tables say, and since when. */
  private told: PlotView | undefined;
  private toldAt = 0;
  private yRanges = new Map<string, [number, number]>();
  height = 200;
  /** Scrolled away it is not drawn. */
  private isInView = true;
  private readonly observer = new IntersectionObserver((entries) => {
    this.isInView = entries.at(-1)!.isIntersecting;
  });

  constructor(
    public keys: string[],
    private readonly screen: Screen,
    private readonly actions: PlotActions,
  ) {
    this.node.setAttribute('role', 'group');
    this.node.tabIndex = 0;
    this.node.addEventListener('focus', () => this.actions.select(this));
    this.tip.hidden = true;
    this.chart.append(this.tip);
    this.node.append(this.chart, this.detail.node, this.legend.node);
    this.node.addEventListener('pointerdown', () => this.actions.select(this));
    this.chart.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.chart.addEventListener('dblclick', () => {
      this.yRanges.clear();
      this.actions.resetZoom();
    });
    pinches(this.chart, (factor, x) => {
      if (this.plot !== undefined) this.actions.zoomBy(factor, this.xAt(x));
    });
    this.observer.observe(this.node);
    takesSignals(this.node, (id) => this.actions.add(this, id));
  }

  get width(): number {
    return Math.max(100, this.node.clientWidth - FRAME);
  }

  /** Pixels that curves have. */
  get curveWidth(): number {
    return this.plot?.over.clientWidth || this.width;
  }

  show(view: PlotView): void {
    this.view = view;
    this.told = undefined;
    const shape = JSON.stringify([
      view.traces.map((trace) => [
        trace.key,
        scaleOf(trace),
        trace.isStepped,
        trace.profile && { ...trace.profile.axis, labels: trace.profile.axis.labels.length },
      ]),
      this.screen.isDark,
      this.screen.sides,
    ]);
    const isLogic = view.traces.every((trace) => trace.bitName !== '');
    const lanes = view.ys.map((y, i) => (isLogic ? y.map((v) => v + (view.traces.length - 1 - i) * LANE) : y));
    const isEmpty = view.xs.length === 0; // uPlot has no axis of time without a time
    const data = (
      isEmpty
        ? [[this.screen.from, this.screen.to], ...view.ys.map(() => [undefined, undefined])]
        : [view.xs, ...lanes.map(withGaps)]
    ) as uPlot.AlignedData;
    const painted = view.traces.find((trace) => trace.profile !== undefined);
    this.painting.take(painted?.key, painted?.picture);
    if (shape !== this.shape || this.plot === undefined) {
      this.shape = shape;
      this.make(view.traces, data, isLogic);
    }
    const plot = this.plot!;
    if (!this.isInView) return;
    const height = this.chartHeight;
    if (plot.width !== this.width || plot.height !== height) {
      plot.setSize({ width: this.width, height });
    }
    plot.batch(() => {
      plot.setData(data, false);
      plot.setScale('x', { min: this.screen.from, max: this.screen.to });
    });
    this.tellInWords();
  }

  /** Brings legend and tables up to what is drawn, not too often; to be called once a frame. */
  tellInWords(): void {
    const view = this.view;
    if (view === undefined || view === this.told) return;
    if (performance.now() - this.toldAt < LEGEND_MS) return;
    this.told = view;
    this.toldAt = performance.now();
    const { isDark, cursors } = this.screen;
    const colour = (i: number) => this.colour(i);
    const isImage = view.traces.some((trace) => trace.profile !== undefined);
    const rest = isImage ? Math.max(LEAST_PROFILE, this.height - this.chartHeight) : this.height;
    const showsDetail = this.detail.show(view.traces, rest, isDark, colour, this.painting.limits);
    this.chart.hidden = showsDetail && view.xs.length === 0 && !isImage;
    this.legend.fill(view.traces, cursors, colour);
    const gaps = view.gaps.length;
    this.node.setAttribute('aria-description', gaps === 0 ? 'no gaps' : gaps === 1 ? '1 gap' : gaps + ' gaps');
  }

  destroy(): void {
    this.observer.disconnect();
    this.plot?.destroy();
    this.node.remove();
  }

  colour(i: number): string {
    const colours = this.screen.isDark ? COLOURS.dark : COLOURS.light;
    return colours[i % colours.length]!;
  }

  /** An image leaves room for a profile. */
  private get chartHeight(): number {
    const isImage = this.view?.traces.some((trace) => trace.profile !== undefined);
    return isImage ? Math.max(LEAST_IMAGE, Math.round(this.height * 0.6)) : this.height;
  }

  /** What an image of the page has of it. */
  pictures(): Part[] {
    const titles = this.keys.map((text, i) => ({ text, colour: this.colour(i) }));
    const canvas = this.chart.hidden ? undefined : this.plot?.ctx.canvas;
    const below = this.detail.canvas();
    return [
      ...(canvas === undefined ? [] : [{ canvas, titles }]),
      ...(below === undefined ? [] : [{ canvas: below, titles: canvas === undefined ? titles : [] }]),
    ];
  }

  /** Moves the pointer, which begins in the middle. */
  stepPointer(pixels: number): void {
    const plot = this.plot;
    if (plot === undefined) return;
    const { clientWidth, clientHeight } = plot.over;
    const { left, top } = plot.cursor;
    const isOver = left !== undefined && left >= 0;
    const to = isOver ? Math.max(0, Math.min(clientWidth - 1, left + pixels)) : clientWidth / 2;
    plot.setCursor({ left: to, top: isOver ? top! : clientHeight / 2 });
    this.pointAt(plot);
  }

  describe(number: number): void {
    this.node.setAttribute('aria-label', 'Plot ' + number + ': ' + this.keys.join(', ').slice(0, 300));
  }

  private make(traces: readonly TraceView[], data: uPlot.AlignedData, isLogic: boolean): void {
    this.plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const text = style.getPropertyValue('--text').trim();
    const line = style.getPropertyValue('--line').trim();
    const back = style.getPropertyValue('--back').trim();
    const units = [...new Set(traces.map(scaleOf))];
    const own = sidesOf(traces);
    const [left, right] = this.screen.sides.map((most, i) => (most - own[i]!) * AXIS);
    const scales: uPlot.Scales = { x: { time: false, auto: false } };
    for (const unit of units) {
      const axis = traces.find((trace) => scaleOf(trace) === unit)?.profile?.axis;
      scales[unit] = {
        range: (_, low, high) =>
          isLogic
            ? [-0.15, traces.length * LANE - 0.1]
            : axis === undefined || this.yRanges.has(unit)
              ? this.range(unit, low, high)
              : extentOf(axis),
      };
    }
    this.plot = new uPlot(
      {
        width: this.width,
        height: this.chartHeight,
        scales,
        legend: { show: false },
        padding: [10, right! + 34, 0, left!],
        cursor: {
          drag: { x: true, y: true, setScale: false, uni: 24 },
          sync: { key: 'time', setSeries: false },
          points: { show: false },
        },
        axes: [
          this.timeAxis(text, line),
          ...units.slice(0, MAX_AXES).map((unit, i): uPlot.Axis => {
            const only = traces.findIndex((trace) => scaleOf(trace) === unit);
            const axis = traces[only]!.profile?.axis;
            return {
              scale: unit,
              side: i % 2 === 0 ? 3 : 1,
              label: shownUnit(unit.slice(2)) || undefined,
              labelSize: AXIS_LABEL,
              size: AXIS - (shownUnit(unit.slice(2)) === '' ? 0 : AXIS_LABEL),
              stroke: units.length > 1 ? this.colour(only) : text,
              grid: { show: i === 0, stroke: line, width: 0.5 },
              ticks: { stroke: line, width: 0.5 },
              ...(isLogic
                ? laneLabels(traces)
                : {
                    values: (_, splits) =>
                      splits.map((at) => (axis === undefined ? short(at) : elementLabel(axis, at))),
                  }),
            };
          }),
        ],
        series: [
          {},
          ...traces.map((trace, i): uPlot.Series => ({
            scale: scaleOf(trace),
            stroke: this.colour(i),
            width: traces.length > MANY ? 1 : 1.25,
            pxAlign: traces.length > MANY ? 1 : 0,
            paths: trace.isStepped ? uPlot.paths.stepped!({ align: 1 }) : undefined,
            points: { show: (u) => isSparse(u), size: 5, fill: back },
          })),
        ],
        hooks: {
          drawClear: [(u) => this.drawPicture(u), (u) => drawGaps(u, this.view?.gaps ?? [], this.screen.isDark)],
          draw: [(u) => drawCursors(u, this.screen)],
          setSelect: [(u) => this.box(u)],
          setCursor: [(u) => this.pointer(u)],
        },
      },
      data,
      this.chart,
    );
  }

  private timeAxis(text: string, line: string): uPlot.Axis {
    return {
      stroke: text,
      grid: { stroke: line, width: 0.5 },
      ticks: { stroke: line, width: 0.5 },
      size: 42,
      space: () => (this.width < 500 ? 85 : 110),
      incrs: INCREMENTS,
      splits: (_u, _axis, from, to, increment) => splitsOf(from, to, increment),
      values: (_u, splits, _axis, _space, increment) =>
        labelsOf(splits, increment, this.screen.referenceNs, this.screen.clock, this.screen.to),
    };
  }

  private range(unit: string, low: number | null, high: number | null): uPlot.Range.MinMax {
    const manual = this.yRanges.get(unit);
    if (manual !== undefined) return manual;
    if (low === null || high === null || !Number.isFinite(low + high)) return [0, 1];
    return uPlot.rangeNum(low, high, 0.08, false);
  }

  private box(u: uPlot): void {
    const { left, width, top, height } = u.select;
    if (width < LEAST_BOX && height < LEAST_BOX) return;
    const isBox = width >= LEAST_BOX && height >= LEAST_BOX && height < u.over.clientHeight - 1;
    if (isBox || width < LEAST_BOX) {
      for (const unit of Object.keys(u.scales)) {
        if (unit === 'x') continue;
        this.yRanges.set(unit, [u.posToVal(top + height, unit), u.posToVal(top, unit)]);
      }
    }
    if (width >= LEAST_BOX) this.actions.zoomTo(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  private pointer(u: uPlot): void {
    if (u.cursor.event) this.pointAt(u); // else moved by another plot
  }

  private pointAt(u: uPlot): void {
    const { left } = u.cursor;
    const isOver = left !== undefined && left !== null && left >= 0;
    const x = isOver ? u.posToVal(left, 'x') : undefined;
    const vector = this.view?.traces.find((trace) => trace.profile !== undefined);
    const place =
      isOver && vector !== undefined && u.cursor.top !== undefined
        ? { label: vector.profile!.axis.label, value: u.posToVal(u.cursor.top, scaleOf(vector)) }
        : undefined;
    this.actions.pointAt(x, place);
    const gap = x === undefined ? undefined : this.view?.gaps.find((each) => each.from <= x && x <= each.to);
    this.tip.hidden = gap === undefined;
    if (gap !== undefined && isOver) {
      say(this.tip, gap.text);
      this.tip.style.left = Math.min(left + u.bbox.left / devicePixelRatio + 8, this.width - 220) + 'px';
    }
  }

  private wheel(event: WheelEvent): void {
    if (this.plot === undefined) return;
    event.preventDefault();
    const span = this.screen.to - this.screen.from;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.actions.panBy(Math.sign(event.deltaX || event.deltaY) * span * 0.1);
    } else {
      this.actions.zoomBy(event.deltaY > 0 ? 1.25 : 0.8, this.xAt(event.clientX));
    }
  }

  /** The moment at a place of the page. */
  private xAt(clientX: number): number {
    const plot = this.plot!;
    return plot.posToVal(clientX - plot.over.getBoundingClientRect().left, 'x');
  }

  private drawPicture(u: uPlot): void {
    const vector = this.view?.traces.find((trace) => trace.profile !== undefined);
    if (vector === undefined) return;
    const { axis } = vector.profile!;
    const [bottom, top] = extentOf(axis).map((at) => u.valToPos(at, scaleOf(vector), true)) as [number, number];
    this.painting.draw(u, (x) => u.valToPos(x, 'x', true), bottom, top, axis.delta < 0);
  }
}
