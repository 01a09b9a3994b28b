/** For polls: a busy machine takes its time, and no test is about how long. Looking often ends waiting soon. */
export const patience = { timeout: 20_000, interval: 10 };
