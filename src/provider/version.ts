/** The package's, which the kit names itself by: a bundle has no package.json to read it from. */
export const version = '0.1.0';
