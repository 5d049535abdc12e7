import type { Config } from '../config.ts';

/** Microsoft's clouds: the hosts of Entra ID and of Graph that belong together (entra-docs and graph-docs, national clouds). */
const CLOUDS = [
  {
    name: 'the public cloud',
    entra: ['login.microsoftonline.com', 'login.microsoft.com', 'login.windows.net'],
    graph: ['graph.microsoft.com'],
  },
  {
    name: 'the US government cloud',
    entra: ['login.microsoftonline.us'],
    graph: ['graph.microsoft.us', 'dod-graph.microsoft.us'],
  },
  {
    name: 'the cloud in China',
    entra: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    graph: ['microsoftgraph.chinacloudapi.cn'],
  },
];

/** Whether Entra and Graph are of one cloud. Elsewhere a token for the one is worth nothing at the other. */
export type CloudMatch =
  | { readonly status: 'ok'; readonly message: string }
  | { readonly status: 'warning' | 'failed'; readonly message: string };

/** Told from the names of the hosts alone; nothing is asked. A host that is in no cloud known here may be a private one. */
export function matchClouds({ entra, graph }: Config): CloudMatch {
  const hosts = { entra: new URL(entra.authorityHost).hostname, graph: new URL(graph.baseUrl).hostname };
  const entraCloud = CLOUDS.find((cloud) => cloud.entra.includes(hosts.entra))?.name;
  const graphCloud = CLOUDS.find((cloud) => cloud.graph.includes(hosts.graph))?.name;
  const told = `AZURE_AUTHORITY_HOST (${hosts.entra}) is ${place(entraCloud)}, GRAPH_BASE_URL (${hosts.graph}) is ${place(graphCloud)}`;
  if (entraCloud === graphCloud) return { status: 'ok', message: told };
  const status = entraCloud === undefined || graphCloud === undefined ? 'warning' : 'failed';
  return { status, message: `${told}: they do not belong together` };
}

function place(cloud: string | undefined): string {
  return cloud === undefined ? 'in no cloud that is known here' : `in ${cloud}`;
}
