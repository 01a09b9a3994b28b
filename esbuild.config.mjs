/**
 * Builds dist/ and prints what the script costs: `node esbuild.config.mjs`. With --check it writes nothing
 * and fails where dist/ is not what the source makes; with --letters it looks for a better order of letters.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { minify } from 'terser';

// ES2017 is where async functions are the language's own: their promises are real ones, whatever the page
// has put in the place of Promise.
const shared = { bundle: true, target: 'es2017', write: false, legalComments: 'none', charset: 'utf8' };

/** The order in which letters become names. Any works; this one was found with --letters, and saves 15 bytes. */
let letters = 'eqtaignsrxplkymjZQwdMoXzNcLUYfEJBFhWbRPAGuVTKHCODSvI';

function nameAt(index) {
  const name = letters[index % letters.length];
  return index < letters.length ? name : nameAt(Math.floor(index / letters.length) - 1) + name;
}

/** The script that pages load, before it is shortened. */
async function bundleScript() {
  return build({
    ...shared,
    entryPoints: ['src/pixel/main.ts'],
    format: 'iife',
    minifySyntax: true,
    metafile: true,
    // Without "use strict", 13 bytes.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  });
}

/** terser makes the script smaller than esbuild alone does, by about 6 %. */
async function shorten(bundle) {
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
  return `${code}\n`;
}

/** The same for bundlers, as a module that their own minifier will shorten. */
async function buildModule() {
  const bundle = await build({ ...shared, entryPoints: ['src/pixel/index.ts'], format: 'esm' });
  return bundle.outputFiles[0].text;
}

/** A style sheet as its own shortened text. */
const styleText = {
  name: 'style text',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

/**
 * What `?onramp_debug` loads. No page pays for it unasked, so it is written for readers and for browsers of 2022 and
 * later, and nobody counts its bytes.
 */
async function buildPanel() {
  const bundle = await build({
    ...shared,
    entryPoints: ['src/debug/main.ts'],
    format: 'esm',
    target: 'es2022',
    minify: true,
    plugins: [styleText],
  });
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

function printSizes(code, bundle) {
  const { raw, gzip, brotli } = sizesOf(code);
  console.log(`dist/onramp.js  ${raw} bytes, ${gzip} gzip, ${brotli} brotli`);
  const files = Object.entries(Object.values(bundle.metafile.outputs)[0].inputs).sort(
    ([, one], [, other]) => other.bytesInOutput - one.bytesInOutput,
  );
  for (const [file, { bytesInOutput }] of files) {
    if (bytesInOutput) console.log(`  ${String(bytesInOutput).padStart(5)}  ${file} (before terser)`);
  }
}

/** Swaps letters at random and keeps what compresses better. Which names a letter gets changes nothing else. */
async function findLetters(bundle) {
  let best = sizesOf(await shorten(bundle)).brotli;
  for (let round = 0; round < 3000; round++) {
    const before = letters;
    const swapped = [...letters];
    for (let swap = round % 3; swap >= 0; swap--) {
      const [one, other] = [30, letters.length].map((limit) => Math.floor(Math.random() * limit));
      [swapped[one], swapped[other]] = [swapped[other], swapped[one]];
    }
    letters = swapped.join('');
    const { brotli } = sizesOf(await shorten(bundle));
    if (brotli > best) letters = before;
    else if (brotli < best) console.log(`${brotli} bytes: ${letters}`);
    best = Math.min(best, brotli);
  }
}

const bundle = await bundleScript();
const script = await shorten(bundle);
const outputs = {
  'dist/onramp.js': script,
  'dist/onramp.mjs': await buildModule(),
  'dist/onramp-debug.js': await buildPanel(),
  ...buildTypes(),
};

if (process.argv.includes('--letters')) {
  await findLetters(bundle);
} else if (process.argv.includes('--check')) {
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
  printSizes(script, bundle);
  const { raw, gzip, brotli } = sizesOf(outputs['dist/onramp-debug.js']);
  console.log(`dist/onramp-debug.js  ${raw} bytes, ${gzip} gzip, ${brotli} brotli: only with ?onramp_debug`);
}
