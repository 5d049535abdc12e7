import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

it('updates a session through Graph with a token obtained on behalf of the caller', async () => {
  const { query, emulator } = await startGateway();
  const answer = await query(
    `mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
      updateRemoteHelpSessionResponse(id: $id, input: $input) { remoteHelpSessionResponse { id deviceName } }
    }`,
    { variables: { id: 'session-1', input: { deviceName: 'Tablet' } } },
  );
  expect(answer.body).toEqual({
    data: { updateRemoteHelpSessionResponse: { remoteHelpSessionResponse: { id: 'session-1', deviceName: 'Tablet' } } },
  });
  expect(emulator.graph.requests.at(-1)).toMatchObject({
    method: 'PATCH',
    body: { '@odata.type': '#microsoft.graph.retrieveRemoteHelpSessionResponse', deviceName: 'Tablet' },
  });
});
