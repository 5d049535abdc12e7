import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { metrics } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from '../../src/observability/telemetry/metrics.ts';
import { type WatchedNumber, watchedNumbers } from '../../src/observability/telemetry/watched-numbers.ts';

const folder = fileURLToPath(new URL('../../deploy/observability/', import.meta.url));
const read = (file: string) => readFileSync(`${folder}${file}`, 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}
const rules = (parse(read('alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);

/** As Prometheus sees them: with dots as underscores, a counter's `_total`, and the three of a histogram. */
function prometheusNames(): Set<string> {
  const meter = metrics.getMeter('none');
  const names = new Set<string>();
  const kinds = [
    ['createHistogram', ['_bucket', '_count', '_sum']],
    ['createCounter', ['_total']],
    ['createObservableCounter', ['_total']],
    ['createObservableGauge', ['']],
  ] as const;
  const spies = kinds.map(([method, endings]) => ({ spy: vi.spyOn(meter, method), endings }));
  const { watch } = createMetrics(meter);
  for (const number of Object.keys(watchedNumbers) as WatchedNumber[]) watch(number, () => 0);
  for (const { spy, endings } of spies) {
    for (const [name] of spy.mock.calls) for (const ending of endings) names.add(name.replaceAll('.', '_') + ending);
    spy.mockRestore();
  }
  return names;
}

it.each(['alerts.yml', 'alerts.test.yml', 'dashboard.json'])('%s names only metrics that there are', (file) => {
  const known = prometheusNames();
  const named = new Set(read(file).match(/\bgateway_[a-z_]+/g));
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});

it('every metric has its place in the dashboard', () => {
  const shown = read('dashboard.json');
  const base = (name: string) => name.replace(/_(bucket|count|sum|total)$/, '');
  const missing = new Set([...prometheusNames()].map(base).filter((name) => !shown.includes(name)));
  expect([...missing]).toEqual([]);
});

describe('alerts', () => {
  it.each(rules)('$alert says what is the matter and what to do', ({ alert, labels, annotations }) => {
    expect(labels.severity).toMatch(/^(warning|critical)$/);
    expect(annotations.summary?.length).toBeGreaterThan(20);
    expect(annotations.action?.length).toBeGreaterThan(40);
    expect(annotations.runbook_url).toBe(`docs/operating.md#${alert.toLowerCase()}`);
  });

  it('are each held to a test in which it fires and one in which it does not', () => {
    interface Expected {
      readonly alertname: string;
      readonly exp_alerts?: unknown[];
    }
    const { tests } = parse(read('alerts.test.yml')) as { tests: { alert_rule_test: Expected[] }[] };
    const [quiet = [], loud = []] = tests.map(({ alert_rule_test }) => alert_rule_test);
    const names = rules.map(({ alert }) => alert).sort();
    expect(
      quiet
        .filter(({ exp_alerts }) => exp_alerts === undefined)
        .map(({ alertname }) => alertname)
        .sort(),
    ).toEqual(names);
    expect(
      loud
        .filter(({ exp_alerts }) => exp_alerts?.length === 1)
        .map(({ alertname }) => alertname)
        .sort(),
    ).toEqual(names);
  });

  const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
  it.skipIf(!hasPromtool)('pass promtool (skipped where it is not installed: Debian has it in "prometheus")', () => {
    const run = (...words: string[]) =>
      execFileSync('promtool', words, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    expect(run('check', 'rules', 'alerts.yml')).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(run('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
    // What the dashboard asks for, as rules: promtool reads no dashboards.
    const asked = [...read('dashboard.json').matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(([, expr = '']) =>
      (JSON.parse(expr) as string).replaceAll('$__rate_interval', '5m'),
    );
    const made = join(mkdtempSync(join(tmpdir(), 'gateway-dashboard-')), 'rules.yml');
    onTestFinished(() => rmSync(dirname(made), { recursive: true }));
    const records = asked.map((expr, index) => ({ record: `dashboard:${index}`, expr }));
    writeFileSync(made, JSON.stringify({ groups: [{ name: 'dashboard', rules: records }] }));
    expect(run('check', 'rules', made)).toContain(`SUCCESS: ${asked.length} rules found`);
    expect(asked.length).toBeGreaterThan(15);
  });
});

it("the collector's pipelines name only what it defines", () => {
  type Parts = Record<string, unknown>;
  const collector = parse(read('collector.yaml')) as Record<'receivers' | 'processors' | 'exporters', Parts> & {
    service: { pipelines: Record<string, Record<'receivers' | 'processors' | 'exporters', string[]>> };
  };
  for (const kind of ['receivers', 'processors', 'exporters'] as const) {
    const used = new Set(Object.values(collector.service.pipelines).flatMap((pipeline) => pipeline[kind]));
    expect([...used].sort()).toEqual(Object.keys(collector[kind]).sort());
  }
});
