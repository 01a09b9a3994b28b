/** What the person at the console has broken at the provider. */
export interface Faults {
  /** On its site: */
  beacons: boolean;
  images: boolean;
  /** At its backend: no email address will do; and accounts are made, but no answer arrives. */
  refusals: boolean;
  answers: boolean;
}

export function createFaults(): Faults {
  return { beacons: false, images: false, refusals: false, answers: false };
}

export function isFault(name: string, faults: Faults): name is keyof Faults {
  return Object.hasOwn(faults, name);
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
