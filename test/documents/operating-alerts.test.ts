import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { anchorOf, headingsIn } from './markdown.ts';
import { readProjectFile } from './project.ts';

interface Rules {
  readonly groups: { readonly rules: { readonly alert: string; readonly annotations: Record<string, string> }[] }[];
}

const { groups } = parse(readProjectFile('deploy/observability/alerts.yml')) as Rules;
const alerts = groups.flatMap(({ rules }) => rules);
const page = readProjectFile('docs/operating.md');

test('each alert has its heading in the page for operators, and no other has', () => {
  const told = headingsIn(page).filter((heading) => /^Gateway[A-Z]/.test(heading));
  expect(told.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  expect(told.length).toBeGreaterThan(10);
});

test('what an alert links to is the place that tells what to do', () => {
  const links = alerts.map(({ annotations }) => annotations.runbook_url);
  expect(links).toEqual(alerts.map(({ alert }) => `docs/operating.md#${anchorOf(alert)}`));
});

test('each alert is told with something to do', () => {
  const sections = page.split(/^#+ /m);
  const short = alerts.filter(
    ({ alert }) => (sections.find((each) => each.startsWith(`${alert}\n`)) ?? '').length < 80,
  );
  expect(short).toEqual([]);
});
