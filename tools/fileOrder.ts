import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** These take half a minute and more each, most of it waiting: for servers that fail, and for leases that end. */
const waiting = /\/marketplace\/postgres\/(cluster|connections|places|standby)\.test\.ts$/;

/**
 * Vitest's order, in which the longest files of a project come first, except that those that wait are spread over their
 * project: beside each other they would leave the cores with nothing to do.
 */
export class FileOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const byProject = Map.groupBy(sorted, ({ project }) => project.name);
    return [...byProject.values()].flatMap(spread);
  }
}

function spread(files: TestSpecification[]): TestSpecification[] {
  const waits = files.filter(({ moduleId }) => waiting.test(moduleId));
  if (waits.length === 0) return files;
  const others = files.filter((file) => !waits.includes(file));
  const share = Math.ceil(others.length / waits.length);
  return waits.flatMap((file, index) => [file, ...others.slice(index * share, (index + 1) * share)]);
}
