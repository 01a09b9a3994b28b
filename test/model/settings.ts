const { env } = process;

function numberOf(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined;
}

const minutes = numberOf(env.ONRAMP_SOAK_MINUTES);

/** From the environment: how to replay a sequence, and how long to go on. */
export const settings = {
  /** What a commit plays is the same each time, lest it fail for what it didn't change; the soak plays what comes. */
  seedOf: (part: number) =>
    numberOf(env.ONRAMP_MODEL_SEED) ?? (minutes ? Math.floor(Math.random() * 2 ** 31) : part),
  /** Of a sequence that failed: its number, and how it was shortened. */
  path: env.ONRAMP_MODEL_PATH,
  /** One for each worker; a replay needs but one. */
  parts: env.ONRAMP_MODEL_SEED ? [1] : [1, 2],
  /** Undefined: as many as the time allows. A commit gets a few, `npm run soak` plays them by the hour. */
  sequences: numberOf(env.ONRAMP_MODEL_SEQUENCES) ?? (minutes ? undefined : 16),
  timeLimitMs: (minutes ?? 3) * 60_000,
  progressEvery: minutes ? 100 : 1_000_000,
  /** How long the ledger has to become right. */
  patienceMs: 15_000,
  impatienceMs: 3_000,
};
