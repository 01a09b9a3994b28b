import { trackingPicturePath } from '../../wire/paths.ts';
import { check, type Finding, note, problem } from '../finding.ts';
import { explainAnswer } from './answers.ts';
import { loadPicture, type PictureSize } from './image.ts';
import { patienceMs } from './passage.ts';

/**
 * Sends a purchase of the outbox once more, as the pixel would, and tells what the service says to it. That is
 * harmless: copies of one purchase make one row. The pixel itself ends the entry, at its own next try.
 */
export async function askForProof(endpoint: string, message: string): Promise<Finding> {
  const address = () => `${endpoint}${trackingPicturePath}?${message}${Date.now()}`;
  try {
    const response = await fetch(address(), {
      credentials: 'omit',
      referrerPolicy: 'origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMs),
    });
    const result = response.headers.get('x-tracking-result');
    if (result) return explainAnswer(result);
    if (response.status === 503 || response.status === 429) return unavailable(response.status);
  } catch {
    // A policy or a blocker may stop this way and let the image through, which tells less.
  }
  return explainPicture(await loadPicture(address()));
}

function unavailable(status: number): Finding {
  return check(
    `The service could not store it at the moment (${status})`,
    'The purchase is kept here, and the pixel tries again by itself.',
  );
}

function explainPicture(size: PictureSize | undefined): Finding {
  if (size?.width === 3 && size.height === 1) {
    return note('The marketplace has it', 'Its picture says so; the reason cannot be read from this page.');
  }
  if (size?.width === 1 && size.height === 3) {
    const advice =
      'The reason cannot be read from this page: your rejections say it, GET /api/rejections with your secret.';
    return problem('The marketplace refuses it for good', advice);
  }
  const advice = 'See “Ways to the marketplace” for what stops it. The purchase is kept here.';
  return check('No answer came from the service', advice);
}
