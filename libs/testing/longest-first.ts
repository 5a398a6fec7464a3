/**
 * The order in which vitest hands files to its workers: those that take minutes first, so that no worker is left alone with one of
 * them at the end. Which they are is written here, since a clean checkout remembers no earlier run.
 */
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

const LONG = [
  'story/story.spec.ts',
  'apps/cli/src/certify/certify.spec.ts',
  'apps/portal/portal.spec.ts',
  'tools/start.spec.ts',
  'apps/launcher/src/fleets/scale-fleet-faults.spec.ts',
  'apps/agent/spool.spec.ts',
  'faults/metering/faults.spec.ts',
  'apps/launcher/src/images/scan-image.spec.ts',
  'apps/launcher/src/fleets/scale-fleet.spec.ts',
  'apps/launcher/src/instances/reconcile-instance.spec.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const index = LONG.findIndex((name) => moduleId.endsWith(name));
      return index === -1 ? LONG.length : index;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
