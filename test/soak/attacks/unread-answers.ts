import { setTimeout as sleep } from 'node:timers/promises';
import { enlarged } from '../../support/enlarged.ts';
import { httpPost } from '../../support/http-post.ts';
import type { Attack } from '../attack.ts';

const MEGABYTES = 6;
const PEOPLE = 3;
const CONNECTIONS = 15;
let document = '';

/** Answers that nobody reads, behind each other on connections that are opened again when they are cut. */
export const unreadAnswers: Attack = {
  name: 'unread-answers',
  prepare(emulator) {
    emulator.graph.sessions.set('session-1', { id: 'session-1' });
    document = enlarged(emulator, MEGABYTES);
  },
  async turn(scene) {
    if (scene.connections < CONNECTIONS) {
      await scene.open(httpPost(scene.token(scene.next() % PEOPLE), document).repeat(10));
    }
    await sleep(100);
  },
};
