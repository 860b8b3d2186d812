// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// What one writes first: a page without worker and envelope that has uPlot draw every sample in
// view. The benchmark compares the viewer with it.

import uPlot from 'uplot';
import { Connection, numbersOf } from 'daqstream-protocol';

const parameters = new URLSearchParams(location.search);
const ids = parameters.get('ids')!.split(',');
const windowS = Number(parameters.get('w'));
const xs: number[] = [];
const ys: number[][] = ids.map(() => []);
let deltaS = 1e-4;

const connection = new Connection(parameters.get('server')!, {
  block: ({ id, description, delta, data }) => {
    deltaS = Number(delta) / 1e9;
    const y = ys[ids.indexOf(id)]!;
    for (const v of numbersOf(data, description, description.members[0]!)) y.push(Number(v));
  },
});
for (const id of ids) connection.subscribe(id);

const plot = new uPlot(
  {
    width: 1000,
    height: 800,
    scales: { x: { time: false } },
    legend: { show: false },
    series: [{}, ...ids.map(() => ({ stroke: '#0b5cad', points: { show: false } }))],
  },
  [[], ...ids.map(() => [])],
  document.body,
);

let drawn = 0;
function draw(): void {
  const count = Math.min(...ys.map((y) => y.length));
  for (let i = xs.length + drawn; i < drawn + count; i++) xs.push(i * deltaS);
  const gone = Math.max(0, count - Math.round(windowS / deltaS));
  if (gone > 0) {
    drawn += gone;
    xs.splice(0, gone);
    for (const y of ys) y.splice(0, gone);
  }
  plot.setData([xs.slice(0, count - gone), ...ys.map((y) => y.slice(0, count - gone))]);
  requestAnimationFrame(draw);
}
draw();
