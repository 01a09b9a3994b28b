import { randomUUID } from 'node:crypto';
import type { Clock } from '../../wire/time.ts';
import { isAboutSignature, readAnswer, readCoid, readFailure, readLocation } from './answer.ts';
import { headersFor } from './call.ts';
import { type Answer, PostError, post } from './post.ts';

/** A list has no field of an order: nothing can be made of it, and who expects an object refuses it. */
const body = '[]';

export interface ProbeParts {
  url: string;
  /** Signed by each of them. */
  secrets: readonly string[];
  clock: Clock;
  timeoutMs: number;
}

/** What came of a call that orders nothing. */
export type Probe = { tookMs: number } & (ProbeAnswer | { failure: PostError });

export interface ProbeAnswer {
  status: number;
  /** What it says, as one line of bounded length without anything secret. */
  says: string | undefined;
  isAboutSignature: boolean;
  /** Where it redirects to. */
  location: string | undefined;
  coid: string | undefined;
  /** The endpoint's clock less ours, by the answer's Date, which has whole seconds. */
  clockDifferenceMs: number | undefined;
}

/**
 * Calls an endpoint as an order would, but for a body of which nothing can be made.
 *
 * @throws TypeError when the URL is none
 */
export async function probe({ url, secrets, clock, timeoutMs }: ProbeParts): Promise<Probe> {
  const id = `check-${randomUUID()}`;
  const headers = await headersFor({ id, body, secrets, now: clock() });
  const startedAt = performance.now();
  const tookMs = () => Math.round(performance.now() - startedAt);
  try {
    const answer = await post({ url, headers, body, timeoutMs });
    const read = await readProbeAnswer(answer, clock());
    return { tookMs: tookMs(), ...read };
  } catch (error) {
    if (error instanceof PostError) return { tookMs: tookMs(), failure: error };
    throw error;
  }
}

async function readProbeAnswer(answer: Answer, now: number): Promise<ProbeAnswer> {
  const { status, headers } = answer;
  const sentAt = Date.parse(headers.date ?? '');
  // What a body says that breaks off or is too long isn't needed.
  const bytes = (await answer.read().catch(() => undefined)) ?? Buffer.alloc(0);
  const said = readAnswer(bytes, headers['content-type']);
  return {
    status,
    says: readFailure(said, undefined).detail,
    isAboutSignature: isAboutSignature(said),
    location: readLocation(headers.location),
    coid: readCoid(said, undefined),
    clockDifferenceMs: Number.isNaN(sentAt) ? undefined : sentAt - now,
  };
}
