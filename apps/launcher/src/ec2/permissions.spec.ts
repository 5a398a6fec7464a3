/** The list of permissions in domain/aws-access and what this folder calls: one and the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PERMISSIONS } from '#domain/aws-access.ts';

const sources = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));

/** The commands that are imported from an SDK package, without `Command`: EC2's names of the actions. */
const imported = (sdk: string): string[] => {
  const lists = sources.flatMap((text) => [...text.matchAll(new RegExp(`import \\{([^}]*)\\} from '${sdk}'`, 'g'))]);
  const names = lists.flatMap(([, list]) => [...list!.matchAll(/\b(\w+)Command\b/g)]).map(([, name]) => name!);
  return [...new Set(names)].sort();
};

it('lists every EC2 action that is called, and no other: change PERMISSIONS in libs/domain/aws-access.ts with the calls', () => {
  expect(imported('@aws-sdk/client-ec2')).toEqual(PERMISSIONS.map(({ action }) => action));
});

it('asks STS for nothing but roles, and who it is, which needs no permission', () => {
  expect(imported('@aws-sdk/client-sts')).toEqual(['AssumeRole', 'GetCallerIdentity']);
});
