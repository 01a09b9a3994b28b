/**
 * Builds dist/ and prints what the script costs, by file: `node esbuild.config.mjs`. With --check it writes nothing and
 * fails where dist/ is not what the source makes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { minify } from 'uglify-js';
import { noteScript } from './tools/release/scriptTable.ts';

// Async functions are the language's own: their promises are real ones, whatever the page has put in the place of
// Promise. ES2020 runs in all browsers since 2020, and is 30 bytes shorter than ES2019.
const shared = {
  bundle: true,
  target: 'es2020',
  write: false,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  // What package.json says of side effects is for those who bundle dist, not for dist itself.
  ignoreAnnotations: true,
};

/** The script that pages load, before it is shortened. */
async function bundleScript(entryPoint) {
  return build({
    ...shared,
    entryPoints: [entryPoint],
    format: 'iife',
    // Constants of other files take their places.
    minifySyntax: true,
    // Without "use strict", 13 bytes.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  });
}

/** By its defaults. No property is renamed: what is stored, sent or called by pages has the names of the contract. */
function shorten(code) {
  const { code: shortened, error } = minify(code);
  if (error) throw error;
  return `${shortened}\n`;
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

/** A module of the provider's kit, for Node 20 and whatever else has fetch and WebCrypto; written for readers. */
async function buildKit(name) {
  const bundle = await build({
    ...shared,
    entryPoints: [`src/provider/${name}.ts`],
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
  });
  return bundle.outputFiles[0].text;
}

/** The doctor, for Node 20, with all that it needs; the licences of others stand at its end. */
async function buildDoctor() {
  const bundle = await build({
    ...shared,
    entryPoints: ['src/doctor/main.ts'],
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
  const folders = Object.keys(bundle.metafile.inputs).flatMap(
    (path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  const licences = [...new Set(folders)].map(
    (folder) => `/*! ${basename(folder)}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n*/\n`,
  );
  return bundle.outputFiles[0].text + licences.join('');
}

/** Its types in one file: the declarations of each source file that it leads to, then the exports of its own. */
function joinKitTypes(name) {
  const link = /^(import|export) (.*) from '(\..*)\.ts';\n/gm;
  const texts = new Map();
  function follow(file) {
    if (texts.has(file)) return;
    const text = readFileSync(`${file}.d.ts`, 'utf8');
    texts.set(file, text.replace(link, '').replace(/^export (?!\{\})/gm, ''));
    for (const [, , , path] of text.matchAll(link)) follow(join(dirname(file), path));
  }
  const index = `.cache/types/src/provider/${name}`;
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
  // A package has no .ts file; of `.js` every compiler knows that the declarations stand in `.d.ts`.
  const read = (name) =>
    readFileSync(`.cache/types/src/pixel/${name}.d.ts`, 'utf8').replace(/(from '\..*)\.ts'/g, "$1.js'");
  return {
    'dist/onramp.d.mts': read('index'),
    'dist/types.d.ts': read('types'),
    'dist/provider.d.ts': joinKitTypes('index'),
    'dist/stripe.d.ts': joinKitTypes('stripe'),
    'dist/paddle.d.ts': joinKitTypes('paddle'),
  };
}

function sizesOf(code) {
  const bytes = Buffer.from(code);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  return { raw: bytes.length, gzip, brotli: brotliCompressSync(bytes).length };
}

/** What the script costs, and each of its files' share of it, by its length when it is shortened by itself. */
function printSizes(code, bundle) {
  const { raw, gzip, brotli } = sizesOf(code);
  console.log(`dist/onramp.js  ${raw} bytes, ${gzip} gzip, ${brotli} brotli`);
  const sections = bundle.outputFiles[0].text.split(/^ {2}\/\/ (?=src\/)/m).slice(1);
  const lengths = sections.map((section) => {
    const [file, ...lines] = section.split('\n');
    return { file, length: shorten(lines.join('\n').replace(/^\}\)\(\);$/m, '')).length };
  });
  const total = lengths.reduce((sum, { length }) => sum + length, 0);
  for (const { file, length } of lengths.sort((one, other) => other.length - one.length)) {
    console.log(`  ${String(Math.round((brotli * length) / total)).padStart(5)}  ${file}`);
  }
}

const bundle = await bundleScript('src/pixel/main.ts');
const script = shorten(bundle.outputFiles[0].text);
const outputs = {
  'dist/onramp.js': script,
  'dist/onramp.mjs': await buildModule(),
  'dist/onramp_debug.js': await buildPanel(),
  'dist/provider.js': await buildKit('index'),
  'dist/stripe.js': await buildKit('stripe'),
  'dist/paddle.js': await buildKit('paddle'),
  'dist/doctor.js': await buildDoctor(),
  ...buildTypes(),
  'docs/releases.md': noteScript(readFileSync('docs/releases.md', 'utf8'), script),
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
  printSizes(script, bundle);
  const { raw, gzip, brotli } = sizesOf(outputs['dist/onramp_debug.js']);
  console.log(`dist/onramp_debug.js  ${raw} bytes, ${gzip} gzip, ${brotli} brotli: only with ?onramp_debug`);
}
