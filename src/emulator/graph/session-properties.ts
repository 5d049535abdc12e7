/** The OData types that occur in the resource. */
export type EdmType = 'Edm.String' | 'Edm.DateTimeOffset' | typeof ACTIONS_TYPE;

/** The flags enumeration of what a session allows. */
export const ACTIONS_TYPE = 'microsoft.graph.allowedRemoteAssistanceActions';

/** The resource's own type. */
export const SESSION_TYPE = 'microsoft.graph.retrieveRemoteHelpSessionResponse';

/** The documented properties, and webClientUri, which the published types have since gained. */
export const documentedProperties: readonly (readonly [string, EdmType])[] = [
  ['sessionKey', 'Edm.String'],
  ['acsHelperUserToken', 'Edm.String'],
  ['acsHelperUserId', 'Edm.String'],
  ['acsSharerUserId', 'Edm.String'],
  ['acsGroupId', 'Edm.String'],
  ['sessionType', ACTIONS_TYPE],
  ['deviceName', 'Edm.String'],
  ['pubSubGroupId', 'Edm.String'],
  ['pubSubHelperAccessUri', 'Edm.String'],
  ['sessionExpirationDateTime', 'Edm.DateTimeOffset'],
  ['webClientUri', 'Edm.String'],
];

/** In the order of their bits: 1, 2, 4, 8. */
const ACTIONS = ['viewScreen', 'takeFullControl', 'elevation', 'unattended'];

const DATE_TIME_OFFSET =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,12})?(Z|[+-](0\d:[0-5]\d|1[0-3]:[0-5]\d|14:00))$/;

/** A value as the service keeps it, or why it refuses it. A flags value is kept in the order of its bits. */
export function readProperty(value: unknown, type: EdmType): { value: unknown } | { problem: string } {
  if (value === null) return { value };
  const wrong = {
    problem: `Cannot convert the literal '${String(JSON.stringify(value))}' to the expected type '${type}'.`,
  };
  if (typeof value !== 'string') return wrong;
  switch (type) {
    case 'Edm.String':
      return { value };
    case 'Edm.DateTimeOffset':
      return isDateTimeOffset(value) ? { value } : wrong;
    case ACTIONS_TYPE: {
      const flags = value.split(',').map((flag) => flag.trim());
      if (!flags.every((flag) => ACTIONS.includes(flag))) return wrong;
      return { value: ACTIONS.filter((action) => flags.includes(action)).join(',') };
    }
    default:
      return type satisfies never;
  }
}

/** A day that the calendar has: JavaScript itself takes the 30th of February for the 1st or 2nd of March. */
function isDateTimeOffset(text: string): boolean {
  const [year, month, day] = (DATE_TIME_OFFSET.exec(text)?.slice(1, 4) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
