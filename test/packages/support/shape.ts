import { readFile } from 'node:fs/promises';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** What publint says of a tarball, at its strictest. */
export async function lintPackage(tarball: string): Promise<(string | undefined)[]> {
  const { buffer, byteOffset, byteLength } = await readFile(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
    strict: true,
  });
  return messages.map((message) => formatMessage(message, pkg, { color: false }));
}

/** What is wrong with its types, by @arethetypeswrong: the problem, what is imported and how that is resolved. */
export async function checkTypes(tarball: string): Promise<string[]> {
  const checked = await checkPackage(createPackageFromTarballData(await readFile(tarball)));
  if (!checked.types) return ['no types'];
  return checked.problems.map((problem) =>
    'entrypoint' in problem
      ? `${problem.kind} ${problem.entrypoint} ${problem.resolutionKind}`
      : problem.kind,
  );
}
