/**
 * Builds dist/ and prints what the script costs: `node esbuild.config.mjs`. With --check it writes nothing
 * and fails where dist/ is not what the source makes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';

// ES2017 is where async functions are the language's own: their promises are real ones, whatever the page
// has put in the place of Promise.
const shared = { bundle: true, target: 'es2017', write: false, legalComments: 'none', charset: 'utf8' };

/** The order in which letters become names. Any works; this one was found by trying, and saves 15 bytes. */
const letters = 'ctaywlrhqmseofgipdxkTIbKuBPvLWVAJCFMZRUzjHEGYXnSDNOQ';

function nameAt(index) {
  const name = letters[index % letters.length];
  return index < letters.length ? name : nameAt(Math.floor(index / letters.length) - 1) + name;
}

/** The script that pages load. esbuild bundles; terser shortens further, by about 7 %. */
async function buildScript() {
  const bundle = await build({
    ...shared,
    entryPoints: ['src/pixel/main.ts'],
    format: 'iife',
    minifySyntax: true,
    metafile: true,
    // Without "use strict", 13 bytes.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  });
  const { code } = await minify(bundle.outputFiles[0].text, {
    ecma: 2017,
    // The unsafe ones assume that built-ins are what the language says, and that reading has no effect.
    compress: {
      passes: 5,
      unsafe: true,
      unsafe_arrows: true,
      unsafe_methods: true,
      pure_getters: true,
      keep_fargs: false,
      toplevel: true,
    },
    // No property is renamed: what is stored, sent or called by pages has the names of the contract.
    mangle: { toplevel: true, nth_identifier: { get: nameAt } },
  });
  return { code: `${code}\n`, inputs: Object.values(bundle.metafile.outputs)[0].inputs };
}

/** The same for bundlers, as a module that their own minifier will shorten. */
async function buildModule() {
  const bundle = await build({ ...shared, entryPoints: ['src/pixel/index.ts'], format: 'esm' });
  return bundle.outputFiles[0].text;
}

/** The module's types, as the compiler declares them. */
function buildTypes() {
  const compiler = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'src/pixel'], {
    stdio: 'inherit',
  });
  if (compiler.status !== 0) process.exit(1);
  const read = (name) => readFileSync(`.cache/types/src/pixel/${name}.d.ts`, 'utf8');
  return { 'dist/onramp.d.ts': read('index'), 'dist/types.d.ts': read('types') };
}

function sizesOf(code) {
  const bytes = Buffer.from(code);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  return { raw: bytes.length, gzip, brotli: brotliCompressSync(bytes).length };
}

function printSizes(code, inputs) {
  const { raw, gzip, brotli } = sizesOf(code);
  console.log(`dist/onramp.js  ${raw} bytes, ${gzip} gzip, ${brotli} brotli`);
  const files = Object.entries(inputs).sort(([, one], [, other]) => other.bytesInOutput - one.bytesInOutput);
  for (const [file, { bytesInOutput }] of files) {
    if (bytesInOutput) console.log(`  ${String(bytesInOutput).padStart(5)}  ${file} (before terser)`);
  }
}

const script = await buildScript();
const outputs = {
  'dist/onramp.js': script.code,
  'dist/onramp.mjs': await buildModule(),
  ...buildTypes(),
};

if (process.argv.includes('--check')) {
  const stale = Object.keys(outputs).filter((path) => {
    try {
      return readFileSync(path, 'utf8') !== outputs[path];
    } catch {
      return true;
    }
  });
  if (stale.length) {
    console.error(`not what the source makes: ${stale.join(', ')}\nrun: npm run build`);
    process.exit(1);
  }
} else {
  mkdirSync('dist', { recursive: true });
  for (const [path, text] of Object.entries(outputs)) writeFileSync(path, text);
  printSizes(script.code, script.inputs);
}
