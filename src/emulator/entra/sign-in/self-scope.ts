import { GRAPH_APP_ID, tenant } from '../tenant.ts';
import { refuse, type TokenRefusal } from '../token-refusal.ts';

/** What the gateway's app asks for when a person signs in to it. */
export interface SelfScope {
  /** Of the app itself. Empty when only OpenID scopes were asked for: the token is then for Graph. */
  readonly permissions: readonly string[];
  readonly openid: boolean;
  readonly profile: boolean;
  readonly offlineAccess: boolean;
}

const OPENID_SCOPES = ['openid', 'profile', 'email', 'offline_access'];
const PERMISSIONS = ['access_as_user'];

/** Reads the `scope` of a sign-in. An app that asks for itself must name its GUID, not its `api://` address. */
export function readSelfScope(text: string): SelfScope | TokenRefusal {
  const asked = text.split(/\s+/).filter((one) => one !== '');
  const wanted = asked.filter((one) => !OPENID_SCOPES.includes(one));
  const permissions: string[] = [];
  for (const one of wanted) {
    const slash = one.lastIndexOf('/');
    const [resource, permission] = slash === -1 ? [GRAPH_APP_ID, one] : [one.slice(0, slash), one.slice(slash + 1)];
    if (resource.toLowerCase() === `api://${tenant.clientId}`) return asksForItself();
    if (resource.toLowerCase() !== tenant.clientId && slash !== -1) {
      return refuse(
        500011,
        'invalid_resource',
        `The resource principal named ${resource} was not found in the tenant named ${tenant.id}.`,
      );
    }
    if (resource === GRAPH_APP_ID || ![...PERMISSIONS, '.default'].includes(permission)) {
      return refuse(
        650053,
        'invalid_client',
        `The application '${tenant.clientId}' asked for scope '${permission}' that doesn't exist on the resource '${resource}'.`,
      );
    }
    permissions.push(...(permission === '.default' ? PERMISSIONS : [permission]));
  }
  if (asked.length === 0) return refuse(70011, 'invalid_scope', "The scope '' is not valid.");
  return {
    permissions: [...new Set(permissions)],
    openid: asked.includes('openid'),
    profile: asked.includes('profile'),
    offlineAccess: asked.includes('offline_access'),
  };
}

/** The refusal of an app that names itself otherwise than by its GUID. */
export const asksForItself = (): TokenRefusal =>
  refuse(
    90009,
    'invalid_request',
    `Application '${tenant.clientId}'(${tenant.clientId}) is requesting a token for itself. This scenario is supported only if resource is specified using the GUID based App Identifier.`,
  );
