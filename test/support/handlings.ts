import { setTimeout as wait } from 'node:timers/promises';
import { proofLength } from '../../src/wire/proof.ts';
import type { Answer, Exchange } from './gate.ts';

/** What the gate does with a request. */
export type Handling = (exchange: Exchange) => Promise<void>;

export const pass: Handling = async ({ ask, answer }) => answer(await ask());

/** As a firewall or a blocker: the service never hears of it. */
export const drop: Handling = async ({ drop }) => drop();

/** The service stores it, and nobody hears of that. */
export const swallowAnswer: Handling = async ({ ask, drop }) => {
  await ask();
  drop();
};

/** Hangs until the gate handles the way in another manner, and passes then. */
export const holdBack: Handling = async (exchange) => {
  await exchange.changed;
  await pass(exchange);
};

/** Asks at once, and hands the answer on only when the gate handles the way in another manner. */
export const holdBackAnswer: Handling = async ({ ask, answer, changed }) => {
  const held = await ask();
  await changed;
  answer(held);
};

export function delay(milliseconds: number): Handling {
  return async (exchange) => {
    await wait(milliseconds);
    await pass(exchange);
  };
}

/** Answers in the service's place. */
export function answerWith(answer: Answer): Handling {
  return async (exchange) => exchange.answer(answer);
}

export const unavailable = answerWith({ status: 503, headers: { 'retry-after': '1' } });
export const tooMany = answerWith({ status: 429, headers: { 'retry-after': '1' } });
export const garbage = answerWith({ status: 200, body: Buffer.from([0, 255, 71, 73, 70, 56, 0]) });

/** A network that wants one to log in first answers everything so. */
export const loginPage = answerWith({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Log in</title><form><input name="password"></form>',
});

/** A cache that goes by the path alone: the first answer is everybody's. */
export function answerFromCache(): Handling {
  let cached: { answer: Promise<Answer>; length: number } | undefined;
  return async ({ ask, answer, drop, message }) => {
    const [sent] = [...message.values()].slice(-1);
    const length = proofLength(Number(sent));
    const isFirst = !cached;
    cached ??= { answer: ask(), length };
    // Of a thousand times, two messages' pictures are the same once.
    if (!isFirst && cached.length === length) return drop();
    answer(await cached.answer);
  };
}

/** Blockers and proxies put an empty picture in the place of what they don't let through. */
export const foreignPicture = answerWith({
  status: 200,
  headers: { 'content-type': 'image/gif' },
  body: Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64'),
});
