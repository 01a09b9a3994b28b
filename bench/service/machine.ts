import { cpus, loadavg, release, type as systemName, totalmem } from 'node:os';

const gigabyte = 1024 ** 3;

/** The load average tells a reader whether the machine had something else to do. */
export function describeMachine(generator: string): string {
  const processors = cpus();
  return [
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / gigabyte)} GB of memory`,
    `${systemName()} ${release()}`,
    `Node ${process.versions.node}`,
    generator,
    `load average ${(loadavg()[0] ?? Number.NaN).toFixed(1)} at the start`,
  ].join(', ');
}
