/** When machines ran, by EC2's own books, and the hours that come of it: each hour that a machine ran in at all, as it is sold. */

/** As the sandbox's control port shows it; instants are epoch milliseconds. */
export interface SandboxMachine {
  instanceId: string;
  clientToken?: string;
  reservationId: string;
  state: string;
  launchedAt: number;
  goal: { state: string; setAt: number };
  spot?: { notice?: { endsAt: number } };
}

interface Run {
  from: number;
  to: number;
}

const HOUR_MS = 3_600_000;

export class Model {
  /** By ClientToken and the start of the run. */
  private readonly runs = new Map<string, Map<number, Run>>();

  /** Each start is a run of its own; the sandbox shows the last alone, so it has to be seen before the next. */
  see(machines: readonly SandboxMachine[], now: Date): void {
    for (const { clientToken, launchedAt, goal, state, spot } of machines) {
      if (!clientToken) continue;
      const isOn = state === 'running' || state === 'pending';
      const endsAt = goal.state === 'running' ? (spot?.notice?.endsAt ?? goal.setAt) : goal.setAt;
      const runs = this.runs.get(clientToken) ?? new Map<number, Run>();
      runs.set(launchedAt, { from: launchedAt, to: isOn ? now.getTime() : endsAt });
      this.runs.set(clientToken, runs);
    }
  }

  /** @param billed hours by machine. @returns what is billed otherwise than it ran. */
  compare(rows: ReadonlyArray<{ id: string }>, billed: ReadonlyMap<string, number>): string[] {
    if (billed.size === 0) return ['no hours are billed at all'];
    return rows.flatMap(({ id }) => {
      const ran = hoursOf([...(this.runs.get(id)?.values() ?? [])]);
      const paid = billed.get(id) ?? 0;
      return ran === paid ? [] : [`${id} ran in ${ran} hours, and ${paid} are billed`];
    });
  }
}

function hoursOf(runs: readonly Run[]): number {
  const hours = new Set<number>();
  for (const { from, to } of runs) for (let hour = Math.floor(from / HOUR_MS); hour * HOUR_MS < to; hour += 1) hours.add(hour);
  return hours.size;
}
