#!/usr/bin/env node
// Plain JavaScript beside the built doctor, so that it runs as it is: in a checkout and out of an installed package.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

if (Number.parseInt(process.versions.node, 10) < 20) {
  console.error(`onramp-doctor needs Node 20 or newer, and this is ${process.version}: https://nodejs.org`);
  process.exitCode = 2;
} else {
  const { runDoctor } = await import('../../../dist/doctor.js');
  process.exitCode = await runDoctor(process.argv.slice(2), {
    env: process.env,
    say: (text) => console.log(text),
    tell: (text) => console.error(text),
    isTerminal: process.stdout.isTTY === true,
    docsFolder: relative(process.cwd(), fileURLToPath(new URL('../../../docs', import.meta.url))),
  });
}
