import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { RequestContext } from './context.ts';

/** What the Sandbox page opens with. */
export interface SandboxStart {
  /** A session that exists, so that the first operation works as it stands. */
  readonly sessionId: string;
  /** The value of the `Authorization` header; made anew for each view, because tokens expire. */
  authorization(): Promise<string>;
}

export const firstOperation = `mutation UpdateSession($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
  updateRemoteHelpSessionResponse(id: $id, input: $input) {
    remoteHelpSessionResponse {
      id
      deviceName
      sessionType
      sessionExpirationDateTime
    }
  }
}
`;

export const firstInput = { deviceName: 'Pixel 9 of Ada', sessionType: 'TAKE_FULL_CONTROL' } as const;

const noStart: SandboxStart = { sessionId: 'your-session-id', authorization: async () => 'Bearer <access token>' };

/** Apollo Sandbox, embedded, with the mutation, its variables and a token already filled in. */
export function createSandboxPlugin(start: SandboxStart = noStart): ApolloServerPlugin<RequestContext> {
  return {
    async serverWillStart(service) {
      return {
        async renderLandingPage() {
          const html = async () => {
            const page = ApolloServerPluginLandingPageLocalDefault({
              embed: { runTelemetry: false },
              document: firstOperation,
              variables: { id: start.sessionId, input: firstInput },
              headers: { Authorization: await start.authorization() },
              includeCookies: false,
            });
            const listener = await page.serverWillStart?.(service);
            const landingPage = await listener?.renderLandingPage?.();
            return typeof landingPage?.html === 'function' ? landingPage.html() : (landingPage?.html ?? '');
          };
          return { html };
        },
      };
    },
  };
}

/** The page's own policy: exactly what the Sandbox loads, by the nonce that Apollo put into the page. */
export function sandboxContentSecurityPolicy(html: string): string {
  const nonce = /nonce="?([0-9a-f]{64})/.exec(html)?.[1] ?? '';
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' https://embeddable-sandbox.cdn.apollographql.com`,
    `style-src 'nonce-${nonce}' https://embeddable-sandbox.cdn.apollographql.com https://fonts.googleapis.com`,
    'font-src https://fonts.gstatic.com',
    'img-src https://apollo-server-landing-page.cdn.apollographql.com',
    'manifest-src https://apollo-server-landing-page.cdn.apollographql.com',
    'frame-src https://sandbox.embed.apollographql.com',
    // The page itself sends the operations that are run in the frame.
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
