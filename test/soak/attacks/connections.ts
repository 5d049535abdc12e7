import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from '../attack.ts';

const UNFINISHED = `GET /livez HTTP/1.1\r\nx: ${'a'.repeat(99_000)}`;
const EACH_TURN = 100;

/** Strangers who say nothing, or never finish, on more connections than the process may have. */
export const connections: Attack = {
  name: 'connections',
  limits: { openFiles: 256 },
  async turn({ open, closeAll, next }) {
    const silent = Array.from({ length: EACH_TURN }, () => open());
    const unfinished = Array.from({ length: EACH_TURN }, () => open(UNFINISHED));
    const opened = await Promise.all([...silent, ...unfinished]);
    // A byte now and then.
    for (const socket of opened) socket.write('a');
    await sleep(1_000);
    if (next() % 10 === 0) closeAll();
  },
};
