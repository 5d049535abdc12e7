import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { drift } from '../../src/drift/drift.ts';
import { knownResource } from '../../src/drift/known-resource.ts';
import { projectFile, readProjectFile } from '../documents/project.ts';

/** An extract of what Graph published in August 2026. */
const published = readProjectFile('test/drift/metadata.xml');
const TYPE = 'microsoft.graph.retrieveRemoteHelpSessionResponse';
const known = knownResource('RemoteHelpSessionRetrieveResponse');

/** The published extract with all that the documentation names beside it. */
const complete = published
  .replace(
    '<EnumType Name="remoteAssistanceState">',
    `<EnumType Name="allowedRemoteAssistanceActions" IsFlags="true">
       <Member Name="viewScreen" Value="1"/><Member Name="takeFullControl" Value="2"/><Member Name="elevation" Value="4"/>
       <Member Name="unattended" Value="8"/><Member Name="unknownFutureValue" Value="16"/></EnumType>
     <EnumType Name="remoteAssistanceState">`,
  )
  .replace(
    '<Property Name="webClientUri"',
    '<Property Name="sessionType" Type="graph.allowedRemoteAssistanceActions" /><Property Name="webClientUri"',
  )
  .replace(
    '<EntitySet Name="programs"',
    '<EntitySet Name="RemoteHelpSessionRetrieveResponse" EntityType="x"/><EntitySet Name="programs"',
  );

function driftOf(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'drift-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'metadata.xml');
  writeFileSync(file, text);
  return drift({ known, file, graphBaseUrl: 'http://127.0.0.1:1/beta' });
}
const linesOf = ({ text }: { text: string }) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim().replace(/ +/g, ' '));

describe('what Graph publishes today', () => {
  test('lacks the kind of a session, its enumeration and the collection that its documentation describes', async () => {
    const report = await drift({
      known,
      file: projectFile('test/drift/metadata.xml'),
      graphBaseUrl: 'http://127.0.0.1:1/beta',
    });
    expect(linesOf(report)).toEqual([
      `gone ${TYPE}/sessionType`,
      'gone microsoft.graph.allowedRemoteAssistanceActions: the enumeration is not there',
      'gone /RemoteHelpSessionRetrieveResponse: "RemoteHelpSessionRetrieveResponse" is no entity set or singleton',
    ]);
    expect(report.exitCode).toBe(1);
  });

  test('with all that is documented is no drift', async () => {
    const report = await driftOf(complete);
    expect(report.text).toMatch(/nothing has changed\.$/m);
    expect(report.exitCode).toBe(0);
  });
});

describe('a changed metadata file is reported line by line', () => {
  const changes: readonly [
    name: string,
    from: string | RegExp,
    to: string,
    lines: readonly string[],
    exitCode: number,
  ][] = [
    [
      'a new property',
      '</ComplexType>\n      <EntityContainer',
      '<Property Name="helperName" Type="Collection(graph.identity)"/></ComplexType>\n      <EntityContainer',
      [`new ${TYPE}/helperName: Collection(microsoft.graph.identity)`],
      0,
    ],
    [
      'a new enum member',
      '<Member Name="unattended" Value="8"/>',
      '<Member Name="unattended" Value="8"/><Member Name="fileTransfer" Value="32"/>',
      ['new microsoft.graph.allowedRemoteAssistanceActions/fileTransfer'],
      0,
    ],
    ['a property that is gone', /<Property Name="deviceName" .*\/>/, '', [`gone ${TYPE}/deviceName`], 1],
    [
      'an enum member that is gone',
      '<Member Name="elevation" Value="4"/>',
      '',
      ['gone microsoft.graph.allowedRemoteAssistanceActions/elevation'],
      1,
    ],
    [
      'a changed type',
      'Name="sessionExpirationDateTime" Type="Edm.DateTimeOffset"',
      'Name="sessionExpirationDateTime" Type="Edm.Date"',
      [`changed ${TYPE}/sessionExpirationDateTime: Edm.Date, was Edm.DateTimeOffset`],
      1,
    ],
    [
      'the type itself',
      'Name="retrieveRemoteHelpSessionResponse"',
      'Name="renamed"',
      [`gone ${TYPE}: the type is not there`],
      1,
    ],
    [
      'properties that are inherited now',
      '<ComplexType Name="retrieveRemoteHelpSessionResponse">',
      '<ComplexType Name="retrieveRemoteHelpSessionResponse" BaseType="graph.entity">',
      [`new ${TYPE}/id: Edm.String`],
      0,
    ],
  ];
  test.each(changes)('%s', async (_name, from, to, lines, exitCode) => {
    // The container follows the type, so the first change is made at the type's own end.
    expect(complete.match(from)).not.toBeNull();
    const report = await driftOf(complete.replace(from, to));
    expect(linesOf(report)).toEqual(lines);
    expect(report.exitCode).toBe(exitCode);
  });
});

describe('a file that is no metadata gets a clear message', () => {
  test.each([
    ['nothing', '', 'It is empty.'],
    ['JSON', '{"value": []}', 'It is JSON'],
    ['text', 'hello', 'It is not well-formed XML'],
    ['broken XML', published.slice(0, 900), 'It is not well-formed XML'],
    ['a page', '<html><body>Not here</body></html>', 'It is XML, but holds no schema of OData'],
  ])('%s', async (_name, text, message) => {
    const report = await driftOf(text);
    expect(report.text).toContain(message);
    expect(report.exitCode).toBe(2);
  });

  test('a file that is not there', async () => {
    const report = await drift({ known, file: '/no/such/file.xml', graphBaseUrl: '' });
    expect(report.text).toMatch(/^\/no\/such\/file\.xml is no metadata.*ENOENT/);
    expect(report.exitCode).toBe(2);
  });
});

describe('without a file, the metadata is fetched from GRAPH_BASE_URL', () => {
  test.each([
    [200, complete, 0],
    [404, 'not here', 2],
  ])('status %i', async (status, text, exitCode) => {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.writeHead(status).end(text);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const report = await drift({ known, file: undefined, graphBaseUrl: `http://127.0.0.1:${port}/beta` });
    expect(report.exitCode).toBe(exitCode);
    expect(asked).toEqual(['/beta/$metadata', undefined]);
  });
});
