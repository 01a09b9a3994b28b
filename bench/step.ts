import { step } from '../tools/progress.mjs';

/** Says what is being done. */
export type Report = (doing: string) => void;

/** A step of the progress that comes to more than a line. */
export function measureStep<Found>(name: string, work: (report: Report) => Promise<Found>): Promise<Found> {
  return new Promise((found, failed) => {
    step(name, async (report) => {
      found(await work(report));
      return 'measured';
    }).catch(failed);
  });
}
