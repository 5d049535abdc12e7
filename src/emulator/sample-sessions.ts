const session = (
  number: number,
  sessionType: string,
  deviceName: string,
  sessionExpirationDateTime: string,
): [string, Record<string, unknown>] => [
  `session-${number}`,
  {
    sessionKey: `session-${number}`,
    acsHelperUserToken: `fake-acs-helper-user-token-${number}`,
    acsHelperUserId: `8:acs:5f0c1e9a-0000-4000-8000-00000000000${number}_helper`,
    acsSharerUserId: `8:acs:5f0c1e9a-0000-4000-8000-00000000000${number}_sharer`,
    acsGroupId: `6c1f1f5e-1111-4111-8111-00000000000${number}`,
    sessionType,
    deviceName,
    pubSubGroupId: `0a9d3c52-2222-4222-8222-00000000000${number}`,
    pubSubHelperAccessUri: `wss://fake-pubsub.example/client/hubs/remotehelp?access_token=fake-${number}`,
    sessionExpirationDateTime,
    webClientUri: `https://fake-web-client.example/?session=fake-${number}`,
  },
];

/**
 * The sessions of a fresh emulator. Each has one identity: the key in its path is its session key, which is its id in a
 * list. Their other secrets are plainly fake, their shapes are those of the documentation.
 */
export const sampleSessions: readonly [id: string, session: Record<string, unknown>][] = [
  session(1, 'viewScreen', 'Reception tablet', '2031-03-01T09:30:00.1234567-08:00'),
  session(2, 'takeFullControl', 'Warehouse scanner 07', '2031-03-01T17:45:10Z'),
  session(3, 'viewScreen,elevation', 'LAPTOP-4F7Q2', '2031-03-02T08:00:00.5+05:30'),
  session(4, 'unattended', 'Kiosk – Zürich HB', '2031-03-02T23:59:59.9999999+01:00'),
  session(5, 'elevation', 'DESKTOP-R3M0TE', '2016-12-31T23:59:57.5564522-08:00'),
];
