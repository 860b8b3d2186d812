// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { dateTime, duration } from 'daqstream-protocol';
import type { Frame } from '../shared/messages';
import { byId, say } from './dom';
import type { LoginWatch } from './login';
import { nanosecondsAt, type Screen } from './screen';

/** What the page says of the connection and of what is in view. */
export class Status {
  constructor(
    private readonly screen: Screen,
    private readonly login: LoginWatch,
  ) {}

  private textOf(frame: Frame): string {
    if (frame.state === 'connected') return 'connected to ' + location.host;
    if (frame.state !== 'waiting') return 'connecting to ' + location.host;
    const wait = Math.max(0, Math.ceil((frame.retryAt - Date.now()) / 1000));
    return 'server away (' + frame.reason + '), next try in ' + wait + ' s';
  }

  show(frame: Frame): void {
    const status = byId('status');
    this.login.look(frame.state, frame.retryAt);
    say(status, this.login.isMissing ? 'the login has ended' : this.textOf(frame));
    status.classList.toggle('bad', frame.state === 'waiting' || this.login.isMissing);
    byId('login').hidden = !this.login.isMissing;
    byId('retry').hidden = frame.state !== 'waiting';
    this.showLag(frame.lagMs);
  }

  /** Not in the status, which screen readers read out whenever it changes. */
  private showLag(lagMs: number | undefined): void {
    const lag = byId('lag');
    lag.classList.toggle('bad', lagMs !== undefined && lagMs >= 1000);
    say(lag, lagMs === undefined ? '' : 'lag ' + (lagMs < 1000 ? lagMs + ' ms' : (lagMs / 1000).toFixed(1) + ' s'));
  }

  showHistory(frame: Frame, pointer: number | undefined): void {
    const { seconds, bytes, limitBytes } = frame.history;
    const [a, b] = this.screen.cursors;
    const cursors =
      a !== undefined && b !== undefined ? 'Δt = ' + duration(b - a) + ', 1/Δt = ' + rateText(b - a) + ' · ' : '';
    const isLocal = this.screen.clock === 'local';
    const at = pointer === undefined ? undefined : nanosecondsAt(this.screen, pointer);
    const moments = [
      ['A', a],
      ['B', b],
      ['', at],
    ] as [string, bigint | undefined][];
    const moment = moments
      .filter(([, ns]) => ns !== undefined)
      .map(([name, ns]) => (name + ' ' + dateTime(ns!, isLocal) + (isLocal ? '' : ' UTC')).trim() + ' · ')
      .join('');
    const mib = (n: number) => (n / 1048576).toFixed(1);
    say(
      byId('history'),
      cursors +
        moment +
        'in view ' +
        windowText(Number((this.screen.to - this.screen.from).toPrecision(4))) +
        ' · ' +
        (bytes === 0
          ? ''
          : 'history ' +
            windowText(Number(seconds.toPrecision(3))) +
            ', ' +
            mib(bytes) +
            ' of ' +
            mib(limitBytes) +
            ' MiB · ') +
        frame.samplesPerSecond +
        ' samples/s' +
        (frame.faults > 0 ? ' · ' + frame.faults + ' packets not understood' : ''),
    );
  }
}

export function windowText(s: number): string {
  if (s >= 3600) return Number((s / 3600).toPrecision(4)) + ' h';
  if (s >= 60) return Number((s / 60).toPrecision(4)) + ' min';
  if (s >= 1) return s + ' s';
  const short = (v: number) => Number(v.toPrecision(4));
  return s >= 1e-3 ? short(s * 1e3) + ' ms' : s >= 1e-6 ? short(s * 1e6) + ' µs' : short(s * 1e9) + ' ns';
}

function rateText(ns: bigint): string {
  return ns === 0n ? '–' : String(Number(Math.abs(1e9 / Number(ns)).toPrecision(9))) + ' Hz';
}
