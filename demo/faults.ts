/** What the person at the console has broken on the provider's site. */
export interface Faults {
  beacons: boolean;
  images: boolean;
}

/**
 * Blocks the pixel in the way that happens by accident on real sites: by a Content-Security-Policy that
 * doesn't name the marketplace.
 */
export function faultHeaders(faults: Faults): Record<string, string> {
  const directives: string[] = [];
  if (faults.beacons) directives.push("connect-src 'self'");
  if (faults.images) directives.push("img-src 'self'");
  return directives.length > 0 ? { 'content-security-policy': directives.join('; ') } : {};
}
