// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

/** Two fingers zoom, and move what is between them. */
export function pinches(node: HTMLElement, zoomBy: (factor: number, clientX: number) => void): void {
  const fingers = new Map<number, number>();
  let distance = 0;
  const update = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') return;
    fingers.set(event.pointerId, event.clientX);
    const [a, b] = [...fingers.values()];
    if (a === undefined || b === undefined) return;
    const now = Math.max(20, Math.abs(a - b));
    if (distance > 0) zoomBy(distance / now, (a + b) / 2);
    distance = now;
  };
  const end = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    distance = 0;
  };
  node.addEventListener('pointerdown', update);
  node.addEventListener('pointermove', (event) => {
    if (fingers.has(event.pointerId)) update(event);
  });
  node.addEventListener('pointerup', end);
  node.addEventListener('pointercancel', end);
}
