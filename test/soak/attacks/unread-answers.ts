import { setTimeout as sleep } from 'node:timers/promises';
import { enlarged } from '../../support/enlarged.ts';
import { httpPost } from '../../support/http-post.ts';
import type { Attack } from '../attack.ts';

const MEGABYTES = 6;
let document = '';

/** Answers that nobody reads, on many connections and behind each other on one. */
export const unreadAnswers: Attack = {
  name: 'unread-answers',
  prepare(emulator) {
    emulator.graph.sessions.set('session-1', { id: 'session-1' });
    document = enlarged(emulator, MEGABYTES);
  },
  async turn({ open, token, next }) {
    const post = httpPost(token(next()), document);
    await Promise.all([open(post.repeat(10)), open(post), open(post)]);
    await sleep(500);
  },
};
