/** Paths below ONRAMP_BASE_URL; the first is the address of the 2017 article. */
export const trackingPath = '/api/SaasTrackings';
export const trackingPicturePath = '/api/SaasTrackings.gif';
/** Also taken without the last slash, and as /update-subscriptions/: the article of 2017 writes both. */
export const updateSubscriptionPath = '/update-subscription/';
/** What was refused, for its provider to read. */
export const rejectionsPath = '/api/rejections';
