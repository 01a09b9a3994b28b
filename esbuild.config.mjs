/**
 * Builds dist/ and prints what the script costs: `node esbuild.config.mjs`. With --check it writes nothing and
 * fails where dist/ is not what the source makes; with --names it looks for names that make the script smaller
 * (tools/names.mjs says why), which a change of src/pixel asks for.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { minify } from '@swc/core';
import { build, transform } from 'esbuild';
import { createArranger } from './tools/names.mjs';
import { searchNames } from './tools/search-names.mjs';

/** What --names found: a name for each variable, in the order of their declarations, and the order of the functions. */
const namesFile = 'tools/names.txt';

// Async functions are the language's own since ES2017: their promises are real ones, whatever the page has put
// in the place of Promise. ES2019 saves 8 bytes more ({...}, catch {}) and runs in all browsers since 2018.
const shared = { bundle: true, target: 'es2019', write: false, legalComments: 'none', charset: 'utf8' };

/** The script that pages load, before it is shortened. */
async function bundleScript() {
  return build({
    ...shared,
    entryPoints: ['src/pixel/main.ts'],
    format: 'iife',
    minifySyntax: true,
    metafile: true,
    // For the debug panel. Of all that read ES2019 only Firefox 58 to 66 don't know it.
    supported: { 'dynamic-import': true },
    // Without "use strict", 13 bytes.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  });
}

/** swc folds and inlines more than esbuild or terser do: each function that is called once, above all. */
async function shorten(bundle) {
  const { code } = await minify(bundle.outputFiles[0].text, {
    ecma: 2019,
    // The unsafe ones assume that built-ins are what the language says, and that reading has no effect.
    compress: { ecma: 2019, passes: 5, unsafe: true, pure_getters: true, toplevel: true },
    // No property is renamed: what is stored, sent or called by pages has the names of the contract.
    mangle: { toplevel: true },
  });
  // A block keeps names as well as a function does that is called at once, 7 bytes.
  return code.trim().replace(/^\(\(\)=>\{var (.*)\}\)\(\);$/s, '{let $1}\n');
}

function readArrangement() {
  const [names, order] = readFileSync(namesFile, 'utf8').split('\n');
  return { names: names.split(' '), order: order.split(' ').map(Number) };
}

/** The same as it was found to be smallest, or as swc leaves it where that no longer fits. */
function arrange(code) {
  return createArranger(code).arrange(readArrangement()) ?? code;
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

/** The provider's kit, for Node 20 and whatever else has fetch and WebCrypto; written for readers. */
async function buildKit() {
  const bundle = await build({
    ...shared,
    entryPoints: ['src/provider/index.ts'],
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
  });
  return bundle.outputFiles[0].text;
}

/** Its types in one file: the declarations of each source file that the index leads to, then the index's own exports. */
function joinKitTypes() {
  const link = /^(import|export) (.*) from '(\..*)\.ts';\n/gm;
  const texts = new Map();
  function follow(file) {
    if (texts.has(file)) return;
    const text = readFileSync(`${file}.d.ts`, 'utf8');
    texts.set(file, text.replace(link, '').replace(/^export (?!\{\})/gm, ''));
    for (const [, , , path] of text.matchAll(link)) follow(join(dirname(file), path));
  }
  const index = '.cache/types/src/provider/index';
  follow(index);
  const exported = [...readFileSync(`${index}.d.ts`, 'utf8').matchAll(link)].map(
    ([, , names]) => `export ${names};\n`,
  );
  return [...texts.values(), ...exported].join('');
}

/** The modules' types, as the compiler declares them. */
function buildTypes() {
  const projects = ['src/pixel', 'src/provider'];
  const compiler = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--build', ...projects], {
    stdio: 'inherit',
  });
  if (compiler.status !== 0) process.exit(1);
  const read = (name) => readFileSync(`.cache/types/src/pixel/${name}.d.ts`, 'utf8');
  return {
    'dist/onramp.d.ts': read('index'),
    'dist/types.d.ts': read('types'),
    'dist/provider.d.ts': joinKitTypes(),
  };
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
    if (bytesInOutput) console.log(`  ${String(bytesInOutput).padStart(5)}  ${file} (before shortening)`);
  }
}

/** Writes down what is found at once, so that the search can be ended at any time. */
function findNames(code) {
  searchNames(code, readArrangement(), 60_000, (size, { names, order }, round) => {
    console.log(`round ${round}: ${size} bytes, brotli`);
    writeFileSync(namesFile, `${names.join(' ')}\n${order.join(' ')}\n`);
  });
}

const bundle = await bundleScript();
const shortened = await shorten(bundle);
const script = arrange(shortened);
const outputs = {
  'dist/onramp.js': script,
  'dist/onramp.mjs': await buildModule(),
  'dist/onramp_debug.js': await buildPanel(),
  'dist/provider.js': await buildKit(),
  ...buildTypes(),
};

if (process.argv.includes('--names')) {
  findNames(shortened);
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
  const { raw, gzip, brotli } = sizesOf(outputs['dist/onramp_debug.js']);
  console.log(`dist/onramp_debug.js  ${raw} bytes, ${gzip} gzip, ${brotli} brotli: only with ?onramp_debug`);
}
