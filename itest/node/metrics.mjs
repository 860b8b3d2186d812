/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads a page of metrics with a parser that we did not write, and checks what must be on it.
 * Usage: node metrics.mjs <URL of the page> <name of a connected client>
 */
import assert from 'node:assert/strict';
import parse from 'parse-prometheus-text-format';

const [url, client] = process.argv.slice(2);
const response = await fetch(url);
assert.equal(response.status, 200);
assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
const text = await response.text();
const families = new Map(parse(text).map((family) => [family.name, family]));

/** The value of the only sample with these labels. */
function value(name, labels = {}) {
  const found = (families.get(name)?.metrics ?? []).filter((metric) =>
    Object.entries(labels).every(([key, wanted]) => metric.labels?.[key] === wanted),
  );
  assert.equal(found.length, 1, `${name} ${JSON.stringify(labels)}: ${found.length} samples`);
  return Number(found[0].value);
}

const declared = text.split('\n').filter((line) => line.startsWith('# TYPE '));
assert.equal(families.size, declared.length, 'every family is read');
for (const family of families.values()) {
  assert.match(family.type, /^(COUNTER|GAUGE|HISTOGRAM)$/);
  assert.ok(family.help.length > 0, family.name);
  for (const metric of family.metrics) {
    const values = metric.buckets ? Object.values(metric.buckets) : [metric.value];
    values.forEach((each) => assert.ok(!Number.isNaN(Number(each)), `${family.name} = ${each}`));
  }
}
assert.equal(value('daqstream_server_up', { server: 'default' }), 1);
assert.equal(value('daqstream_server_clients', { server: 'default' }), 1);
assert.ok(value('daqstream_server_events_total', { event: 'connected' }) >= 1);
assert.equal(value('daqstream_client_info', { client }), 1);
assert.ok(value('daqstream_client_sent_bytes_total', { client }) > 0);
assert.equal(value('daqstream_signal_available', { signal: 'host/memory/used' }), 1);
assert.ok(value('daqstream_signal_packets_total', { signal: 'host/memory/used' }) > 0);
const cost = families.get('daqstream_server_publish_seconds').metrics[0];
const count = /^daqstream_server_publish_seconds_count\{server="default"\} (\d+)$/m.exec(text);
assert.equal(cost.buckets['+Inf'], count[1], 'the last bucket has all'); // the parser drops it
console.log(`ok: ${families.size} metrics, ${text.split('\n').length} lines, ${text.length} characters`);
