// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type uPlot from 'uplot';
import type { GapView } from '../shared/messages';
import type { Screen } from './screen';

/** Where samples are missing. */
export function drawGaps(u: uPlot, gaps: readonly GapView[], isDark: boolean): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.fillStyle = isDark ? '#ffffff14' : '#00000010';
  for (const gap of gaps) {
    const left = Math.max(bbox.left, u.valToPos(gap.from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, u.valToPos(gap.to, 'x', true));
    if (right >= left) ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
  }
  ctx.restore();
}

/** A and B. */
export function drawCursors(u: uPlot, screen: Screen): void {
  if (screen.cursors.every((ns) => ns === undefined)) return; // styles cost with each frame
  const { ctx, bbox } = u;
  ctx.save();
  const style = getComputedStyle(document.documentElement);
  const accent = style.getPropertyValue('--accent');
  const back = style.getPropertyValue('--back');
  ctx.fillStyle = accent;
  ctx.font = 'bold ' + 12 * devicePixelRatio + 'px sans-serif';
  screen.cursors.forEach((ns, i) => {
    if (ns === undefined) return;
    const x = Number(ns - screen.referenceNs) / 1e9;
    if (x < screen.from || x > screen.to) return;
    const left = u.valToPos(x, 'x', true);
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.setLineDash([]);
    ctx.lineWidth = 3 * devicePixelRatio; // a seam, to be seen on images too
    ctx.strokeStyle = back;
    ctx.stroke();
    ctx.setLineDash([5 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.lineWidth = devicePixelRatio;
    ctx.strokeStyle = accent;
    ctx.stroke();
    ctx.setLineDash([]);
    const at = [left + 4 * devicePixelRatio, bbox.top + 14 * devicePixelRatio] as const;
    ctx.lineWidth = 3 * devicePixelRatio;
    ctx.strokeStyle = back;
    ctx.strokeText(i === 0 ? 'A' : 'B', ...at);
    ctx.fillText(i === 0 ? 'A' : 'B', ...at);
  });
  ctx.restore();
}
