/** Paths below ONRAMP_BASE_URL; the first is the address of the 2017 article. */
export const trackingPath = '/api/SaasTrackings';
export const trackingPicturePath = '/api/SaasTrackings.gif';
