import type { Action } from '../../../src/doctor/policy.ts';

/** What stands in the attributes of a script element. */
export interface Case {
  policy: string;
  page: string;
  kind: Action['kind'];
  /** Of the script, beacon or image. */
  url?: string;
  /** Of an inline script. */
  text?: string;
  nonce?: string;
  integrity?: string;
  isInjected?: boolean;
  isAllowed: boolean;
}

const page = 'http://acme.example';
const market = 'http://market.example';
const script = `${market}/onramp.js`;
const beacon = `${market}/api/SaasTrackings`;
export const inlineText = 'window.ran = true';
const inlineHash = 'sha256-n9EN4HRuqAZWS3DkzeVa5nrYbAXf6rOQSDqdLq/Yc5c=';
/** Of a script file without a text. */
const emptyHash = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

const load = { page, kind: 'script', url: script } as const;
const inline = { page, kind: 'inline', text: inlineText } as const;
const send = { page, kind: 'beacon', url: beacon } as const;
const show = { page, kind: 'image', url: `${beacon}.gif` } as const;

/** Policies and what they allow: our verdicts, which test/browser/doctorPolicies.spec.ts compares with Chromium's. */
export const cases: readonly Case[] = [
  // Which directive counts.
  { ...load, policy: 'img-src *', isAllowed: true },
  { ...load, policy: "default-src 'self'", isAllowed: false },
  { ...load, policy: `default-src 'none'; script-src ${market}`, isAllowed: true },
  { ...load, policy: `script-src ${market}; script-src-elem 'self'`, isAllowed: false },
  { ...load, policy: `script-src 'self'; script-src-elem ${market}`, isAllowed: true },
  { ...load, policy: `script-src 'self'; script-src ${market}`, isAllowed: false },
  { ...load, policy: `SCRIPT-SRC ${market.toUpperCase()}`, isAllowed: true },
  { ...load, policy: `script-src 'none' ${market}`, isAllowed: true },
  { ...load, policy: 'script-src', isAllowed: false },
  { ...send, policy: `default-src ${market}`, isAllowed: true },
  { ...send, policy: `default-src ${market}; connect-src 'self'`, isAllowed: false },
  { ...send, policy: `script-src 'self'`, isAllowed: true },
  { ...show, policy: `default-src 'self'; img-src ${market}`, isAllowed: true },
  { ...show, policy: `default-src ${market}; img-src 'self' data:`, isAllowed: false },
  { ...show, policy: `connect-src ${market}; default-src 'none'`, isAllowed: false },
  // Hosts.
  { ...send, policy: 'connect-src *', isAllowed: true },
  { ...send, policy: 'connect-src market.example', isAllowed: true },
  { ...send, policy: 'connect-src *.example', isAllowed: true },
  { ...send, policy: 'connect-src *.market.example', isAllowed: false },
  { ...send, url: 'http://api.market.example/x', policy: 'connect-src *.market.example', isAllowed: true },
  { ...send, url: 'http://api.market.example/x', policy: 'connect-src market.example', isAllowed: false },
  { ...send, policy: 'connect-src acme.example', isAllowed: false },
  { ...send, policy: 'connect-src http://*', isAllowed: true },
  { ...send, policy: 'connect-src https://*', isAllowed: false },
  { ...send, policy: 'connect-src market', isAllowed: false },
  // 'self'.
  { ...send, policy: "connect-src 'self'", isAllowed: false },
  { ...send, url: `${page}/x`, policy: "connect-src 'self'", isAllowed: true },
  { ...send, url: `${page}/x`, policy: "connect-src 'SELF'", isAllowed: true },
  { ...send, url: 'http://acme.example:8080/x', policy: "connect-src 'self'", isAllowed: false },
  { ...send, url: 'https://acme.example/x', policy: "connect-src 'self'", isAllowed: true },
  // Schemes, and their safer ones.
  { ...send, policy: 'connect-src http:', isAllowed: true },
  { ...send, policy: 'connect-src https:', isAllowed: false },
  { ...send, url: 'https://market.example/x', policy: 'connect-src http:', isAllowed: true },
  { ...send, url: 'https://market.example/x', policy: 'connect-src https:', isAllowed: true },
  { ...send, url: 'https://market.example/x', policy: 'connect-src http://market.example', isAllowed: true },
  { ...send, policy: 'connect-src https://market.example', isAllowed: false },
  { ...send, url: 'https://market.example/x', policy: 'connect-src market.example', isAllowed: true },
  { ...send, policy: 'connect-src ws:', isAllowed: false },
  { ...show, policy: 'img-src data:', isAllowed: false },
  // Ports.
  { ...send, policy: 'connect-src market.example:80', isAllowed: true },
  { ...send, policy: 'connect-src market.example:8080', isAllowed: false },
  { ...send, policy: 'connect-src market.example:*', isAllowed: true },
  { ...send, url: 'http://market.example:8080/x', policy: 'connect-src market.example', isAllowed: false },
  {
    ...send,
    url: 'http://market.example:8080/x',
    policy: 'connect-src market.example:8080',
    isAllowed: true,
  },
  { ...send, url: 'http://market.example:8080/x', policy: 'connect-src market.example:*', isAllowed: true },
  { ...send, url: 'http://market.example:8080/x', policy: 'connect-src *', isAllowed: true },
  {
    ...send,
    url: 'https://market.example/x',
    policy: 'connect-src http://market.example:80',
    isAllowed: true,
  },
  { ...send, url: 'https://market.example/x', policy: 'connect-src market.example:80', isAllowed: true },
  {
    ...send,
    url: 'https://market.example/x',
    policy: 'connect-src https://market.example:80',
    isAllowed: false,
  },
  {
    ...send,
    url: 'https://market.example:8443/x',
    policy: 'connect-src http://market.example',
    isAllowed: false,
  },
  // Paths.
  { ...load, policy: `script-src ${script}`, isAllowed: true },
  { ...load, policy: `script-src ${market}/`, isAllowed: true },
  { ...load, policy: `script-src ${market}/assets/`, isAllowed: false },
  { ...load, policy: `script-src ${market}/onramp`, isAllowed: false },
  { ...load, url: `${script}?v=1`, policy: `script-src ${script}`, isAllowed: true },
  { ...send, policy: `connect-src ${market}/api/`, isAllowed: true },
  { ...send, policy: `connect-src ${market}/api`, isAllowed: false },
  { ...send, policy: `connect-src ${market}/%61pi/`, isAllowed: true },
  { ...send, policy: `connect-src ${market}/API/`, isAllowed: false },
  // Nonces, hashes and strict-dynamic.
  { ...load, policy: "script-src 'nonce-abc'", nonce: 'abc', isAllowed: true },
  { ...load, policy: "script-src 'nonce-abc'", nonce: 'ABC', isAllowed: false },
  { ...load, policy: "script-src 'nonce-abc'", isAllowed: false },
  { ...load, policy: `script-src 'nonce-abc' ${market}`, isAllowed: true },
  { ...load, policy: `script-src 'nonce-abc' 'strict-dynamic' ${market}`, isAllowed: false },
  { ...load, policy: "script-src 'nonce-abc' 'strict-dynamic'", nonce: 'abc', isAllowed: true },
  { ...load, policy: "script-src 'nonce-abc' 'strict-dynamic'", isInjected: true, isAllowed: true },
  { ...load, policy: "script-src 'nonce-abc'", isInjected: true, isAllowed: false },
  { ...load, policy: "script-src 'unsafe-inline'", isAllowed: false },
  { ...load, policy: `script-src '${emptyHash}'`, isAllowed: false },
  { ...load, policy: `script-src '${emptyHash}'`, integrity: emptyHash, isAllowed: true },
  { ...load, policy: `script-src '${inlineHash}'`, integrity: emptyHash, isAllowed: false },
  { ...load, policy: `script-src '${emptyHash}'`, integrity: `${emptyHash} ${inlineHash}`, isAllowed: false },
  { ...load, policy: `script-src '${emptyHash}' 'strict-dynamic'`, integrity: emptyHash, isAllowed: true },
  { ...inline, policy: `script-src ${market}`, isAllowed: false },
  { ...inline, policy: "script-src 'unsafe-inline'", isAllowed: true },
  { ...inline, policy: "script-src 'unsafe-inline' 'nonce-abc'", isAllowed: false },
  { ...inline, policy: "script-src 'unsafe-inline' 'nonce-abc'", nonce: 'abc', isAllowed: true },
  { ...inline, policy: "script-src 'unsafe-inline' 'strict-dynamic'", isAllowed: false },
  { ...inline, policy: `script-src '${inlineHash}'`, isAllowed: true },
  { ...inline, policy: `script-src '${inlineHash}'`, text: `${inlineText};`, isAllowed: false },
  {
    ...inline,
    policy: `script-src 'unsafe-inline' '${inlineHash}'`,
    text: `${inlineText};`,
    isAllowed: false,
  },
  { ...inline, policy: `script-src '${inlineHash.replace('/', '_')}'`, isAllowed: true },
  { ...inline, policy: "default-src 'self' 'unsafe-inline'", isAllowed: true },
  { ...inline, policy: "default-src 'unsafe-inline'; script-src-elem 'self'", isAllowed: false },
  // Several policies: all of them count.
  { ...send, policy: `connect-src ${market}, default-src 'self'`, isAllowed: false },
  { ...send, policy: `connect-src ${market}, default-src *`, isAllowed: true },
];
