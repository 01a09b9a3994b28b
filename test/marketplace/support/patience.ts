/** For polls: a busy machine takes its time, and no test is about how long. */
export const patience = { timeout: 20_000 };
