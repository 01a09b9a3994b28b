import type { Finding } from './findings.ts';

/** A secret in whole, as the marketplace hands it out, or as libraries for Standard Webhooks take it. */
const wholeSecret = /\bos_[A-Za-z0-9]+_[\w-]{40}|\bwhsec_[A-Za-z0-9+/]{40}/;

/** A secret that a page or a file of it shows, such as a bundle that was built with the server's environment. */
export function judgeSecrets(texts: readonly string[]): Finding[] {
  if (!texts.some((text) => wholeSecret.test(text))) return [];
  const sentence =
    'The page, or a script that it loads, shows what looks like your secret, for everybody to read. Take it out, and ask the marketplace for a new secret at once.';
  return [{ code: 'secret-in-page', sentence }];
}
