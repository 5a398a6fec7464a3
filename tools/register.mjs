/**
 * Lets Node run the TypeScript of this repository as it stands: `node --import ./tools/register.mjs some.ts`. The same compiler
 * as in Vite and Vitest (oxc, in rolldown) strips types and gives Nest the metadata of its decorators. What it made of a file is kept
 * under node_modules/.cache, as is what V8 compiled, since a process spends most of its start on both.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, enableCompileCache, registerHooks, setSourceMapsSupport } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const CACHE = join(import.meta.dirname, '../node_modules/.cache/slipway');

enableCompileCache(process.env.NODE_COMPILE_CACHE ?? CACHE);
// Stack traces name the lines that were written.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });

const OPTIONS = {
  lang: 'ts',
  sourcemap: true,
  target: 'node24',
  decorator: { legacy: true, emitDecoratorMetadata: true },
  tsconfig: false,
};

/** Whatever what is made of a file follows from, besides the file. */
const MAKER = JSON.stringify([OPTIONS, require('rolldown/package.json').version]);

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
    const file = fileURLToPath(url);
    const written = readFileSync(file, 'utf8');
    const key = createHash('sha256').update(MAKER).update('\0').update(file).update('\0').update(written).digest('hex');
    const kept = join(CACHE, 'ts', key.slice(0, 2), `${key.slice(2)}.js`);
    return { format: 'module', source: read(kept) ?? keep(kept, transformed(file, written)), shortCircuit: true };
  },
});

let transformSync;

/** The compiler is loaded when it is first needed. */
function transformed(file, written) {
  ({ transformSync } = transformSync ? { transformSync } : require('rolldown/utils'));
  const { code, map, errors } = transformSync(file, written, OPTIONS);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors.map((error) => error.message).join('; ')}`);
  const inline = map
    ? `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`
    : '';
  return code + inline;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Under another name first: who reads it finds all of it or nothing. Where nothing can be written, nothing is kept. */
function keep(file, source) {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, source);
    renameSync(unfinished, file);
  } catch {}
  return source;
}
