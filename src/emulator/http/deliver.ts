import type { FastifyReply } from 'fastify';
import type { Answer, Outcome } from './outcome.ts';

/** Writes an outcome to the wire; where there is no answer, it takes the socket away from Fastify. */
export function deliver(outcome: Outcome, reply: FastifyReply): FastifyReply {
  if (outcome.kind === 'answer') {
    const { status, headers } = outcome.answer;
    return reply.code(status).headers(headers).send(bodyText(outcome.answer));
  }
  reply.hijack();
  if (outcome.kind === 'hang') return reply;
  if (outcome.at === 'before-headers') {
    reply.raw.socket?.destroy();
    return reply;
  }
  const whole = Buffer.from(bodyText(outcome.answer) ?? '');
  reply.raw.writeHead(outcome.answer.status, { ...outcome.answer.headers, 'Content-Length': whole.length });
  reply.raw.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => reply.raw.socket?.destroy());
  return reply;
}

function bodyText({ body }: Answer): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}
