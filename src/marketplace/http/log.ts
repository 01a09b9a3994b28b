import type { FastifyInstance } from 'fastify';
import type { Level } from '../../wire/fields.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What became of a message, for the log and the metrics. */
    outcome: MessageOutcome | null;
  }
}

/** The ways in, as the metrics name them. */
export type Way = 'post' | 'gif' | 'go' | 'update_subscription';

export interface MessageOutcome {
  way: Way;
  result: 'created' | 'duplicate' | 'rejected';
  /** Of what is rejected: the code of its problem. */
  reason?: string;
  trust?: Level;
}

/**
 * One line for each answer. The route stands for the address: paths hold no more than names, but query strings
 * hold purchases, and neither these nor bodies, headers or addresses of clients ever reach the log.
 */
export function logAnswers(app: FastifyInstance): void {
  app.decorateRequest('outcome', null);
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
        ...request.outcome,
      },
      'answered',
    );
  });
}

/**
 * Returns what takes lines and hands those of one turn of the event loop on together: under load, writing each by
 * itself costs as much as all that the line is about. `flush` hands on what is left at once, for the process's end.
 */
export function bufferLog(stream: { write(text: string): unknown }) {
  let lines = '';

  function flush(): void {
    const text = lines;
    lines = '';
    if (text !== '') stream.write(text);
  }

  return {
    flush,
    write(line: string): void {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
