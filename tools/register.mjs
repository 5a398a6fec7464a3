/**
 * Lets Node run the TypeScript of this repository as it stands: `node --import ./tools/register.mjs some.ts`. The same compiler
 * as in Vite and Vitest (oxc, in rolldown) strips types and gives Nest the metadata of its decorators.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, setSourceMapsSupport } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';

// Stack traces name the lines that were written.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });

const OPTIONS = {
  lang: 'ts',
  sourcemap: true,
  target: 'node24',
  decorator: { legacy: true, emitDecoratorMetadata: true },
  tsconfig: false,
};

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
    const file = fileURLToPath(url);
    const { code, map, errors } = transformSync(file, readFileSync(file, 'utf8'), OPTIONS);
    if (errors.length > 0) throw new SyntaxError(`${file}: ${errors.map((error) => error.message).join('; ')}`);
    const inline = map
      ? `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`
      : '';
    return { format: 'module', source: code + inline, shortCircuit: true };
  },
});
