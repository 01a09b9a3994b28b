import { trackingPicturePath } from '../../wire/paths.ts';
import { problem } from '../finding.ts';
import { patienceMs, probeQuery, type Way } from './passage.ts';
import type { Violations } from './violations.ts';

export interface PictureSize {
  width: number;
  height: number;
}

/** Loads an image as the pixel does; undefined where none came. */
export function loadPicture(address: string): Promise<PictureSize | undefined> {
  return new Promise((resolve) => {
    const image = new Image();
    image.referrerPolicy = 'origin';
    const timer = setTimeout(() => resolve(undefined), patienceMs);
    const end = (size: PictureSize | undefined) => {
      clearTimeout(timer);
      resolve(size);
    };
    image.onload = () => end({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => end(undefined);
    image.src = address;
  });
}

/** What the picture alone can say; where the service can be asked in words, its reason says more. */
export const refused = problem(
  'The marketplace would refuse purchases from this page',
  'Its reason cannot be read here. Compare data-partner-key with the tag that the marketplace gave you, and ask whether this site is registered as yours.',
);

/** Asks for a picture that only the service has, and that proves nothing: 2 x 2 or 2 x 3. */
export async function tryImage(endpoint: string, partnerKey: string, violations: Violations): Promise<Way> {
  const address = `${endpoint}${trackingPicturePath}?${probeQuery(partnerKey)}`;
  const since = performance.now();
  const size = await loadPicture(address);
  if (size?.width === 2 && size.height === 2) {
    return { outcome: 'through', saw: "The service's picture came." };
  }
  if (size?.width === 2 && size.height === 3) {
    const saw = "The service's picture came, and says that it would refuse a purchase from this page.";
    return { outcome: 'through', saw, finding: refused };
  }
  if (size) {
    const finding = problem(
      'Another picture comes in the place of the service’s',
      'A blocker, a proxy or a service worker of the page answers for the marketplace. Purchases are kept and stay unproven.',
    );
    return {
      outcome: 'stopped',
      saw: `A picture of ${size.width} × ${size.height} came, not the service's.`,
      finding,
    };
  }
  const directive = await violations.directiveFor(address, since);
  if (directive) {
    const finding = problem(
      `This page's Content Security Policy stops the image (${directive})`,
      `Add ${new URL(endpoint).origin} to img-src. Until then no purchase can be proven, and a lost beacon is a lost purchase.`,
    );
    return {
      outcome: 'stopped',
      saw: `${directive} in this page's Content Security Policy forbids it.`,
      finding,
    };
  }
  const finding = problem(
    'The image does not come through',
    'No policy of the page stops it: a blocker, the network or a service worker may. Try a browser without extensions. Purchases are kept for 7 days, and asked for again.',
  );
  return { outcome: 'stopped', saw: 'No picture came.', finding, isSilent: true };
}
