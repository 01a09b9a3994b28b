/**
 * The marketplace's answers as pictures, width x height in pixels. A browser fires load for a picture
 * whatever its status, and a service worker or a blocker may put a picture of its own in its place, so
 * the size is what says that the purchase is stored for good, or refused for good.
 */
export const storedPicture = '3x1';
export const refusedPicture = '1x3';
