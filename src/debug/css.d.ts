/** esbuild.config.mjs hands style sheets over as their text. */
declare module '*.css' {
  const text: string;
  export default text;
}
