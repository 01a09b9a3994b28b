/**
 * Whether a host names the subdomains of a domain: `*.` once, at its beginning, and behind it a domain that somebody can
 * own, which has a dot, or localhost.
 */
export function isSubdomainPattern(host: string): boolean {
  return /^\*\.(?:[^*.]+(?:\.[^*.]+)+|localhost)$/.test(host);
}

/**
 * Whether a page's origin is registered: by itself, or as a subdomain of one that is registered with `*.`, at any depth,
 * with the same scheme and port. The domain itself is no subdomain.
 */
export function isRegistered(origin: string, registered: readonly string[]): boolean {
  return registered.some((pattern) => {
    const [before = '', domain] = pattern.split('*');
    if (domain === undefined) return pattern === origin;
    const isWithin = origin.startsWith(before) && origin.endsWith(domain);
    return isWithin && /^[\w.-]+$/.test(origin.slice(before.length, -domain.length));
  });
}
