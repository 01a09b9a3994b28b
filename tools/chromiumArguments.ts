// What Chromium would do by itself beside the test.
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// Chromium's sandbox doesn't start for root.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export const chromiumArguments = [...quiet, ...sandbox];
