/** Names the key of the hashes of customers that were forgotten. */
export const forgottenKeyName = 'forgotten';
/** 256 bits. */
export const forgottenKeyBytes = 32;
