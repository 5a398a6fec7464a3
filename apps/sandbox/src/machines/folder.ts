/** Where the machines' own files are: beside the sandbox's, or for a sandbox that forgets in a folder that goes with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Folder {
  readonly path: string;
  forget(): void;
}

export function machineFolder(data: string): Folder {
  if (data !== ':memory:') return { path: join(dirname(data), 'machines'), forget: () => undefined };
  let made: string | undefined;
  return {
    // Made when the first machine needs it, since few sandboxes that forget run anything.
    get path() {
      made ??= mkdtempSync(join(tmpdir(), 'sandbox-machines-'));
      return made;
    },
    forget: () => {
      if (made) rmSync(made, { recursive: true, force: true });
    },
  };
}
