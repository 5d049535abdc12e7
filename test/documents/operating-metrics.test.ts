import { metrics } from '@opentelemetry/api';
import { expect, test, vi } from 'vitest';
import { createMetrics } from '../../src/observability/telemetry/metrics.ts';
import { type WatchedNumber, watchedNumbers } from '../../src/observability/telemetry/watched-numbers.ts';
import { codeIn, tableBelow } from './markdown.ts';
import { readProjectFile } from './project.ts';

test('the page for operators names every metric', () => {
  const meter = metrics.getMeter('none');
  const made = [
    vi.spyOn(meter, 'createHistogram'),
    vi.spyOn(meter, 'createCounter'),
    vi.spyOn(meter, 'createObservableGauge'),
    vi.spyOn(meter, 'createObservableCounter'),
  ];
  const { watch } = createMetrics(meter);
  for (const number of Object.keys(watchedNumbers) as WatchedNumber[]) watch(number, () => 0);
  const names = made.flatMap(({ mock }) => mock.calls.map(([name]) => name));
  const told = tableBelow(readProjectFile('docs/operating.md'), 'Metrics and traces', 'metric').map(([cell = '']) =>
    codeIn(cell).join(),
  );
  expect(names.length).toBeGreaterThan(0);
  expect(told.sort()).toEqual(names.sort());
});
