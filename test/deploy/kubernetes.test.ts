import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { settings } from '../../src/config.ts';
import { projectFile, readProjectFile } from '../documents/project.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const root = 'deploy/kubernetes';
const files = globSync(`${root}/**/*.yaml`, { cwd: projectFile('.') });
const documentsIn = (file: string) =>
  parseAllDocuments(readProjectFile(file)).map((document) => document.toJS() as unknown);
const kustomizations = files.filter((file) => file.endsWith('kustomization.yaml'));
const manifests = files
  .filter((file) => !kustomizations.includes(file))
  .flatMap((file) => documentsIn(file).map((manifest) => ({ file, manifest: manifest as Manifest })));
const titled = manifests.map(
  ({ file, manifest }) => [`${file}: ${manifest.kind} ${manifest.metadata.name}`, manifest] as const,
);

/** Where kubernetes-models keeps a kind: "apps/v1/Deployment", and for the oldest group "v1/Service". */
const moduleOf = ({ apiVersion, kind }: Manifest) => `kubernetes-models/${apiVersion}/${kind}`;

/** What TypeScript says of manifests that are written as literals of Kubernetes' own types: misspelt keys above all. */
function typeErrors(list: readonly Manifest[]): string {
  const folder = mkdtempSync(join(projectFile('node_modules'), '.manifests-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lines = list.flatMap((manifest, index) => [
    `import type { I${manifest.kind} as Kind${index} } from '${moduleOf(manifest)}';`,
    `export const manifest${index}: Kind${index} = ${JSON.stringify(manifest)};`,
  ]);
  writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig'];
  try {
    execFileSync(projectFile('node_modules/.bin/tsc'), [...options, join(folder, 'manifests.ts')], {
      encoding: 'utf8',
    });
    return '';
  } catch (error) {
    return String((error as { stdout: unknown }).stdout);
  }
}

describe('the manifests', () => {
  test('are the ones that a deployment needs', () => {
    expect(manifests.map(({ manifest }) => manifest.kind)).toEqual(
      expect.arrayContaining([
        'Deployment',
        'Service',
        'HorizontalPodAutoscaler',
        'PodDisruptionBudget',
        'NetworkPolicy',
        'ServiceAccount',
      ]),
    );
  });

  test("are of Kubernetes' own types, and a misspelt key is none", () => {
    expect(typeErrors(manifests.map(({ manifest }) => manifest))).toBe('');
    const misspelt = JSON.parse(JSON.stringify(deployment()).replace('readinessProbe', 'readynessProbe'));
    expect(typeErrors([misspelt])).toContain('readynessProbe');
  });

  test.each(titled)('%s is valid', async (_title, manifest) => {
    const models = (await import(moduleOf(manifest))) as Record<string, new (data: unknown) => { validate(): void }>;
    const Model = models[manifest.kind];
    expect(Model).toBeDefined();
    if (Model !== undefined) expect(() => new Model(manifest).validate()).not.toThrow();
  });

  test.each(kustomizations)('%s names files that exist', (file) => {
    const [{ resources = [], configMapGenerator = [] }] = documentsIn(file) as [
      { resources?: string[]; configMapGenerator?: { envs?: string[] }[] },
    ];
    for (const path of [...resources, ...configMapGenerator.flatMap(({ envs = [] }) => envs)]) {
      expect(existsSync(projectFile(join(dirname(file), path))), path).toBe(true);
    }
  });
});

function deployment(): IDeployment {
  return manifests.find(
    ({ manifest }) => manifest.kind === 'Deployment' && manifest.metadata.name === 'remote-help-gateway',
  )?.manifest as unknown as IDeployment;
}

/** Names and values of settings, wherever the manifests give them. */
function given(): [string, string][] {
  const lines = [
    ...readProjectFile(`${root}/base/settings.env`).split('\n'),
    ...kustomizations.flatMap((file) => {
      const [{ configMapGenerator = [] }] = documentsIn(file) as [{ configMapGenerator?: { literals?: string[] }[] }];
      return configMapGenerator.flatMap(({ literals = [] }) => literals);
    }),
  ];
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]);
}

describe('the deployment', () => {
  const pod = deployment().spec?.template.spec;
  const container = pod?.containers[0];
  const base = Object.fromEntries(given());

  test('gives settings that exist', () => {
    const known = [...Object.keys(settings), 'NODE_ENV'];
    expect(
      given()
        .map(([name]) => name)
        .filter((name) => !known.includes(name) && !name.startsWith('OTEL_')),
    ).toEqual([]);
    const secrets = readFileSync(projectFile(`${root}/overlays/valkey/kustomization.yaml`), 'utf8').match(
      /- name: ([A-Z_]+)$/gm,
    );
    expect(secrets).toEqual(['- name: SHARED_CACHE_SECRET']);
    expect(known).toContain('SHARED_CACHE_SECRET');
  });

  test('waits longer for the end than the drain, the budget and five seconds', () => {
    const needed = Number(base.SHUTDOWN_DRAIN_MS) + Number(base.REQUEST_TIMEOUT_MS) + 5_000;
    expect((pod?.terminationGracePeriodSeconds ?? 0) * 1000).toBeGreaterThan(needed);
  });

  test('asks for health where the gateway listens, and never lets an upstream end it', () => {
    const port = container?.ports?.find(({ name }) => name === 'http')?.containerPort;
    expect(port).toBe(Number(base.PORT));
    for (const probe of [container?.startupProbe, container?.livenessProbe]) {
      expect(probe?.httpGet).toEqual({ path: '/livez', port: 'http' });
    }
    expect(container?.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  test('may write nothing, has no rights and a limit of memory', () => {
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(container?.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    expect(container?.resources?.limits?.memory).toBeDefined();
  });
});
