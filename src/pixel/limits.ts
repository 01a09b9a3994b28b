// In a file of their own, from which the build puts them where they are used.

/** Longer texts are too long for the service as well, and must not make the image's address too long. */
export const maxLength = 500;
/** The longest text of a referral: 300 characters of id, encoded. More would make the image's address too long. */
export const maxReferralLength = 353;
