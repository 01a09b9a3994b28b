import { installFrameworks } from '../../../tools/frameworks.mjs';

/** Once for all files of a run: they work at the same time, and npm can't install twice into one folder. */
export async function setup(): Promise<void> {
  await installFrameworks(() => undefined);
}
